/*
 * rtp.c - the RTP header (RFC 3550 section 5.1)
 *
 * Pure: no I/O, no clock, no log.
 */
#include "rtp.h"

#include "bytes.h"

enum { VERSION = 2, EXTENSION = 0x10, PADDING = 0x20, MARKER = 0x80 };

bool rtp_parse(struct rtp *r, const uint8_t *p, size_t n)
{
	size_t header = RTP_HEADER;
	size_t padding = 0;

	if (n < RTP_HEADER || n > RTP_PACKET_MAX || p[0] >> 6 != VERSION)
		return false;
	header += 4UL * (p[0] & 0x0fU);
	if (p[0] & EXTENSION) {
		if (n < header + 4)
			return false;
		header += 4 + 4UL * get16(p + header + 2);
	}
	if (p[0] & PADDING) {
		padding = p[n - 1];
		if (padding == 0)
			return false;
	}
	if (n < header + padding)
		return false;
	r->marker = (p[1] & MARKER) != 0;
	r->type = p[1] & 0x7f;
	r->seq = get16(p + 2);
	r->ts = get32(p + 4);
	r->ssrc = get32(p + 8);
	r->payload = p + header;
	r->payload_len = n - header - padding;
	return true;
}

bool rtp_is_rtcp(const uint8_t *p, size_t n)
{
	return n >= 2 && p[1] >= 192 && p[1] <= 223;
}

void rtp_write(uint8_t out[RTP_HEADER], const struct rtp *r)
{
	out[0] = VERSION << 6;
	out[1] = (uint8_t)((r->marker ? MARKER : 0) | (r->type & 0x7f));
	put16(out + 2, r->seq);
	put32(out + 4, r->ts);
	put32(out + 8, r->ssrc);
}
