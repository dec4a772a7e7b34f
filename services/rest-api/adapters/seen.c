/*
 * seen.c - which process has read which version of the configuration
 */
#include "seen.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "loop/loop.h"
#include "store/redis.h"

enum { NAME_SIZE = 128 };

struct instance {
	char name[NAME_SIZE];
	uint64_t version;
};

struct waiting {
	struct waiting *next;
	uint64_t version;
	uint64_t until_ms;
	void (*handler)(void *arg);
	void *arg;
};

struct seen {
	struct redis *redis; /* borrowed */
	struct timer *timer;
	struct instance instances[SEEN_INSTANCES_MAX];
	size_t n;
	bool asking, again; /* all is asked for; somebody told since then */
	struct waiting *first, **last; /* in the order of their deadlines */
};

static bool all_have(const struct seen *s, uint64_t version)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->instances[i].version < version)
			return false;
	return true;
}

static void end_first(struct seen *s)
{
	struct waiting *w = s->first;

	s->first = w->next;
	if (!s->first)
		s->last = &s->first;
	w->handler(w->arg);
	free(w);
}

/* Versions grow, so who waits longest is served first. */
static void serve(struct seen *s)
{
	while (s->first && all_have(s, s->first->version))
		end_first(s);
}

static void forget(struct seen *s, size_t at)
{
	(void)redis_command(s->redis, NULL, NULL, "HDEL config:seen %s",
	                    s->instances[at].name);
	s->instances[at] = s->instances[--s->n];
}

/* Whoever does not have it by now is gone, or stands still. */
static void on_timer(void *arg)
{
	struct seen *s = arg;
	uint64_t now = loop_now_ms();

	while (s->first && s->first->until_ms <= now) {
		for (size_t i = s->n; i > 0; i--)
			if (s->instances[i - 1].version < s->first->version)
				forget(s, i - 1);
		serve(s);
	}
	if (s->first)
		timer_start(s->timer, (uint32_t)(s->first->until_ms - now));
}

/* --- what they tell ------------------------------------------------------------- */

static void take(struct seen *s, const char *name, const char *version)
{
	struct instance *in = NULL;

	for (size_t i = 0; i < s->n && !in; i++)
		if (strcmp(s->instances[i].name, name) == 0)
			in = &s->instances[i];
	if (!in) {
		if (s->n == SEEN_INSTANCES_MAX || strlen(name) >= NAME_SIZE)
			return;
		in = &s->instances[s->n++];
		memcpy(in->name, name, strlen(name) + 1);
	}
	in->version = strtoull(version, NULL, 10);
}

static void on_all(void *arg, int err, const redisReply *reply);

/* All processes tell at about the same time: one question is under way. */
static void read_all(void *arg)
{
	struct seen *s = arg;

	if (s->asking)
		s->again = true;
	else if (!redis_command(s->redis, on_all, s, "HGETALL config:seen"))
		s->asking = true;
}

static void on_all(void *arg, int err, const redisReply *reply)
{
	struct seen *s = arg;
	bool again = s->again && !err;

	s->asking = s->again = false;
	if (again)
		read_all(s);
	if (err || reply->type != REDIS_REPLY_ARRAY)
		return;
	for (size_t i = 0; i + 1 < reply->elements; i += 2)
		take(s, reply->element[i]->str, reply->element[i + 1]->str);
	serve(s);
}

static void on_told(void *arg, const char *payload)
{
	(void)payload;
	read_all(arg);
}

/* --- life ----------------------------------------------------------------------- */

int seen_alloc(struct seen **sp, struct loop *loop, struct redis *redis)
{
	struct seen *s = calloc(1, sizeof(*s));
	int err = ENOMEM;

	if (!s)
		return ENOMEM;
	s->redis = redis;
	s->last = &s->first;
	err = timer_alloc(&s->timer, loop, on_timer, s);
	if (!err)
		err = redis_subscribe(redis, "config-seen", on_told, s);
	if (err) {
		seen_free(s);
		return err;
	}
	redis_on_up(redis, read_all, s);
	*sp = s;
	return 0;
}

void seen_free(struct seen *s)
{
	if (!s)
		return;
	redis_cancel(s->redis, s);
	while (s->first)
		end_first(s);
	timer_free(s->timer);
	free(s);
}

void seen_wait(struct seen *s, uint64_t version, void (*handler)(void *arg),
               void *arg)
{
	struct waiting *w;

	if (all_have(s, version) || !(w = calloc(1, sizeof(*w)))) {
		handler(arg);
		return;
	}
	*w = (struct waiting){.version = version,
	                      .until_ms = loop_now_ms() + SEEN_MS,
	                      .handler = handler,
	                      .arg = arg};
	*s->last = w;
	s->last = &w->next;
	if (s->first == w)
		timer_start(s->timer, SEEN_MS);
}
