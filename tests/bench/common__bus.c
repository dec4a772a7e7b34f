/*
 * common__bus.c - what a request and its reply cost on the bus
 *
 *     TRESTLE_REDIS=redis://127.0.0.1:6379 common__bus [requests [window]]
 *
 * Two processes find each other in Redis; CPU time is that of the whole
 * process, ZeroMQ's I/O thread included.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "base/log.h"
#include "bench/lib/net.h"
#include "bus/bus.h"
#include "loop/loop.h"
#include "store/redis.h"

struct bench {
	struct loop *loop;
	struct redis *redis;
	struct bus *bus;
	struct timer *timer;
	long total, sent, done, failed;
	long window;
	uint64_t started_us;
};

static const struct log quiet = {NULL, "svc", "bench"};

static void report(const char *who, long n, uint64_t wall_us)
{
	struct rusage u;
	double cpu_us;

	(void)getrusage(RUSAGE_SELF, &u);
	cpu_us = (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e6 +
	         (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
	printf("%s: %ld requests, %.1f us CPU each (main thread %.1f us)", who,
	       n, cpu_us / (double)n,
	       (double)net_clock_us(CLOCK_THREAD_CPUTIME_ID) / (double)n);
	if (wall_us)
		printf(", %.0f a second", (double)n * 1e6 / (double)wall_us);
	printf("\n");
	(void)fflush(stdout);
}

/* --- the one that answers ------------------------------------------------ */

static void serve(void *arg, const struct bus_return *from,
                  const Trestle__Envelope *request)
{
	struct bench *b = arg;
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
	Trestle__LookupReply reply = TRESTLE__LOOKUP_REPLY__INIT;

	reply.domain_sid = request->lookup_request->aor;
	env.body_case = TRESTLE__ENVELOPE__BODY_LOOKUP_REPLY;
	env.lookup_reply = &reply;
	b->done++;
	bus_reply(b->bus, from, &env);
}

/* --- the one that asks --------------------------------------------------- */

static void ask(struct bench *b);

static void on_reply(void *arg, int err, const Trestle__Envelope *reply)
{
	struct bench *b = arg;

	(void)reply;
	b->done++;
	b->failed += err != 0;
	if (b->sent < b->total)
		ask(b);
	if (b->done == b->total)
		loop_stop(b->loop);
}

static void ask(struct bench *b)
{
	static const struct bus_req req = {.service = "registrar",
	                                   .key = "alice@example.com",
	                                   .timeout_ms = 10000,
	                                   .retry = true};
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
	Trestle__LookupRequest lookup = TRESTLE__LOOKUP_REQUEST__INIT;

	lookup.aor = "alice@example.com";
	env.body_case = TRESTLE__ENVELOPE__BODY_LOOKUP_REQUEST;
	env.lookup_request = &lookup;
	env.call_sid = "CA0123456789abcdef0123456789abcdef";
	env.key = "0123456789abcdef";
	b->sent++;
	if (bus_request(b->bus, &req, &env, on_reply, b) != 0)
		exit(1);
}

static void start_when_found(void *arg)
{
	struct bench *b = arg;

	if (!peers_pick(bus_peers(b->bus), "registrar", NULL)) {
		timer_start(b->timer, 10);
		return;
	}
	b->started_us = net_now_us();
	while (b->sent < b->window && b->sent < b->total)
		ask(b);
}

/* --- both ---------------------------------------------------------------- */

static int open_bench(struct bench *b, const char *service)
{
	static const char *const wants[] = {"registrar", NULL};
	const char *url = getenv("TRESTLE_REDIS");
	const struct bus_config cfg = {
		.log = &quiet,
		.service = service,
		.instance = service,
		.address = "127.0.0.1",
		.sip = "",
		.http = "",
		.wants = strcmp(service, "registrar") == 0 ? NULL : wants,
		.on_request = serve,
		.arg = b,
	};
	struct bus_config filled = cfg;
	int err = loop_alloc(&b->loop);

	if (!err)
		err = redis_alloc(&b->redis, b->loop, &quiet,
		                  url ? url : "redis://127.0.0.1:6379");
	filled.loop = b->loop;
	filled.redis = b->redis;
	if (!err)
		err = bus_alloc(&b->bus, &filled);
	if (err)
		(void)fprintf(stderr, "bench: %s\n", strerror(err));
	return err;
}

static void on_term(void *arg)
{
	struct bench *b = arg;

	if (b->done >= b->total)
		loop_stop(b->loop);
	else
		timer_start(b->timer, 20);
}

static int run(struct bench *b, const char *service, timer_h *handler)
{
	uint64_t wall = 0;

	log_set_level(LOG_WARN);
	if (open_bench(b, service) != 0 ||
	    timer_alloc(&b->timer, b->loop, handler, b) != 0)
		return 1;
	timer_start(b->timer, 10);
	loop_run(b->loop);
	if (b->started_us)
		wall = net_now_us() - b->started_us;
	report(service, b->done, wall);
	bus_free(b->bus);
	redis_free(b->redis);
	timer_free(b->timer);
	loop_free(b->loop);
	return b->failed != 0;
}

int main(int argc, char **argv)
{
	struct bench b = {
		.total = argc > 1 ? strtol(argv[1], NULL, 10) : 100000,
		.window = argc > 2 ? strtol(argv[2], NULL, 10) : 50,
	};
	pid_t pid = fork();
	int status = 0;

	if (pid == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		_exit(run(&b, "registrar", on_term));
	}
	if (run(&b, "call-controller", start_when_found) != 0)
		return 1;
	(void)waitpid(pid, &status, 0);
	return WEXITSTATUS(status);
}
