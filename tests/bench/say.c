/*
 * say.c - how soon a caller hears a <Say> after the application asked for it
 *
 *     say EDGE:PORT IP HTTP-PORT DOMAIN USER PASSWORD [calls]          (100)
 *
 * One call at a time to a domain whose VoiceUrl is http://IP:HTTP-PORT/. From
 * when the application writes its answer, a <Say>, to the first RTP packet at
 * the caller, and to the first that is not silent; between the two times is
 * the 200, its ACK, and speech. Half of the calls hear a sentence that nobody
 * has heard before, the others always the same one.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "lib/app.h"
#include "lib/bench.h"
#include "lib/figures.h"
#include "lib/net.h"

enum { RTP_PORT = 20000, RTP_HEAD = 12, WAIT_US = 5000000, QUIET_MS = 200 };
enum { LOUD = 0x60 }; /* exponents of mu-law, inverted: above 1 % of full */
enum { SAID_MAX = 1000 };

struct say {
	struct bench b;
	struct sockaddr_in rtp_at;
	int rtp;
	bool fresh;
	uint64_t answered_us, first_us, loud_us; /* 0 = not yet */
	struct times {
		double first[SAID_MAX], loud[SAID_MAX];
		unsigned n;
	} fresh_times, kept_times;
};

static void on_webhook(void *arg, char *out, size_t size)
{
	struct say *s = arg;

	(void)snprintf(out, size,
	               "<Response><Say voice=\"woman\">%s %llu</Say>"
	               "</Response>",
	               "Your order has the number",
	               s->fresh ? (unsigned long long)net_now_us() : 4711);
	s->answered_us = net_now_us();
}

static bool is_loud(const uint8_t *payload, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if ((payload[i] & 0x7F) < LOUD)
			return true;
	}
	return false;
}

static void read_rtp(struct say *s)
{
	uint8_t packet[1500];
	ssize_t n;

	while ((n = recv(s->rtp, packet, sizeof(packet), 0)) > 0) {
		if (n < RTP_HEAD || !s->answered_us)
			continue;
		if (!s->first_us)
			s->first_us = net_now_us();
		if (!s->loud_us &&
		    is_loud(packet + RTP_HEAD, (size_t)n - RTP_HEAD))
			s->loud_us = net_now_us();
	}
}

static void read_sip(struct bench *b)
{
	static char message[MESSAGE_MAX * 8];
	ssize_t n;

	while ((n = recv(b->caller, message, sizeof(message) - 1, 0)) > 0) {
		message[n] = '\0';
		caller_message(b, message);
	}
}

static void poll_once(struct say *s)
{
	struct epoll_event ev[16];
	int n = epoll_wait(s->b.epoll, ev, 16, 1);

	for (int i = 0; i < n; i++) {
		if (ev[i].data.fd == s->b.caller)
			read_sip(&s->b);
		else if (ev[i].data.fd == s->rtp)
			read_rtp(s);
		else
			app_ready(s->b.app, ev[i].data.fd);
	}
}

static void call_once(struct say *s, int i)
{
	struct times *t = s->fresh ? &s->fresh_times : &s->kept_times;
	uint64_t begun = net_now_us();

	s->answered_us = s->first_us = s->loud_us = 0;
	caller_start(&s->b);
	while (!s->loud_us && net_now_us() - begun < WAIT_US)
		poll_once(s);
	if (s->loud_us && t->n < SAID_MAX) {
		t->first[t->n] = (double)(s->first_us - s->answered_us) / 1000;
		t->loud[t->n++] = (double)(s->loud_us - s->answered_us) / 1000;
	}
	while (s->b.calls[i].state != CALL_DONE) {
		caller_sweep(&s->b);
		poll_once(s);
	}
	for (begun = net_now_us(); net_now_us() - begun < QUIET_MS * 1000;)
		poll_once(s);
}

static void tell(const char *what, double *v, unsigned n)
{
	if (!n)
		return;
	figures_sort(v, n);
	printf("  %-30s p50 %6.1f ms, p99 %6.1f ms (%u calls)\n", what,
	       v[n / 2], v[n * 99 / 100], n);
}

static void add(const struct bench *b, int fd)
{
	struct epoll_event ev = {.events = EPOLLIN, .data.fd = fd};

	if (fd < 0 || epoll_ctl(b->epoll, EPOLL_CTL_ADD, fd, &ev))
		net_die("say: can not open its sockets");
}

static void open_all(struct say *s, char **argv)
{
	struct bench *b = &s->b;
	char ip[64];
	int port;

	b->opt = (struct options){.edge = argv[1],
	                          .ip = argv[2],
	                          .http_port = atoi(argv[3]),
	                          .domain = argv[4],
	                          .caller = argv[5],
	                          .callee = argv[5],
	                          .password = argv[6]};
	if (sscanf(argv[1], "%63[^:]:%d", ip, &port) != 2)
		net_die("say: EDGE:PORT");
	b->edge.sin_family = AF_INET;
	b->edge.sin_port = htons((uint16_t)port);
	(void)inet_pton(AF_INET, ip, &b->edge.sin_addr);
	b->begin_us = net_now_us();
	b->epoll = epoll_create1(0);
	b->caller = bench_udp(b->opt.ip, 0, &b->caller_at);
	s->rtp = bench_udp(b->opt.ip, RTP_PORT, &s->rtp_at);
	add(b, b->caller);
	add(b, s->rtp);
	if (app_alloc(&b->app, b->epoll, b->opt.ip, b->opt.http_port, ""))
		net_die("say: HTTP-PORT");
	app_on_request(b->app, on_webhook, s);
}

int main(int argc, char **argv)
{
	static struct say s;
	int n = argc > 7 ? atoi(argv[7]) : 100;

	if (argc < 7 || n < 2 || n > 2 * SAID_MAX) {
		fprintf(stderr, "usage: say EDGE:PORT IP HTTP-PORT DOMAIN USER "
		                "PASSWORD [calls]\n");
		return 2;
	}
	open_all(&s, argv);
	s.b.calls = calloc((size_t)n + 1, sizeof(*s.b.calls));
	if (!s.b.calls)
		net_die("say");
	call_once(&s, 0); /* from here on it was heard before */
	s.kept_times.n = 0;
	for (int i = 1; i <= n; i++) {
		s.fresh = i % 2 == 0;
		call_once(&s, i);
	}
	tell("kept: first packet", s.kept_times.first, s.kept_times.n);
	tell("kept: first that is loud", s.kept_times.loud, s.kept_times.n);
	tell("new: first packet", s.fresh_times.first, s.fresh_times.n);
	tell("new: first that is loud", s.fresh_times.loud, s.fresh_times.n);
	app_free(s.b.app);
	free(s.b.calls);
	return s.b.failed ? 1 : 0;
}
