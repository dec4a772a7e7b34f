/*
 * rtp_phones.h - many phones that talk G.711 with each other over a relay
 *
 * Phone i and phone i ^ 1 are in one call. Every packet carries when it was
 * sent, so that the one that hears it knows how long it was under way.
 */
#ifndef BENCH_RTP_PHONES_H
#define BENCH_RTP_PHONES_H

#include <stdint.h>

enum { CALLS_MAX = 2000, PHONES_MAX = 2 * CALLS_MAX };
enum { RTP_DELAYS = 20000 }; /* one slot for each microsecond */

struct rtp_phones {
	unsigned n;
	int epoll;
	int fd[PHONES_MAX];
	uint16_t seq[PHONES_MAX];
	uint64_t sent, received;
	uint32_t delays[RTP_DELAYS + 1];
};

/** Phone i has port @p port + i, the relay @p relay_port + 2 i for it. */
struct rtp_line {
	const char *ip, *relay_ip;
	unsigned port, relay_port;
};

void rtp_phones_open(struct rtp_phones *p, const struct rtp_line *line,
                     unsigned calls);
void rtp_phones_close(struct rtp_phones *p);

/** 20 ms packets from all of them for @p us, heard meanwhile. */
void rtp_phones_talk(struct rtp_phones *p, uint64_t us);

/** Hear what is still under way, until @p ms pass without a packet. */
void rtp_phones_wait(struct rtp_phones *p, int ms);

/** Forget what was counted. */
void rtp_phones_reset(struct rtp_phones *p);

/** How long this share of the packets was under way at most [us]; 0.5, 0.99 */
unsigned rtp_phones_delay(const struct rtp_phones *p, double share);

#endif
