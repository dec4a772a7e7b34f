/*
 * loss.c - has Redis lost what was written to it?
 */
#include "adapters/loss.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/random.h"
#include "loop/loop.h"
#include "store/redis.h"

enum { WORD_SIZE = 41 };

struct loss {
	struct redis *redis; /* borrowed */
	struct timer *poll;
	void (*handler)(void *arg);
	void *arg;
	struct random_pool random;
	char run_id[WORD_SIZE]; /* "" = not known yet, as the next */
	char mark[WORD_SIZE];
};

/* Remember a word. Was it another one before? */
static bool changed(char known[WORD_SIZE], const char *now)
{
	bool other = known[0] && strcmp(known, now) != 0;

	(void)snprintf(known, WORD_SIZE, "%s", now);
	return other;
}

static void on_info(void *arg, int err, const redisReply *reply)
{
	struct loss *l = arg;
	char run_id[WORD_SIZE] = "";
	const char *at;

	if (err || reply->type != REDIS_REPLY_STRING)
		return;
	at = strstr(reply->str, "run_id:");
	if (at)
		(void)sscanf(at, "run_id:%40[0-9a-f]", run_id);
	if (!changed(l->run_id, run_id))
		return;
	l->mark[0] = '\0'; /* told once */
	l->handler(l->arg);
}

static void on_mark(void *arg, int err, const redisReply *reply)
{
	struct loss *l = arg;

	if (!err && reply->type == REDIS_REPLY_STRING &&
	    changed(l->mark, reply->str))
		l->handler(l->arg);
}

static void look(void *arg)
{
	struct loss *l = arg;

	(void)redis_command(l->redis, NULL, NULL,
	                    "SET bindings:mark %016" PRIx64 " NX",
	                    random_take(&l->random));
	(void)redis_command(l->redis, on_mark, l, "GET bindings:mark");
	timer_start(l->poll, LOSS_POLL_MS);
}

static void on_up(void *arg)
{
	struct loss *l = arg;

	(void)redis_command(l->redis, on_info, l, "INFO server");
	look(l);
}

int loss_alloc(struct loss **lp, struct loop *loop, struct redis *redis,
               void (*handler)(void *arg), void *arg)
{
	struct loss *l = calloc(1, sizeof(*l));
	int err = ENOMEM;

	if (!l)
		goto out;
	l->redis = redis;
	l->handler = handler;
	l->arg = arg;
	err = timer_alloc(&l->poll, loop, look, l);
	if (err)
		goto out;
	timer_start(l->poll, LOSS_POLL_MS);
	redis_on_up(redis, on_up, l);
out:
	if (err)
		loss_free(l);
	else
		*lp = l;
	return err;
}

void loss_free(struct loss *l)
{
	if (!l)
		return;
	redis_cancel(l->redis, l);
	timer_free(l->poll);
	free(l);
}
