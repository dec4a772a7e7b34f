/*
 * stats.h - what a receiver knows of a stream: loss, jitter, duplicates; MOS
 */
#ifndef MEDIA_CORE_STATS_H
#define MEDIA_CORE_STATS_H

#include <stdbool.h>
#include <stdint.h>

#include "codec.h"

enum { STATS_WINDOW = 64 };        /* sequence numbers back that are known */
enum { STATS_MISORDER_MAX = 100 }; /* RFC 3550 A.1; further back: restart */

enum stats_verdict {
	STATS_NEXT,      /**< newer than all before, maybe after a gap   */
	STATS_REORDERED, /**< older, and not seen yet                    */
	STATS_DUPLICATE, /**< seen before                                */
	STATS_LATE,      /**< too old to be of use                       */
	STATS_RESTART    /**< first of a stream: new SSRC or a wide jump */
};

struct stats {
	bool started;
	uint32_t ssrc;
	uint16_t base_seq;
	uint16_t max_seq;
	uint32_t cycles;   /* times 65536 that max_seq went round */
	uint64_t window;   /* bit n: max_seq - n was seen */
	uint64_t received; /* of this stream, duplicates not counted */
	uint64_t expected_before, received_before; /* of earlier streams */
	uint64_t expected_report, received_report; /* at the last report */
	bool transit_known;
	uint32_t transit;    /* RFC 3550 A.8, in clock ticks */
	uint32_t jitter_x16; /* in clock ticks */
	uint32_t rate;       /* of the clock that jitter counts in [Hz] */
};

/** Count a packet of an accepted source. */
enum stats_verdict stats_packet(struct stats *s, uint32_t ssrc, uint16_t seq);

/** Take the timing of a packet that was not older than another. Packets
 *  whose timestamp stands still (telephone-event) do not come here. */
void stats_timing(struct stats *s, uint32_t ts, uint32_t rate, uint64_t now_us);

uint64_t stats_received(const struct stats *s);
uint64_t stats_expected(const struct stats *s);
uint64_t stats_lost(const struct stats *s); /**< never below 0 */
uint32_t stats_jitter_us(const struct stats *s);

/** Extended highest sequence number (RFC 3550 6.4.1). */
uint32_t stats_highest(const struct stats *s);

/** Share lost since the last call, in 1/256 (RFC 3550 A.3). */
uint8_t stats_fraction_lost(struct stats *s);

/** What the listening quality is judged by */
struct mos_input {
	enum codec codec;
	uint64_t expected, lost; /**< packets */
	uint32_t jitter_us;
	uint32_t
		round_trip_us; /**< 0 = unknown: the network counts as instant */
	uint32_t ptime_ms;
};

/**
 * Mean opinion score by a simplified E-model (ITU-T G.107): R = 93.2 - Id -
 * Ie,eff, with Id for the delay of network and jitter buffer and Ie,eff for
 * the codec and random loss (G.113 Appendix I).
 *
 * @return 100-500, hundredths; 0 = nothing was heard
 */
uint32_t mos_x100(const struct mos_input *in);

#endif
