/*
 * sip-edge__forward.c - what one forwarded message pair costs the edge
 *
 *     sip-edge__forward REDIS EDGE PID SECONDS WINDOW
 *
 * REDIS "redis://127.0.0.1:6379", EDGE "127.0.0.1:5060", PID of that edge. The
 * program is a phone and the call-controller behind the edge: WINDOW INVITEs
 * with SDP are under way at a time, each answered with 200 at once. Prints
 * pairs a second and the CPU time of the edge for one pair. The edge must let
 * that many pass: TRESTLE_SIP_RATE=1000000. Without arguments it does nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "adapters/udp.h"
#include "base/log.h"
#include "bus/bus.h"
#include "core/rewrite.h"
#include "loop/loop.h"
#include "store/redis.h"

enum { WARM_MS = 3000, LOST_MS = 200 };

struct bench {
	struct loop *loop;
	struct udp *phone, *controller;
	struct address edge;
	struct timer *timer;
	long pid;
	uint32_t window;
	uint64_t pairs, sent, last_pairs;
	uint64_t cpu, began, measure_ms;
};

static const struct log quiet;
static char out[REWRITE_MAX];

static const char sdp[] =
	"v=0\r\no=Z 0 12345 IN IP4 192.168.1.17\r\ns=Z\r\n"
	"c=IN IP4 192.168.1.17\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0 8 101\r\n"
	"a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\n"
	"a=sendrecv\r\na=ptime:20\r\n";

/* utime + stime [clock ticks] */
static uint64_t cpu_of(long pid)
{
	char path[64];
	char line[1024] = "";
	FILE *f;
	unsigned long user = 0;
	unsigned long system = 0;
	const char *p;

	(void)snprintf(path, sizeof(path), "/proc/%ld/stat", pid);
	f = fopen(path, "r");
	if (f) {
		if (!fgets(line, sizeof(line), f))
			line[0] = '\0';
		(void)fclose(f);
	}
	p = strrchr(line, ')');
	for (int i = 0; p && i < 12; i++)
		p = strchr(p + 1, ' ');
	if (p) {
		char *rest;

		user = strtoul(p, &rest, 10);
		system = strtoul(rest, NULL, 10);
	}
	return user + system;
}

static void invite(struct bench *b)
{
	int n = snprintf(
		out, sizeof(out),
		"INVITE sip:+14155550100@acme.example.com SIP/2.0\r\n"
		"Via: SIP/2.0/UDP 192.168.1.17:5060;branch=z9hG4bK-5242-%llu;"
		"rport\r\nMax-Forwards: 70\r\nContact: <sip:alice@192.168.1.17"
		":5060>\r\nTo: <sip:+14155550100@acme.example.com>\r\n"
		"From: \"Alice\" <sip:alice@acme.example.com>;tag=9fxced76sl"
		"\r\nCall-ID: 3848276298220188511-%llu@192.168.1.17\r\n"
		"CSeq: 2 INVITE\r\nAllow: INVITE, ACK, CANCEL, BYE, NOTIFY, "
		"REFER, MESSAGE, OPTIONS, INFO, SUBSCRIBE\r\nSupported: "
		"replaces, norefersub, extended-refer, timer, outbound, path"
		"\r\nUser-Agent: Z 5.6.1 v2.10.19\r\nAllow-Events: presence, "
		"kpml, talk\r\nContent-Type: application/sdp\r\n"
		"Content-Length: %zu\r\n\r\n%s",
		(unsigned long long)b->sent, (unsigned long long)b->sent,
		sizeof(sdp) - 1, sdp);

	b->sent++;
	(void)udp_send(b->phone, &b->edge, (struct slice){out, (size_t)n});
}

static void on_phone(void *arg, struct udp *udp, const struct address *from,
                     struct slice datagram)
{
	struct bench *b = arg;

	(void)udp;
	(void)from;
	(void)datagram;
	b->pairs++;
	invite(b);
}

static void on_controller(void *arg, struct udp *udp,
                          const struct address *from, struct slice datagram)
{
	static const struct answer ok = {
		.status = 200, .phrase = "OK", .to_tag = {"t", 1}};
	static struct message m;

	(void)arg;
	if (message_parse(&m, datagram.p, datagram.n) == MESSAGE_REQUEST)
		(void)udp_send(
			udp, from,
			(struct slice){out, rewrite_answer(out, sizeof(out), &m,
		                                           &ok)});
}

static void report(struct bench *b)
{
	double seconds = (double)(loop_now_ms() - b->began) / 1000;
	double cpu = (double)(cpu_of(b->pid) - b->cpu) /
	             (double)sysconf(_SC_CLK_TCK);

	printf("pairs/s %.0f, CPU of the edge for a pair %.1f us\n",
	       (double)b->pairs / seconds, cpu * 1e6 / (double)b->pairs);
	loop_stop(b->loop);
}

/* Starts to measure at the second turn, when the edge knows us; fills the
 * window again when datagrams were lost. */
static void on_timer(void *arg)
{
	struct bench *b = arg;
	uint64_t now = loop_now_ms();

	if (b->began && now - b->began >= b->measure_ms) {
		report(b);
		return;
	}
	if (!b->began && b->pairs > 0) {
		b->began = now;
		b->pairs = 0;
		b->cpu = cpu_of(b->pid);
	} else if (b->pairs == b->last_pairs) {
		for (uint32_t i = 0; i < b->window; i++)
			invite(b);
	}
	b->last_pairs = b->pairs;
	timer_start(b->timer, LOST_MS);
}

static bool open_bench(struct bench *b, const char *url, struct bus **bus)
{
	static char sip[ADDRESS_TEXT_SIZE];
	static const char *const none[] = {NULL};
	struct redis *redis;
	struct address any = b->edge;
	struct bus_config cfg = {
		.log = &quiet,
		.service = "call-controller",
		.instance = "bench",
		.sip = sip,
		.http = "",
		.wants = none,
	};
	static char ip[ADDRESS_TEXT_SIZE];

	any.port = 0;
	cfg.address = address_print_ip(&any, ip);
	if (loop_alloc(&b->loop) != 0 ||
	    udp_alloc(&b->phone, b->loop, &any, on_phone, b) != 0 ||
	    udp_alloc(&b->controller, b->loop, &any, on_controller, b) != 0 ||
	    redis_alloc(&redis, b->loop, &quiet, url) != 0 ||
	    timer_alloc(&b->timer, b->loop, on_timer, b) != 0)
		return false;
	address_print(udp_local(b->controller), sip);
	cfg.loop = b->loop;
	cfg.redis = redis;
	return bus_alloc(bus, &cfg) == 0;
}

int main(int argc, char **argv)
{
	static struct bench b;
	struct bus *bus;

	if (argc != 6) {
		puts("sip-edge__forward REDIS EDGE PID SECONDS WINDOW");
		return 0;
	}
	b.pid = strtol(argv[3], NULL, 10);
	b.window = (uint32_t)strtoul(argv[5], NULL, 10);
	if (!address_parse(&b.edge, slice_str(argv[2])) ||
	    !open_bench(&b, argv[1], &bus))
		return 1;
	timer_start(b.timer, WARM_MS);
	b.measure_ms = strtoul(argv[4], NULL, 10) * 1000;
	loop_run(b.loop);
	bus_free(bus);
	return 0;
}
