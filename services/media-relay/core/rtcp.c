/*
 * rtcp.c - RTCP: read defensively, write SR or RR with SDES (RFC 3550 6)
 *
 * Pure: no I/O, no log, no clock.
 */
#include "rtcp.h"

#include <string.h>

#include "bytes.h"

enum { SR = 200, RR = 201, SDES = 202, BYE = 203 };
enum { TYPE_MIN = 192, TYPE_MAX = 223 }; /* RFC 5761 section 4 */
enum { HEADER = 4, SENDER_INFO = 20, BLOCK = 24, CNAME = 1 };
enum { ROUND_TRIP_MAX = 10 * 65536 }; /* [1/65536 s]: longer is nonsense */

/* One packet of a compound, its length checked */
struct part {
	uint8_t type;
	uint8_t count;
	const uint8_t *body; /* after the header */
	size_t len;          /* of the body, without padding */
	size_t size;         /* of all */
};

static bool take_part(struct part *part, const uint8_t *p, size_t n)
{
	size_t size;

	if (n < HEADER || p[0] >> 6 != 2)
		return false;
	size = 4 * ((size_t)get16(p + 2) + 1);
	part->size = size;
	if (size > n || p[1] < TYPE_MIN || p[1] > TYPE_MAX)
		return false;
	part->type = p[1];
	part->count = p[0] & 0x1f;
	part->body = p + HEADER;
	part->len = size - HEADER;
	if (p[0] & 0x20) { /* padding: its last byte says how much */
		uint8_t pad = p[size - 1];

		if (pad == 0 || pad % 4 != 0 || pad > part->len || size != n)
			return false;
		part->len -= pad;
	}
	return true;
}

static void read_block(struct rtcp_block *b, const uint8_t *p)
{
	uint32_t lost = get32(p + 4) & 0xffffff;

	b->ssrc = get32(p);
	b->fraction = p[4];
	b->lost = (int32_t)lost - (lost & 0x800000 ? 0x1000000 : 0);
	b->highest = get32(p + 8);
	b->jitter = get32(p + 12);
	b->lsr = get32(p + 16);
	b->dlsr = get32(p + 20);
}

static bool read_reports(struct rtcp_report *r, const struct part *part,
                         uint32_t ours)
{
	size_t at = part->type == SR ? 4 + SENDER_INFO : 4;

	if (part->len < at + (size_t)part->count * BLOCK)
		return false;
	if (part->type == SR) {
		r->has_sr = true;
		r->sr_ntp = get32(part->body + 6);
	}
	for (unsigned i = 0; i < part->count; i++, at += BLOCK) {
		if (get32(part->body + at) != ours)
			continue;
		read_block(&r->block, part->body + at);
		r->has_block = true;
	}
	return true;
}

static bool read_part(struct rtcp_report *r, const struct part *part,
                      uint32_t ours)
{
	switch (part->type) {
	case SR:
	case RR: return part->len >= 4 && read_reports(r, part, ours);
	case BYE:
		if (part->len < 4UL * part->count)
			return false;
		for (unsigned i = 0; i < part->count; i++)
			r->bye |= get32(part->body + 4UL * i) == r->sender;
		return true;
	default: /* SDES, APP, feedback: of no use here */ return true;
	}
}

bool rtcp_parse(struct rtcp_report *r, const uint8_t *p, size_t n,
                uint32_t ours)
{
	struct part part;

	memset(r, 0, sizeof(*r));
	if (n < RTCP_MIN || (p[1] != SR && p[1] != RR))
		return false;
	r->sender = get32(p + 4);
	for (unsigned i = 0; n > 0; i++) {
		if (i == RTCP_PACKETS_MAX || !take_part(&part, p, n) ||
		    !read_part(r, &part, ours))
			return false;
		p += part.size;
		n -= part.size;
	}
	return true;
}

static size_t put_header(uint8_t *p, unsigned count, uint8_t type, size_t size)
{
	p[0] = (uint8_t)(2 << 6 | count);
	p[1] = type;
	put16(p + 2, (uint16_t)(size / 4 - 1));
	return size;
}

static void put_block(uint8_t *p, const struct rtcp_block *b)
{
	put32(p, b->ssrc);
	put32(p + 4,
	      (uint32_t)b->fraction << 24 | ((uint32_t)b->lost & 0xffffff));
	put32(p + 8, b->highest);
	put32(p + 12, b->jitter);
	put32(p + 16, b->lsr);
	put32(p + 20, b->dlsr);
}

static size_t put_report(uint8_t *p, const struct rtcp_own *own)
{
	size_t size = HEADER + 4;

	put32(p + 4, own->ssrc);
	if (own->sender) {
		put32(p + 8, (uint32_t)(own->ntp >> 32));
		put32(p + 12, (uint32_t)own->ntp);
		put32(p + 16, own->ts);
		put32(p + 20, own->packets);
		put32(p + 24, own->octets);
		size += SENDER_INFO;
	}
	if (own->has_block) {
		put_block(p + size, &own->block);
		size += BLOCK;
	}
	return put_header(p, own->has_block, own->sender ? SR : RR, size);
}

static size_t put_cname(uint8_t *p, const struct rtcp_own *own)
{
	size_t len = strnlen(own->cname, RTCP_CNAME_SIZE - 1);
	size_t size = HEADER + 4 + 2 + len;
	size_t whole = (size + 4) & ~(size_t)3; /* at least one end byte */

	memset(p + size, 0, whole - size);
	put32(p + 4, own->ssrc);
	p[8] = CNAME;
	p[9] = (uint8_t)len;
	memcpy(p + 10, own->cname, len);
	return put_header(p, 1, SDES, whole);
}

size_t rtcp_write(uint8_t out[RTCP_OUT_MAX], const struct rtcp_own *own)
{
	size_t n = put_report(out, own);

	n += put_cname(out + n, own);
	if (own->bye) {
		put32(out + n + 4, own->ssrc);
		n += put_header(out + n, 1, BYE, HEADER + 4);
	}
	return n;
}

uint32_t rtcp_round_trip_us(const struct rtcp_block *b, uint32_t now_ntp)
{
	uint32_t took = now_ntp - b->lsr - b->dlsr;

	if (b->lsr == 0 || took > ROUND_TRIP_MAX)
		return 0;
	return (uint32_t)((uint64_t)took * 1000000 / 65536);
}
