/*
 * service.c - the skeleton of a process
 *
 *     alloc ──► open ──► run ──SIGTERM──► drain ──► free
 */
#include "base/service.h"

#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/descriptors.h"
#include "base/metrics.h"
#include "base/settings.h"
#include "base/strbuf.h"
#include "http/server.h"
#include "loop/loop.h"
#include "store/redis.h"
#include "store/seal.h"

enum { DRAIN_POLL_MS = 100, ENDPOINT_SIZE = 64 };
enum { HEAP_SPARE = 64 << 20, HEAP_STEP = 1 << 20 }; /* [bytes] */

struct service {
	struct service_description description;
	struct settings settings;
	char http[ENDPOINT_SIZE]; /* told to others */
	struct log log;
	struct loop *loop;
	struct redis *redis;
	struct seal *seal;
	struct bus *bus;
	struct metrics *metrics;
	struct http_server *server;
	struct watch *signals;
	struct timer *drain;
	int signal_fd;
	bool draining;
	bool was_drained;     /* when it was asked last */
	uint64_t drain_until; /* monotonic [ms] */
	bool (*drained)(void *arg);
	void *drained_arg;
	service_health_h *health;
	void *health_arg;
	void (*http_handler)(void *arg, struct http_request *r);
	void *http_arg;
	struct metric *redis_gauge;
	bool redis_met; /* it was there once */
};

/* ---- health and metrics ---------------------------------------------- */

/* The first service that is needed and was not met, or (@p now) of which nobody
 * is alive at the moment; NULL = none */
static const char *lacks(const struct service *s, bool now)
{
	const char *const *need = s->description.needs;

	for (; need && *need; need++) {
		if (now ? !peers_alive(bus_peers(s->bus), *need)
		        : !bus_met(s->bus, *need))
			return *need;
	}
	return NULL;
}

static bool is_well(struct service *s, struct strbuf *text)
{
	const char *lacking = lacks(s, false);
	const char *why = s->redis_met ? NULL : "Redis is away";

	if (!why && s->draining)
		why = "draining";
	if (!why && s->health)
		why = s->health(s->health_arg);
	if (why || lacking) {
		strbuf_addf(text, "%s%s\n", why ? why : "looking for a ",
		            why ? "" : lacking);
		return false;
	}
	lacking = lacks(s, true);
	strbuf_addf(text, "ok%s%s%s\n",
	            redis_up(s->redis) ? "" : ", but Redis is away",
	            lacking ? ", but there is no " : "",
	            lacking ? lacking : "");
	return true;
}

static void answer_health(struct service *s, struct http_request *r)
{
	struct strbuf text = {0};
	bool well = is_well(s, &text);

	http_reply(r, well ? 200 : 503, "text/plain", strbuf_str(&text),
	           text.len);
	strbuf_close(&text);
}

static void on_redis_up(void *arg)
{
	struct service *s = arg;

	s->redis_met = true;
}

static void answer_metrics(struct service *s, struct http_request *r)
{
	struct strbuf text = {0};

	metric_set(s->redis_gauge, redis_up(s->redis));
	metrics_print(s->metrics, &text);
	http_reply(r, 200, "text/plain; version=0.0.4", strbuf_str(&text),
	           text.len);
	strbuf_close(&text);
}

static void on_http(void *arg, struct http_request *r)
{
	struct service *s = arg;
	const char *path = http_request_path(r);

	if (strcmp(path, "/healthz") == 0)
		answer_health(s, r);
	else if (strcmp(path, "/metrics") == 0)
		answer_metrics(s, r);
	else if (s->http_handler)
		s->http_handler(s->http_arg, r);
	else
		http_reply(r, 404, "text/plain", "/healthz or /metrics\n", 21);
}

/* ---- signals --------------------------------------------------------- */

/* Drained twice in a row: between the two the last replies leave, and whoever
 * waits for them can read them before it sees the connection close. */
static void poll_drained(void *arg)
{
	struct service *s = arg;
	bool drained = !s->drained || s->drained(s->drained_arg);

	if ((drained && s->was_drained) || loop_now_ms() >= s->drain_until)
		loop_stop(s->loop);
	else
		timer_start(s->drain, DRAIN_POLL_MS);
	s->was_drained = drained;
}

static void on_signal(void *arg, int events)
{
	struct service *s = arg;
	struct signalfd_siginfo info;

	(void)events;
	if (read(s->signal_fd, &info, sizeof(info)) != sizeof(info))
		return;
	if (s->draining) { /* asked twice: at once */
		loop_stop(s->loop);
		return;
	}
	log_info(&s->log, "stopping: finishing the work in hand");
	s->draining = true;
	s->drain_until = loop_now_ms() + s->settings.drain_s * 1000ULL;
	if (s->bus)
		bus_set_load(s->bus, 0, true);
	timer_start(s->drain, 0);
}

static int open_signals(struct service *s)
{
	sigset_t set;
	int err;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGTERM);
	(void)sigaddset(&set, SIGINT);
	(void)sigprocmask(SIG_BLOCK, &set, NULL);
	(void)signal(SIGPIPE, SIG_IGN);
	s->signal_fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	if (s->signal_fd < 0)
		return errno;
	err = timer_alloc(&s->drain, s->loop, poll_drained, s);
	return err ? err
	           : watch_alloc(&s->signals, s->loop, s->signal_fd, LOOP_READ,
	                         on_signal, s);
}

