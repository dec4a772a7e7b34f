/*
 * redis_conn.c - a connection to Redis that comes back by itself
 *
 * Writing waits for the end of the loop's turn (a timer of 0 ms), so that all
 * commands of a turn leave in one write.
 */
#include "store/redis_conn.h"

#include <errno.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <sys/random.h>

#include "base/log.h"
#include "loop/loop.h"

enum {
	RETRY_FIRST_MS = 50,
	RETRY_MAX_MS = 1000,
	ATTEMPT_MS = 1000, /* for connect and hello */
	RESOLVE_MS = 5000,
	RESOLVE_POLL_MS = 5
};

enum state { WAITING, RESOLVING, CONNECTING, UP };

struct redis_conn {
	struct loop *loop;     /* borrowed */
	const struct log *log; /* borrowed */
	struct redis_url url;
	redis_conn_h *handler;
	void *arg;
	enum state state;
	redisAsyncContext *ac; /* owned; NULL while WAITING, RESOLVING */
	struct watch *watch;
	int events; /* of the watch */
	struct timer *flush;
	struct timer *timer; /* next attempt, poll of the resolver, deadline */
	bool flush_started;
	bool complained; /* one line for an outage, not one an attempt */
	uint32_t retry_ms;
	uint64_t resolve_until;
	struct gaicb *lookup; /* owned; runs while RESOLVING */
};

static void attempt(struct redis_conn *c);

static void complain(struct redis_conn *c, const char *why)
{
	if (!c->complained)
		log_warn(c->log, "no Redis at %s:%u: %s", c->url.host,
		         c->url.port, why);
	c->complained = true;
}

static void retry(struct redis_conn *c)
{
	uint32_t ms = c->retry_ms, random;

	c->state = WAITING;
	c->retry_ms = 2 * ms > RETRY_MAX_MS ? RETRY_MAX_MS : 2 * ms;
	/* half to whole: many processes do not come back in step */
	if (getrandom(&random, sizeof(random), GRND_NONBLOCK) < 0)
		random = 0;
	timer_start(c->timer, ms / 2 + random % (ms / 2 + 1));
}

/* The context is gone or goes; from here on it is not ours. */
static void lost(struct redis_conn *c)
{
	bool was_up = c->state == UP;

	watch_free(c->watch);
	c->watch = NULL;
	c->events = 0;
	timer_stop(c->flush);
	c->flush_started = false;
	c->ac = NULL;
	retry(c);
	complain(c, "connection lost");
	if (was_up)
		c->handler(c->arg, false);
}

/* --- what hiredis asks of an event loop ---------------------------------- */

static void set_events(struct redis_conn *c, int events)
{
	c->events = events;
	if (c->watch)
		watch_set(c->watch, events);
}

static void add_read(void *arg)
{
	struct redis_conn *c = arg;

	set_events(c, c->events | LOOP_READ);
}

static void del_read(void *arg)
{
	struct redis_conn *c = arg;

	set_events(c, c->events & ~LOOP_READ);
}

static void add_write(void *arg)
{
	struct redis_conn *c = arg;

	if (c->state != UP) {
		set_events(c, c->events | LOOP_WRITE);
	} else if (!c->flush_started && !(c->events & LOOP_WRITE)) {
		c->flush_started = true;
		timer_start(c->flush, 0);
	}
}

static void del_write(void *arg)
{
	struct redis_conn *c = arg;

	set_events(c, c->events & ~LOOP_WRITE);
}

static void cleanup(void *arg)
{
	lost(arg);
}

static void on_flush(void *arg)
{
	struct redis_conn *c = arg;
	redisAsyncContext *ac = c->ac;

	/* While the flag stands add_write() is quiet; what the kernel did not
	 * take is left to a watch. */
	redisAsyncHandleWrite(ac);
	if (c->ac != ac)
		return; /* the write failed */
	c->flush_started = false;
	if (ac->c.obuf && ac->c.obuf[0] != '\0')
		set_events(c, c->events | LOOP_WRITE);
}

static void on_ready(void *arg, int events)
{
	struct redis_conn *c = arg;
	redisAsyncContext *ac = c->ac;

	if (events & LOOP_READ)
		redisAsyncHandleRead(ac);
	if (c->ac == ac && (events & LOOP_WRITE))
		redisAsyncHandleWrite(ac);
}

/* --- hello --------------------------------------------------------------- */

static void on_hello(redisAsyncContext *ac, void *r, void *arg)
{
	struct redis_conn *c = ac->data;
	const redisReply *reply = r;

	(void)arg;
	if (!reply || c->state != CONNECTING)
		return;
	if (reply->type == REDIS_REPLY_ERROR) {
		complain(c, reply->str);
		redisAsyncFree(ac);
		return;
	}
	if (strcmp(reply->str ? reply->str : "", "PONG") != 0)
		return; /* +OK of AUTH or SELECT */
	timer_stop(c->timer);
	c->state = UP;
	c->retry_ms = RETRY_FIRST_MS;
	if (c->complained)
		log_info(c->log, "Redis is back");
	c->complained = false;
	c->handler(c->arg, true);
}

static void on_connect(const redisAsyncContext *ac, int status)
{
	if (status != REDIS_OK)
		complain(ac->data, ac->errstr);
}

static void hello(struct redis_conn *c)
{
	const struct redis_url *u = &c->url;

	if (u->user[0])
		redisAsyncCommand(c->ac, on_hello, NULL, "AUTH %s %s", u->user,
		                  u->password);
	else if (u->password[0])
		redisAsyncCommand(c->ac, on_hello, NULL, "AUTH %s",
		                  u->password);
	if (u->db != 0)
		redisAsyncCommand(c->ac, on_hello, NULL, "SELECT %u", u->db);
	redisAsyncCommand(c->ac, on_hello, NULL, "PING");
}

