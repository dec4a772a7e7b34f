/*
 * rtp.h - the RTP header (RFC 3550 section 5.1)
 */
#ifndef MEDIA_CORE_RTP_H
#define MEDIA_CORE_RTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RTP_HEADER = 12 };       /* bytes, as we write it */
enum { RTP_PACKET_MAX = 1500 }; /* bytes; larger ones are not relayed */
enum { RTP_TYPES = 128 };       /* payload types */

struct rtp {
	uint8_t type; /**< payload type, 0-127 */
	bool marker;
	uint16_t seq;
	uint32_t ts; /**< in units of the codec's RTP clock */
	uint32_t ssrc;
	const uint8_t
		*payload; /**< borrowed from the packet; without padding */
	size_t payload_len;
};

/**
 * Read a packet. CSRCs, a header extension and padding must fit and are
 * skipped: nobody negotiated them.
 *
 * @return false when it is not valid RTP version 2; *r is undefined then
 */
bool rtp_parse(struct rtp *r, const uint8_t *p, size_t n);

/** Is it RTCP on a port that carries both (RFC 5761 section 4)? */
bool rtp_is_rtcp(const uint8_t *p, size_t n);

/** Write a header without CSRCs; the payload is not touched. */
void rtp_write(uint8_t out[RTP_HEADER], const struct rtp *r);

#endif
