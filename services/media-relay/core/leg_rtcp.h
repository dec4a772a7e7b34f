/*
 * leg_rtcp.h - the RTCP of one leg, and what is done once in a while
 */
#ifndef MEDIA_CORE_LEG_RTCP_H
#define MEDIA_CORE_LEG_RTCP_H

#include "leg.h"

enum { LEG_RTCP_SILENT_MS = 15000 }; /* then RTCP may come from a new port */

struct leg_rtcp_input {
	struct address from;
	const uint8_t *data; /**< borrowed */
	size_t len;
	uint64_t now_us;
	uint32_t now_ntp; /**< middle 32 bits */
	bool muxed;       /**< came on the RTP port */
	bool latched;     /**< out: the RTCP source is new */
};

/** Judge an RTCP packet. Nothing in it ever changes where RTP comes from or
 *  goes to, and nobody is hung up because of a BYE. */
enum drop leg_rtcp_receive(struct leg *leg, struct leg_rtcp_input *in);

/**
 * Write the report of this leg, when one is due.
 *
 * @param ntp    the time now, NTP 32.32
 * @param random makes the time to the next one 0.5 to 1.5 of the mean
 * @return bytes for leg->rtcp_target; 0 = none is due
 */
size_t leg_rtcp_report(struct leg *leg, uint8_t out[RTCP_OUT_MAX],
                       uint64_t now_us, uint64_t ntp, uint32_t random);

/** The same at the end of the leg, with BYE, due or not. */
size_t leg_rtcp_bye(struct leg *leg, uint8_t out[RTCP_OUT_MAX], uint64_t now_us,
                    uint64_t ntp);

/**
 * Was the leg silent for too long? Told once for each silence, and only where
 * media is expected.
 */
bool leg_timed_out(struct leg *leg, uint64_t now_ms, uint32_t timeout_ms);

#endif
