#include "rtp_phones.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net.h"

enum { PACKET = 12 + 160, PTIME_US = 20000 };
enum { EVENTS = 256 };

void rtp_phones_open(struct rtp_phones *p, const struct rtp_line *line,
                     unsigned calls)
{
	memset(p, 0, sizeof(*p));
	p->n = 2 * calls;
	p->epoll = epoll_create1(0);
	for (unsigned i = 0; i < p->n; i++) {
		p->fd[i] = net_open(line->ip, line->port + i, line->relay_ip,
		                    line->relay_port + 2 * i);
		net_watch(p->epoll, p->fd[i], i);
	}
}

void rtp_phones_close(struct rtp_phones *p)
{
	for (unsigned i = 0; i < p->n; i++)
		close(p->fd[i]);
	close(p->epoll);
}

void rtp_phones_reset(struct rtp_phones *p)
{
	memset(p->delays, 0, sizeof(p->delays));
	p->sent = p->received = 0;
}

static void phone_send(struct rtp_phones *p, unsigned i)
{
	uint8_t data[PACKET] = {0x80, 0};
	uint64_t now = net_now_us();
	uint16_t seq = htons(p->seq[i]);
	uint32_t ts = htonl(p->seq[i] * 160U);

	p->seq[i]++;
	memcpy(data + 2, &seq, 2);
	memcpy(data + 4, &ts, 4);
	memcpy(data + 8, &i, 4);
	memcpy(data + 12, &now, sizeof(now));
	p->sent += send(p->fd[i], data, sizeof(data), 0) == PACKET;
}

static void hear_one(struct rtp_phones *p, int fd, uint64_t now)
{
	uint8_t data[1500];
	uint64_t then;

	while (recv(fd, data, sizeof(data), 0) == PACKET) {
		memcpy(&then, data + 12, sizeof(then));
		then = now > then ? now - then : 0;
		p->delays[then < RTP_DELAYS ? then : RTP_DELAYS]++;
		p->received++;
	}
}

/* All that has come. @return false when nothing came in that time */
static bool hear(struct rtp_phones *p, int ms)
{
	struct epoll_event ev[EVENTS];
	int n = epoll_wait(p->epoll, ev, EVENTS, ms);
	bool any = n > 0;

	while (n > 0) {
		uint64_t now = net_now_us();

		for (int k = 0; k < n; k++)
			hear_one(p, p->fd[ev[k].data.u32], now);
		n = n == EVENTS ? epoll_wait(p->epoll, ev, EVENTS, 0) : 0;
	}
	return any;
}

/* Evenly spread over the 20 ms, as the phones of many people are. */
void rtp_phones_talk(struct rtp_phones *p, uint64_t us)
{
	uint64_t start = net_now_us();
	uint64_t sent = 0;
	uint64_t now;

	while ((now = net_now_us() - start) < us) {
		uint64_t due = now * p->n / PTIME_US;

		for (; sent < due; sent++)
			phone_send(p, (unsigned)(sent % p->n));
		(void)hear(p, 0);
	}
}

unsigned rtp_phones_delay(const struct rtp_phones *p, double share)
{
	uint64_t want = (uint64_t)((double)p->received * share);
	uint64_t sum = 0;
	unsigned us = 0;

	while (us < RTP_DELAYS && (sum += p->delays[us]) < want)
		us++;
	return us;
}

void rtp_phones_wait(struct rtp_phones *p, int ms)
{
	while (hear(p, ms))
		;
}
