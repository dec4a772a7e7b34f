/*
 * rtcp.h - RTCP: read defensively, write SR or RR with SDES (RFC 3550 6)
 */
#ifndef MEDIA_CORE_RTCP_H
#define MEDIA_CORE_RTCP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RTCP_MIN = 8 };       /* bytes of the least packet */
enum { RTCP_OUT_MAX = 128 }; /* bytes that rtcp_write() may need */
enum { RTCP_CNAME_SIZE = 32 };
enum { RTCP_PACKETS_MAX = 32 }; /* in one compound packet */

/** A report block (RFC 3550 6.4.1) */
struct rtcp_block {
	uint32_t ssrc;    /**< of the stream that it is about */
	uint8_t fraction; /**< lost since the last one, 1/256 */
	int32_t lost;     /**< in all; 24 bits, signed */
	uint32_t highest; /**< extended highest sequence number */
	uint32_t jitter;  /**< in clock ticks */
	uint32_t lsr;     /**< middle 32 bits of the last SR's NTP time */
	uint32_t dlsr;    /**< since then [1/65536 s] */
};

/** What a compound packet says that the relay wants to know */
struct rtcp_report {
	uint32_t sender; /**< SSRC of its first packet */
	bool has_sr;
	uint32_t sr_ntp; /**< middle 32 bits */
	bool has_block;  /**< about the stream that was asked for */
	struct rtcp_block block;
	bool bye; /**< the sender says that it leaves */
};

/**
 * Read a compound packet: every packet in it must have version 2, fit, and
 * be as long as its counts need; else nothing of it is believed.
 *
 * @param ours SSRC that we send: report blocks about others are skipped
 * @return false when it is malformed or does not start with SR or RR
 */
bool rtcp_parse(struct rtcp_report *r, const uint8_t *p, size_t n,
                uint32_t ours);

/** What to write */
struct rtcp_own {
	uint32_t ssrc;
	const char *cname; /**< borrowed; cut at RTCP_CNAME_SIZE - 1 */
	bool sender;       /**< SR with the four below, else RR */
	uint64_t ntp;      /**< 32.32 */
	uint32_t ts;       /**< RTP time at that moment */
	uint32_t packets, octets;
	bool has_block;
	struct rtcp_block block;
	bool bye;
};

/** @return bytes written, at most RTCP_OUT_MAX */
size_t rtcp_write(uint8_t out[RTCP_OUT_MAX], const struct rtcp_own *own);

/**
 * Round trip from a report block (RFC 3550 6.4.1).
 *
 * @param now_ntp middle 32 bits, when the block arrived
 * @return [us]; 0 when it has no LSR or makes no sense
 */
uint32_t rtcp_round_trip_us(const struct rtcp_block *b, uint32_t now_ntp);

#endif