static void connect_to(struct redis_conn *c, const char *address)
{
	redisAsyncContext *ac = redisAsyncConnect(address, c->url.port);

	c->state = CONNECTING;
	if (!ac || ac->err) {
		complain(c, ac ? ac->errstr : strerror(ENOMEM));
		if (ac)
			redisAsyncFree(ac);
		retry(c);
		return;
	}
	c->ac = ac;
	ac->data = c;
	ac->ev.data = c;
	ac->ev.addRead = add_read;
	ac->ev.delRead = del_read;
	ac->ev.addWrite = add_write;
	ac->ev.delWrite = del_write;
	ac->ev.cleanup = cleanup;
	(void)redisEnableKeepAlive(&ac->c);
	if (watch_alloc(&c->watch, c->loop, ac->c.fd, 0, on_ready, c) != 0) {
		redisAsyncFree(ac); /* calls lost() */
		return;
	}
	timer_start(c->timer, ATTEMPT_MS);
	redisAsyncSetConnectCallback(ac, on_connect);
	hello(c);
}

/* --- names --------------------------------------------------------------- */

static bool is_address(const char *host)
{
	struct in6_addr any;

	return inet_pton(AF_INET, host, &any) == 1 ||
	       inet_pton(AF_INET6, host, &any) == 1;
}

static void lookup_free(struct redis_conn *c)
{
	if (!c->lookup)
		return;
	/* One that can not be cancelled ends within the resolver's own
	 * timeout; its memory is then lost, which beats waiting for it. */
	if (gai_cancel(c->lookup) != EAI_NOTCANCELED) {
		if (c->lookup->ar_result)
			freeaddrinfo(c->lookup->ar_result);
		free(c->lookup);
	}
	c->lookup = NULL;
}

static void resolve(struct redis_conn *c)
{
	size_t size = strlen(c->url.host) + 1;
	char *name;

	c->lookup = calloc(1, sizeof(*c->lookup) + size);
	if (!c->lookup) {
		retry(c);
		return;
	}
	name = (char *)(c->lookup + 1);
	memcpy(name, c->url.host, size);
	c->lookup->ar_name = name;
	if (getaddrinfo_a(GAI_NOWAIT, &c->lookup, 1, NULL) != 0) {
		free(c->lookup);
		c->lookup = NULL;
		retry(c);
		return;
	}
	c->state = RESOLVING;
	c->resolve_until = loop_now_ms() + RESOLVE_MS;
	timer_start(c->timer, RESOLVE_POLL_MS);
}

static void on_resolve(struct redis_conn *c)
{
	char address[INET6_ADDRSTRLEN] = "";
	const struct addrinfo *ai;
	int err = gai_error(c->lookup);

	if (err == EAI_INPROGRESS && loop_now_ms() < c->resolve_until) {
		timer_start(c->timer, RESOLVE_POLL_MS);
		return;
	}
	ai = err == 0 ? c->lookup->ar_result : NULL;
	if (ai)
		err = getnameinfo(ai->ai_addr, ai->ai_addrlen, address,
		                  sizeof(address), NULL, 0, NI_NUMERICHOST);
	lookup_free(c);
	if (address[0]) {
		connect_to(c, address);
	} else {
		complain(c, gai_strerror(err));
		retry(c);
	}
}

static void attempt(struct redis_conn *c)
{
	if (is_address(c->url.host))
		connect_to(c, c->url.host);
	else
		resolve(c);
}

static void on_timer(void *arg)
{
	struct redis_conn *c = arg;

	switch (c->state) {
	case WAITING: attempt(c); break;
	case RESOLVING: on_resolve(c); break;
	case CONNECTING:
		complain(c, "no answer");
		redisAsyncFree(c->ac);
		break;
	case UP: break;
	}
}

/* --- the interface ------------------------------------------------------- */

int redis_conn_alloc(struct redis_conn **cp, struct loop *loop,
                     const struct log *log, const struct redis_url *url,
                     redis_conn_h *handler, void *arg)
{
	struct redis_conn *c = calloc(1, sizeof(*c));
	int err = ENOMEM;

	if (!c)
		goto out;
	c->loop = loop;
	c->log = log;
	c->url = *url;
	c->handler = handler;
	c->arg = arg;
	c->retry_ms = RETRY_FIRST_MS;
	err = timer_alloc(&c->flush, loop, on_flush, c);
	if (err)
		goto out;
	err = timer_alloc(&c->timer, loop, on_timer, c);
	if (err)
		goto out;
	timer_start(c->timer, 0);
out:
	if (err)
		redis_conn_free(c);
	else
		*cp = c;
	return err;
}

static void ignore(void *arg, bool up)
{
	(void)arg;
	(void)up;
}

void redis_conn_free(struct redis_conn *c)
{
	if (!c)
		return;
	c->handler = ignore;
	c->complained = true; /* nobody lost anything */
	if (c->ac)
		redisAsyncFree(c->ac);
	lookup_free(c);
	timer_free(c->flush);
	timer_free(c->timer);
	free(c);
}

redisAsyncContext *redis_conn_context(const struct redis_conn *c)
{
	if (c->state != UP || c->ac->err ||
	    c->ac->c.flags & (REDIS_DISCONNECTING | REDIS_FREEING))
		return NULL;
	return c->ac;
}

void redis_conn_drop(struct redis_conn *c, const char *why)
{
	if (!c->ac)
		return;
	complain(c, why);
	redisAsyncFree(c->ac);
}
