/*
 * latch.h - from which address a leg's RTP is accepted (symmetric RTP)
 *
 *            allowed IP, 3 in a row                    new offer
 *   EXPECT ------------------------> LATCHED <-----------------------> ARMED
 *                                    strict     25 packets of the old
 *                                               source, or a new latch
 *
 * A source must have an allowed IP (of the SDP or of the signalling; the port
 * is free, NATs change it) and prove itself by three consecutive sequence
 * numbers. Then only that source counts. It is replaced when a new offer or
 * answer says so, or when it fell silent and the same stream (SSRC, sequence,
 * timestamp) goes on from another port of an allowed IP.
 */
#ifndef MEDIA_CORE_LATCH_H
#define MEDIA_CORE_LATCH_H

#include "address.h"

enum { LATCH_SOURCES_MAX = 8 };    /* further allowed IPs of a leg */
enum { LATCH_CANDIDATES_MAX = 4 }; /* sources in probation at once */
enum { LATCH_PROBATION = 3 };      /* consecutive packets (RFC 3550 A.1: 2) */
enum { LATCH_CONTEST = 10 };       /* … when an equal candidate competes */
enum { LATCH_OLD_PACKETS = 25 }; /* that the old source stays after an offer */
enum { LATCH_SILENT_MS = 2000 }; /* then its stream may come from elsewhere */
enum { LATCH_ACTIVE_MS = 200 };  /* a candidate heard since then competes */
enum { LATCH_SEQ_MAX = 3000 };   /* RFC 3550 A.1 MAX_DROPOUT */

enum latch_verdict {
	LATCH_ACCEPTED,
	LATCH_CHANGED, /**< accepted, and it is the source from now on */
	LATCH_WAITING, /**< in probation: not to be forwarded          */
	LATCH_FOREIGN  /**< not an allowed source                      */
};

/** What the offer or answer and the signalling say */
struct latch_offer {
	struct address sdp; /**< ADDRESS_NONE until known              */
	struct address sources[LATCH_SOURCES_MAX]; /**< ports ignored  */
	size_t n_sources;
	bool any;   /**< RTP may come from anywhere                     */
	bool loops; /**< the far end is a port of a relay of ours       */
};

struct latch_packet {
	struct address from;
	uint32_t ssrc;
	uint32_t ts;
	uint16_t seq;
	uint32_t rate;   /**< RTP clock [Hz] */
	uint64_t now_ms; /**< monotonic */
};

struct latch_candidate {
	struct address from;
	uint32_t ssrc;
	uint16_t next; /**< sequence number that continues the run */
	unsigned run;  /**< consecutive packets; 0 = free          */
	uint64_t seen_ms;
};

/** Its first fields are those that every packet needs */
struct latch {
	bool latched;
	bool armed;        /**< a new offer came: others may take over */
	bool stream_known; /**< the last four are of the source's stream */
	uint16_t seq;
	struct address source;
	uint32_t ssrc;
	uint32_t ts;
	uint64_t seen_ms;
	unsigned old_heard; /**< packets of the source since it is armed */
	struct latch_offer offer;
	struct latch_candidate candidates[LATCH_CANDIDATES_MAX];
};

/**
 * State what the signalling says. The first call starts to expect; a later
 * one with another SDP address arms for a new source; one that says the same
 * changes nothing.
 */
void latch_offer(struct latch *l, const struct latch_offer *offer);

/** Take up a source that was latched before a restart. */
void latch_restore(struct latch *l, const struct address *source,
                   uint64_t now_ms);

/** May packets come from this IP? */
bool latch_allows(const struct latch *l, const struct address *from);

/** Is it the source that is latched? Then it is none of our own sockets. */
bool latch_is_source(const struct latch *l, const struct address *from);

/** Judge a valid RTP packet; own sockets were sorted out before. */
enum latch_verdict latch_packet(struct latch *l, const struct latch_packet *p);

#endif