/* ---- the life of a process ------------------------------------------- */

static int open_parts(struct service *s)
{
	int err = loop_alloc(&s->loop);

	if (!err)
		err = metrics_alloc(&s->metrics);
	if (!err)
		err = open_signals(s);
	if (err) {
		log_error(&s->log, "can not start: %s", strerror(err));
		return err;
	}
	err = redis_alloc(&s->redis, s->loop, &s->log, s->settings.redis);
	if (err) {
		log_error(&s->log, "TRESTLE_REDIS can not be used: write it as "
		                   "redis://[user:password@]host:port/db");
		return err;
	}
	redis_set_seal(s->redis, s->seal);
	s->redis_gauge = metrics_gauge(s->metrics, "trestle_redis_up", NULL,
	                               "1 while Redis is there");
	redis_on_up(s->redis, on_redis_up, s);
	return 0;
}

/* The heap of a moment ago is the heap of the next one: it is not given back
 * to the kernel page by page, to be asked for again. */
static void keep_heap(void)
{
	(void)mallopt(M_TRIM_THRESHOLD, HEAP_SPARE);
	(void)mallopt(M_TOP_PAD, HEAP_STEP);
	(void)mallopt(M_MMAP_THRESHOLD, HEAP_STEP);
}

int service_alloc(struct service **sp, const struct service_description *d,
                  int argc, char **argv)
{
	struct service *s;

	settings_options(d, argc, argv);
	keep_heap();
	descriptors_raise();
	s = calloc(1, sizeof(*s));
	if (!s)
		return 1;
	s->description = *d;
	s->signal_fd = -1;
	if (settings_read(&s->settings, d) ||
	    settings_seal(&s->settings, d, &s->seal)) {
		service_free(s);
		return 1;
	}
	s->log = (struct log){NULL, "svc", s->settings.own_instance};
	if (open_parts(s)) {
		service_free(s);
		return 1;
	}
	*sp = s;
	return 0;
}

static int open_http(struct service *s)
{
	struct http_config config = {
		.loop = s->loop,
		.address = s->settings.own_address,
		.port = (uint16_t)s->settings.http_port,
		.handler = on_http,
		.arg = s,
	};
	int err = http_server_alloc(&s->server, &config);

	if (err) {
		log_error(&s->log,
		          "can not listen on %s:%u (%s): set TRESTLE_ADDRESS "
		          "and TRESTLE_HTTP_PORT to what is free here",
		          s->settings.own_address, s->settings.http_port,
		          strerror(err));
		return err;
	}
	(void)snprintf(s->http, sizeof(s->http), "%s:%u",
	               s->settings.own_address, http_server_port(s->server));
	return 0;
}

int service_open(struct service *s, const char *sip, bus_request_h *on_request,
                 void *arg)
{
	const struct settings *set = &s->settings;
	struct bus_config config = {
		.loop = s->loop,
		.redis = s->redis,
		.log = &s->log,
		.metrics = s->metrics,
		.service = s->description.name,
		.instance = s->settings.own_instance,
		.address = s->settings.own_address,
		.port = set->bus_port,
		.sip = sip,
		.wants = s->description.wants,
		.curve_public = *set->bus_public ? set->bus_public : NULL,
		.curve_secret = *set->bus_secret ? set->bus_secret : NULL,
		.on_request = on_request,
		.arg = arg,
	};
	int err = open_http(s);

	if (err)
		return err;
	config.http = s->http;
	err = bus_alloc(&s->bus, &config);
	if (err)
		log_error(&s->log,
		          "can not open the bus on %s:%u (%s): set "
		          "TRESTLE_ADDRESS, TRESTLE_BUS_PORT and its keys",
		          s->settings.own_address, set->bus_port,
		          strerror(err));
	else
		log_info(&s->log, "started on %s, http %s%s%s",
		         s->settings.own_address, s->http, *sip ? ", sip " : "",
		         sip);
	return err;
}

void service_run(struct service *s)
{
	loop_run(s->loop);
	log_info(&s->log, "stopped");
}

void service_free(struct service *s)
{
	if (!s)
		return;
	bus_free(s->bus);
	http_server_free(s->server);
	redis_free(s->redis);
	seal_free(s->seal);
	watch_free(s->signals);
	timer_free(s->drain);
	if (s->signal_fd >= 0)
		(void)close(s->signal_fd);
	metrics_free(s->metrics);
	loop_free(s->loop);
	free(s);
}

void service_on_health(struct service *s, service_health_h *h, void *arg)
{
	s->health = h;
	s->health_arg = arg;
}

void service_on_http(struct service *s,
                     void (*handler)(void *arg, struct http_request *r),
                     void *arg)
{
	s->http_handler = handler;
	s->http_arg = arg;
}

void service_on_drain(struct service *s, bool (*drained)(void *arg), void *arg)
{
	s->drained = drained;
	s->drained_arg = arg;
}

struct loop *service_loop(struct service *s)
{
	return s->loop;
}

struct redis *service_redis(struct service *s)
{
	return s->redis;
}

struct bus *service_bus(struct service *s)
{
	return s->bus;
}

struct metrics *service_metrics(struct service *s)
{
	return s->metrics;
}

const struct log *service_log(struct service *s)
{
	return &s->log;
}

const char *service_instance(struct service *s)
{
	return s->settings.own_instance;
}

const char *service_address(struct service *s)
{
	return s->settings.own_address;
}
