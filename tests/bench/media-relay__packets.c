/*
 * media-relay__packets.c - what it costs to relay an RTP packet
 *
 *     media-relay__packets [seconds [calls…]]     (2 s of 100, 250, 500 calls)
 *
 * Held calls of 20 ms G.711 both ways. This process, on the last core, is all
 * phones; on the first core is, in turn, the least that a relay can do (a loop
 * of epoll, recvmmsg, sendmmsg: the floor), and trestle-media-relay, real and
 * with a real Redis, from which it opens its sessions; then the same with every
 * call recorded, both ways on two channels. What is told is the CPU time of the
 * process for each packet, how long packets were under way, and what a
 * recording takes more.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <hiredis/hiredis.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib/net.h"
#include "lib/process.h"
#include "lib/rtp_phones.h"

enum { FLOOR_BATCH = 32, EVENTS = 256 };
enum { RELAY_PORT = 30000, PHONE_PORT = 20000, REDIS_PORT = 26379 };
enum { ROUNDS = 3 };       /* of which the median is told */
enum { LEG_PACKETS = 50 }; /* a second */
enum { WARM_MS = 700, START_MS = 5000, LAST_MS = 100 };

#define RELAY_IP "127.0.2.1"
#define PHONE_IP "127.0.2.2"
#define FOLDER   "build/bench-recordings"

struct result {
	double us;         /* CPU time a packet */
	double lost;       /* percent */
	unsigned p50, p99; /* under way [us] */
};

static void pin_first(void)
{
	process_pin(0);
}

/* The process under test: other work of the machine does not delay it, where
 * we may ask for that. */
static void put_under_test(void)
{
	const struct sched_param first = {.sched_priority = 1};

	process_pin(0);
	(void)sched_setscheduler(0, SCHED_FIFO, &first);
}

/* Leg i of the relay: RTP ports are even. */
static unsigned relay_port(unsigned i)
{
	return RELAY_PORT + 2 * i;
}

/* --- the floor ------------------------------------------------------------- */

static void floor_run(const int *fd, int epoll)
{
	static uint8_t data[FLOOR_BATCH][1500];
	static struct mmsghdr m[FLOOR_BATCH];
	static struct iovec io[FLOOR_BATCH];
	struct epoll_event ev[EVENTS];

	for (unsigned i = 0; i < FLOOR_BATCH; i++) {
		io[i].iov_base = data[i];
		m[i].msg_hdr.msg_iov = &io[i];
		m[i].msg_hdr.msg_iovlen = 1;
	}
	for (;;) {
		int n = epoll_wait(epoll, ev, EVENTS, -1);

		for (int k = 0; k < n; k++) {
			unsigned i = ev[k].data.u32;
			int r;

			for (unsigned q = 0; q < FLOOR_BATCH; q++)
				io[q].iov_len = sizeof(data[q]);
			r = recvmmsg(fd[i], m, FLOOR_BATCH, MSG_DONTWAIT, NULL);
			for (int q = 0; q < r; q++)
				io[q].iov_len = m[q].msg_len;
			if (r > 0)
				(void)sendmmsg(fd[i ^ 1], m, (unsigned)r,
				               MSG_DONTWAIT);
		}
	}
}

static pid_t floor_start(unsigned calls)
{
	static int fd[PHONES_MAX];
	pid_t pid = fork();
	int epoll;

	if (pid != 0)
		return pid;
	put_under_test();
	epoll = epoll_create1(0);
	for (unsigned i = 0; i < 2 * calls; i++) {
		fd[i] = net_open(RELAY_IP, relay_port(i), PHONE_IP,
		                 PHONE_PORT + i);
		net_watch(epoll, fd[i], i);
	}
	floor_run(fd, epoll);
	return 0;
}

/* --- the relay ------------------------------------------------------------- */

static pid_t run(char *const *argv, void (*prepare)(void))
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	prepare();
	execvp(argv[0], argv);
	net_die(argv[0]);
	return -1;
}

