/*
 * jitter.h - packets in the order of their numbers, when it is time for them
 *
 * An adaptive jitter buffer, only where audio is decoded. It gathers for a
 * while, as long as packets are uneven; one that comes late is waited for,
 * which lengthens the delay; packets that are always there too early shorten
 * it. Of fixed size: what does not fit pushes the oldest out.
 */
#ifndef MEDIA_CORE_JITTER_H
#define MEDIA_CORE_JITTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "codec.h"

enum { JITTER_SLOTS = 32 };         /* packets; a power of two */
enum { JITTER_PAYLOAD_MAX = 1488 }; /* bytes */
enum { JITTER_DELAY_MIN_MS = 30 };  /* gathered before the first is played */
enum { JITTER_DELAY_MAX_MS = 200 };
enum { JITTER_HELD_MAX_MS = 300 }; /* never more audio than that waits */
enum { JITTER_CONCEAL_MAX = 5 };   /* lost packets in a row are stood in for */
enum { JITTER_MISSES_MAX = 5 };    /* takes without a packet: it is over */
enum { JITTER_SPARE_TAKES = 100 }; /* takes (2 s) that show what is spare */

struct jitter_packet {
	enum codec codec;
	uint16_t seq;
	uint32_t ts;
	uint32_t rate;          /**< clock of the timestamp [Hz] */
	size_t len;             /**< at most JITTER_PAYLOAD_MAX */
	const uint8_t *payload; /**< borrowed */
};

struct jitter_slot {
	bool used;
	struct jitter_packet packet;
	uint8_t bytes[JITTER_PAYLOAD_MAX];
};

struct jitter {
	bool playing; /* else it gathers, or nothing came yet */
	bool known;   /* next_seq is */
	uint16_t next_seq;
	uint16_t newest_seq;
	size_t n;          /* packets that wait */
	uint64_t since_us; /* gathering */
	/* how uneven packets come: RFC 3550 A.8, in microseconds */
	bool transit_known;
	int64_t transit_us;
	uint32_t uneven_us;
	/* what was never needed */
	unsigned misses;           /* takes in a row without a packet */
	unsigned takes;            /* since a packet was needed at once */
	size_t least;              /* packets that were left, at the least */
	uint64_t late, pushed_out; /* packets, ever */
	struct jitter_slot slots[JITTER_SLOTS];
};

enum jitter_verdict {
	JITTER_PACKET, /**< here it is                                        */
	JITTER_LOST,   /**< its time has come, it has not, but later ones     */
	JITTER_NONE,   /**< nothing is there                                  */
	JITTER_IDLE    /**< nothing is there, and was not for a while         */
};

void jitter_init(struct jitter *j);

/**
 * A packet came. What is late, double or too long is left out.
 *
 * @param fresh first of another stream: what waits belongs to the old one
 */
void jitter_put(struct jitter *j, const struct jitter_packet *p, bool fresh,
                uint64_t now_us);

/**
 * What is to be played next?
 *
 * @param out of a PACKET: it, borrowed until the next call of anything here;
 *            of LOST: the packet after it, payload NULL when that is lost too
 */
enum jitter_verdict jitter_get(struct jitter *j, uint64_t now_us,
                               struct jitter_packet *out);

/** 20 ms were taken: call it once after those jitter_get().
 *  @return packets that have been there too early for long, beside one: leave
 *          out as much audio, then call jitter_shortened() */
size_t jitter_taken(struct jitter *j);

void jitter_shortened(struct jitter *j);

#endif
