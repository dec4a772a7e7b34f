/*
 * calls.c - places webhook-routed calls and measures what they cost
 *
 *     INVITE 407 INVITE+digest … webhook … child INVITE 180 200 ACK BYE
 *
 * Caller, callee and application are this one process with one clock, on the
 * other core. Prints failures, rate, latency and CPU time a call.
 */
#include <arpa/inet.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "lib/app.h"
#include "lib/bench.h"
#include "lib/cpu.h"
#include "lib/net.h"

static void drain(struct bench *b, int fd,
                  void (*handler)(struct bench *b, const char *message))
{
	static char message[MESSAGE_MAX * 8];
	ssize_t n;

	while ((n = recv(fd, message, sizeof(message) - 1, 0)) > 0) {
		message[n] = '\0';
		handler(b, message);
	}
}

static void poll_once(struct bench *b, int timeout_ms)
{
	struct epoll_event ev[64];
	int n = epoll_wait(b->epoll, ev, 64, timeout_ms);

	for (int i = 0; i < n; i++) {
		if (ev[i].data.fd == b->caller)
			drain(b, b->caller, caller_message);
		else if (ev[i].data.fd == b->callee)
			drain(b, b->callee, callee_message);
		else
			app_ready(b->app, ev[i].data.fd);
	}
}

static void run(struct bench *b)
{
	uint64_t begin = net_now_us();

	while (b->done < b->opt.calls) {
		uint64_t due = (net_now_us() - begin) * (uint64_t)b->opt.rate /
		               1000000;

		while ((uint64_t)b->started < due && b->started < b->opt.calls)
			caller_start(b);
		poll_once(b, 1);
		caller_sweep(b);
	}
}

static int compare(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static void report(const struct bench *b, uint64_t took_us,
                   const struct cpu_set *cpu)
{
	uint32_t *us = calloc((size_t)b->opt.calls, sizeof(*us));
	size_t n = 0;

	for (int i = 0; us && i < b->opt.calls; i++)
		if (b->calls[i].child_us)
			us[n++] = b->calls[i].child_us;
	if (n)
		qsort(us, n, sizeof(*us), compare);
	printf("  calls %d, failed %d, %.1f calls/s\n", b->done, b->failed,
	       (double)b->done * 1e6 / (double)took_us);
	if (n)
		printf("  parent INVITE to child INVITE: p50 %u us, p99 %u "
		       "us\n",
		       us[n / 2], us[n * 99 / 100]);
	printf("  CPU time a call\n");
	(void)cpu_report(cpu, (uint64_t)b->done);
	free(us);
}

static int usage(void)
{
	fprintf(stderr,
	        "usage: calls --edge IP:PORT --ip IP --http-port PORT\n"
	        "             --domain NAME --caller USER --callee USER\n"
	        "             --password PASSWORD [--rate 50] [--calls 500]\n"
	        "             [--hold MS] [--pids name=pid,...]\n"
	        "The VoiceUrl of the domain must be http://IP:PORT/\n");
	return 2;
}

static bool parse(struct options *o, int argc, char **argv)
{
	static const struct option names[] = {
		{"edge", 1, 0, 'e'},      {"ip", 1, 0, 'i'},
		{"http-port", 1, 0, 'h'}, {"domain", 1, 0, 'd'},
		{"caller", 1, 0, 'a'},    {"callee", 1, 0, 'b'},
		{"password", 1, 0, 'p'},  {"rate", 1, 0, 'r'},
		{"calls", 1, 0, 'n'},     {"hold", 1, 0, 'o'},
		{"pids", 1, 0, 'P'},      {0}};
	int c;

	*o = (struct options){.rate = 50, .calls = 500, .pids = ""};
	while ((c = getopt_long(argc, argv, "", names, NULL)) != -1) {
		switch (c) {
		case 'e': o->edge = optarg; break;
		case 'i': o->ip = optarg; break;
		case 'h': o->http_port = atoi(optarg); break;
		case 'd': o->domain = optarg; break;
		case 'a': o->caller = optarg; break;
		case 'b': o->callee = optarg; break;
		case 'p': o->password = optarg; break;
		case 'r': o->rate = atoi(optarg); break;
		case 'n': o->calls = atoi(optarg); break;
		case 'o': o->hold_ms = atoi(optarg); break;
		case 'P': o->pids = optarg; break;
		default: return false;
		}
	}
	return o->edge && o->ip && o->http_port && o->domain && o->caller &&
	       o->callee && o->password && o->rate > 0 && o->calls > 0 &&
	       o->calls <= CALLS_MAX;
}

static bool open_all(struct bench *b)
{
	char ip[64], dial[200];
	int port;

	if (sscanf(b->opt.edge, "%63[^:]:%d", ip, &port) != 2)
		return false;
	b->edge.sin_family = AF_INET;
	b->edge.sin_port = htons((uint16_t)port);
	(void)inet_pton(AF_INET, ip, &b->edge.sin_addr);
	b->epoll = epoll_create1(0);
	b->caller = bench_udp(b->opt.ip, 0, &b->caller_at);
	b->callee = bench_udp(b->opt.ip, 0, &b->callee_at);
	b->calls = calloc((size_t)b->opt.calls, sizeof(*b->calls));
	(void)snprintf(dial, sizeof(dial), "sip:%s@%s", b->opt.callee,
	               b->opt.domain);
	if (b->caller < 0 || b->callee < 0 || !b->calls ||
	    app_alloc(&b->app, b->epoll, b->opt.ip, b->opt.http_port, dial))
		return false;
	for (int i = 0; i < 2; i++) {
		int fd = i ? b->caller : b->callee;
		struct epoll_event ev = {.events = EPOLLIN, .data.fd = fd};

		(void)epoll_ctl(b->epoll, EPOLL_CTL_ADD, fd, &ev);
	}
	return true;
}

static bool registered(struct bench *b, int expires)
{
	callee_register(b, expires);
	for (int i = 0; i < 3000 && !b->registered; i++)
		poll_once(b, 1);
	if (!b->registered)
		fprintf(stderr, "calls: no answer to REGISTER from %s\n",
		        b->opt.edge);
	return b->registered;
}

static int measure(struct bench *b, struct cpu_set *cpu)
{
	uint64_t begin;

	if (!open_all(b)) {
		perror("calls: can not open its sockets");
		return 1;
	}
	b->begin_us = net_now_us();
	if (!registered(b, 3600))
		return 1;
	cpu_start(cpu);
	begin = net_now_us();
	run(b);
	report(b, net_now_us() - begin, cpu);
	/* The calls of the next run are not to ring here, too. */
	return registered(b, 0) && !b->failed ? 0 : 1;
}

int main(int argc, char **argv)
{
	struct bench b = {0};
	struct cpu_set cpu;
	int status;

	if (!parse(&b.opt, argc, argv) || cpu_parse(&cpu, b.opt.pids))
		return usage();
	status = measure(&b, &cpu);
	app_free(b.app);
	free(b.calls);
	return status;
}