static pid_t redis_start(redisContext **ctx)
{
	char port[8];
	char *argv[] = {"redis-server", "--bind",    RELAY_IP,    "--port",
	                port,           "--save",    "",          "--loglevel",
	                "warning",      "--logfile", "/dev/null", NULL};
	uint64_t end = net_now_us() + START_MS * 1000ULL;
	pid_t pid;

	(void)snprintf(port, sizeof(port), "%d", REDIS_PORT);
	pid = run(argv, pin_first);
	do {
		usleep(20000);
		*ctx = redisConnect(RELAY_IP, REDIS_PORT);
		if (*ctx && !(*ctx)->err)
			return pid;
		redisFree(*ctx);
	} while (net_now_us() < end);
	net_die("redis-server");
	return -1;
}

static void write_leg(redisContext *redis, unsigned i)
{
	freeReplyObject(redisCommand(
		redis,
		"HSET media:{MS%032x} leg.CA%u {\"leg\":\"CA%u\",\"port\":%u,"
		"\"source\":\"peer\",\"peer\":\"CA%u\",\"ptime\":20,"
		"\"codecs\":[{\"type\":0,\"name\":\"PCMU\",\"rate\":8000,"
		"\"channels\":1}],\"remote\":\"" PHONE_IP
		":%u\",\"latched\":\"" PHONE_IP ":%u\"}",
		i / 2, i, i, relay_port(i), i ^ 1, PHONE_PORT + i,
		PHONE_PORT + i));
}

static void write_recording(redisContext *redis, unsigned call)
{
	freeReplyObject(redisCommand(
		redis,
		"HSET media:{MS%032x} recording.RE%032x {\"recording\":"
		"\"RE%032x\",\"account_sid\":\"AC%032x\",\"call_sid\":"
		"\"CA%032x\",\"leg\":\"CA%u\",\"source\":\"DialVerb\","
		"\"track\":\"both\",\"dual\":true,\"wanted\":true}",
		call, call, call, 1, call, 2 * call));
}

/* Sessions as an earlier life of the relay would have left them */
static void write_sessions(redisContext *redis, unsigned calls, bool recorded)
{
	freeReplyObject(redisCommand(redis, "FLUSHALL"));
	for (unsigned i = 0; i < calls; i++) {
		freeReplyObject(redisCommand(
			redis,
			"HSET media:{MS%032x} session MS%032x version 1 "
			"updated 2026-01-01T00:00:00.000Z",
			i, i));
		freeReplyObject(redisCommand(
			redis, "SADD relay:bench:sessions MS%032x", i));
		write_leg(redis, 2 * i);
		write_leg(redis, 2 * i + 1);
		if (recorded)
			write_recording(redis, i);
	}
}

static pid_t relay_start(const char *batch_us)
{
	char *argv[] = {TRESTLE_BIN "/trestle-media-relay", NULL};
	char url[64];
	pid_t pid;

	(void)snprintf(url, sizeof(url), "redis://" RELAY_IP ":%d/0",
	               REDIS_PORT);
	setenv("TRESTLE_REDIS", url, 1);
	setenv("TRESTLE_INSTANCE", "bench", 1);
	setenv("TRESTLE_ADDRESS", RELAY_IP, 1);
	setenv("TRESTLE_HTTP_PORT", "0", 1);
	setenv("TRESTLE_LOG", "error", 1);
	setenv("TRESTLE_RTP_ADDRESS", RELAY_IP, 1);
	setenv("TRESTLE_RTP_WORKERS", "1", 1);
	setenv("TRESTLE_RTP_ALLOW_PRIVATE", PHONE_IP, 1);
	setenv("TRESTLE_RTP_BATCH_US", batch_us, 1);
	setenv("TRESTLE_RECORDINGS", FOLDER, 1);
	pid = run(argv, put_under_test);
	usleep(500000); /* it opens its sessions */
	return pid;
}

/* --- one measurement ------------------------------------------------------- */

static struct result measure(pid_t pid, unsigned calls, unsigned seconds)
{
	static const struct rtp_line line = {
		.ip = PHONE_IP,
		.relay_ip = RELAY_IP,
		.port = PHONE_PORT,
		.relay_port = RELAY_PORT,
	};
	static struct rtp_phones p;
	struct result r;
	clockid_t cpu;
	uint64_t spent;

