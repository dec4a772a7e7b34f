/*
 * orphans.c - the calls of a controller that nobody hears
 */
#include "orphans.h"

#include <stdio.h>
#include <string.h>

#include "app.h"
#include "ask.h"
#include "base/service.h"
#include "bus/bus.h"
#include "store/redis.h"

struct search {
	struct ask ask;
	char instance[64];
	bool known, anew;
	char started[64]; /* when it was, as far as we know */
	orphans_h *handler;
	void *arg;
};

static bool is_me(const struct search *s)
{
	return strcmp(s->instance, service_instance(s->ask.app->service)) == 0;
}

static void on_started(void *arg, int err, const redisReply *reply)
{
	struct search *s = arg;

	s->anew = !err && s->known && reply->type == REDIS_REPLY_STRING &&
	          strcmp(reply->str, s->started) != 0;
}

static void on_calls(void *arg, int err, const redisReply *reply)
{
	struct search *s = arg;
	struct app *app = s->ask.app;

	if (!err && reply->type == REDIS_REPLY_ARRAY && !s->anew) {
		for (size_t i = 0; i < reply->elements; i++)
			s->handler(s->arg, s->instance, reply->element[i]->str);
		if (reply->elements == 0 && !is_me(s))
			(void)redis_command(app->redis, NULL, NULL,
			                    "SREM controllers %s", s->instance);
	}
	ask_free(&s->ask);
}

static void remember_start(struct search *s)
{
	const struct peer *p = peers_find(bus_peers(s->ask.app->bus),
	                                  "call-controller", s->instance);

	if (!p || is_me(s))
		return;
	s->known = true;
	(void)snprintf(s->started, sizeof(s->started), "%s", p->started);
}

void orphans_find(struct app *app, const char *instance, orphans_h *handler,
                  void *arg)
{
	struct search *s = ask_alloc(app, sizeof(*s), "");

	if (!s)
		return;
	(void)snprintf(s->instance, sizeof(s->instance), "%s", instance);
	s->handler = handler;
	s->arg = arg;
	remember_start(s);
	/* In this order: what it began anew is not in the list by then. */
	if (redis_command(app->redis, on_started, s,
	                  "HGET service:call-controller:%s started",
	                  instance) ||
	    redis_command(app->redis, on_calls, s,
	                  "SMEMBERS controller:%s:calls", instance)) {
		redis_cancel(app->redis, s);
		ask_free(&s->ask);
	}
}