	usleep(200000);
	rtp_phones_open(&p, &line, calls);
	if (clock_getcpuclockid(pid, &cpu))
		net_die("clock_getcpuclockid");
	rtp_phones_talk(&p, WARM_MS * 1000ULL);
	rtp_phones_wait(&p, LAST_MS);
	rtp_phones_reset(&p);
	spent = net_clock_us(cpu);
	rtp_phones_talk(&p, seconds * 1000000ULL);
	spent = net_clock_us(cpu) - spent;
	rtp_phones_wait(&p, LAST_MS);
	r.us = (double)spent / (double)(p.received ? p.received : 1);
	r.lost = 100.0 * ((double)p.sent - (double)p.received) /
	         (double)(p.sent ? p.sent : 1);
	r.p50 = rtp_phones_delay(&p, 0.5);
	r.p99 = rtp_phones_delay(&p, 0.99);
	rtp_phones_close(&p);
	kill(pid, SIGKILL);
	(void)waitpid(pid, NULL, 0);
	return r;
}

static int by_cost(const void *a, const void *b)
{
	const struct result *x = a;
	const struct result *y = b;

	return x->us < y->us ? -1 : x->us > y->us;
}

static void print(const char *what, unsigned calls, struct result *rounds,
                  double *floor_us)
{
	struct result *r = &rounds[ROUNDS / 2];

	qsort(rounds, ROUNDS, sizeof(*rounds), by_cost);
	if (*floor_us == 0)
		*floor_us = r->us;
	printf("%-22s %5u %12.1f %8.2f %8.2f %8u %8u\n", what, calls, r->us,
	       r->us / *floor_us, r->lost, r->p50, r->p99);
	(void)fflush(stdout);
}

static void print_recording(unsigned calls, const struct result *plain,
                            const struct result *recorded)
{
	double us = (recorded[ROUNDS / 2].us - plain[ROUNDS / 2].us) *
	            LEG_PACKETS * 2;

	printf("a recording of two channels: %.0f us a second, beside %.0f for "
	       "its call (%u at once)\n",
	       us, plain[ROUNDS / 2].us * LEG_PACKETS * 2, calls);
	(void)fflush(stdout);
}

static void remove_recordings(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		(void)execlp("rm", "rm", "-rf", FOLDER, NULL);
		_exit(1);
	}
	(void)waitpid(pid, NULL, 0);
}

/* Taken in turn, so that what else the machine does hits all alike. */
static void compare(redisContext *redis, unsigned calls, unsigned seconds)
{
	struct result least[ROUNDS];
	struct result batched[ROUNDS];
	struct result unbatched[ROUNDS];
	struct result recorded[ROUNDS];
	double floor_us = 0;

	for (int i = 0; i < ROUNDS; i++) {
		least[i] = measure(floor_start(calls), calls, seconds);
		write_sessions(redis, calls, false);
		batched[i] = measure(relay_start("500"), calls, seconds);
		write_sessions(redis, calls, false);
		unbatched[i] = measure(relay_start("0"), calls, seconds);
		write_sessions(redis, calls, true);
		recorded[i] = measure(relay_start("500"), calls, seconds);
		remove_recordings();
	}
	print("floor", calls, least, &floor_us);
	print("media-relay", calls, batched, &floor_us);
	print("media-relay, unbatched", calls, unbatched, &floor_us);
	print("media-relay, recorded", calls, recorded, &floor_us);
	print_recording(calls, batched, recorded);
}

static unsigned number(const char *text, unsigned max)
{
	unsigned long n = strtoul(text, NULL, 10);

	return n < 1 ? 1 : n > max ? max : (unsigned)n;
}

int main(int argc, char **argv)
{
	static const unsigned usual[] = {100, 250, 500};
	unsigned seconds = argc > 1 ? number(argv[1], 600) : 2;
	struct rlimit files;
	redisContext *redis;
	pid_t server;

	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &files);
	}
	server = redis_start(&redis);
	process_pin_last();
	printf("20 ms G.711 both ways, RTP under way in us\n%-22s %5s %12s "
	       "%8s %8s %8s %8s\n",
	       "", "calls", "CPU us/packet", "x floor", "lost %", "p50", "p99");
	if (argc > 2) {
		for (int i = 2; i < argc; i++)
			compare(redis, number(argv[i], CALLS_MAX), seconds);
	} else {
		for (size_t i = 0; i < 3; i++)
			compare(redis, usual[i], seconds);
	}
	redisFree(redis);
	kill(server, SIGTERM);
	(void)waitpid(server, NULL, 0);
	return 0;
}
