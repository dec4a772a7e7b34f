/*
 * sure.c - commands that Redis must get, even when it is away or stands still
 *
 *     KEPT ──sent──► ASKED ──answered──► freed
 *       ▲              │
 *       └──no answer───┘
 */
#include "store/sure.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <sys/queue.h>

#include "base/log.h"
#include "loop/loop.h"
#include "store/redis.h"

enum { AGAIN_MS = 1000 };

struct kept {
	TAILQ_ENTRY(kept) entry;
	struct sure *sure;
	bool asked;
	struct redis_script *script; /* NULL = a plain command; borrowed */
	int n_keys, argc;
	char *argv[]; /* what they point at comes behind them */
};

TAILQ_HEAD(kept_list, kept);

struct sure {
	struct redis *redis;   /* borrowed */
	const struct log *log; /* borrowed */
	struct timer *timer;
	struct kept_list list;
	size_t n, unsent;
};

static void drop(struct sure *s, struct kept *k)
{
	TAILQ_REMOVE(&s->list, k, entry);
	s->n--;
	s->unsent -= !k->asked;
	free(k);
}

/* What Redis refuses it would refuse again. */
static void on_reply(void *arg, int err, const redisReply *reply)
{
	struct kept *k = arg;
	struct sure *s = k->sure;

	if (!err || err == EPROTO) {
		if (err)
			log_error(s->log, "Redis refused %s: %s", k->argv[0],
			          reply->str);
		drop(s, k);
		return;
	}
	k->asked = false;
	if (s->unsent++ == 0) /* else it runs, or Redis is away */
		timer_start(s->timer, AGAIN_MS);
}

static int ask(struct kept *k)
{
	const char *const *argv = (const char *const *)k->argv;
	struct redis *r = k->sure->redis;
	int err = k->script ? redis_eval(r, k->script, on_reply, k, k->n_keys,
	                                 k->argc, argv, NULL)
	                    : redis_argv(r, on_reply, k, k->argc, argv, NULL);

	k->asked = !err;
	k->sure->unsent -= k->asked;
	return err;
}

/* In order: behind one that can not be sent none is. */
static void send_all(void *arg)
{
	struct sure *s = arg;
	struct kept *k;

	if (!redis_up(s->redis))
		return;
	TAILQ_FOREACH (k, &s->list, entry) {
		if (k->asked || ask(k) == 0)
			continue;
		timer_start(s->timer, AGAIN_MS);
		return;
	}
}

static struct kept *copy(int argc, const char *const *argv)
{
	size_t text = 0;
	struct kept *k;
	char *to;

	for (int i = 0; i < argc; i++)
		text += strlen(argv[i]) + 1;
	k = calloc(1, sizeof(*k) + (size_t)argc * sizeof(*k->argv) + text);
	if (!k)
		return NULL;
	to = (char *)&k->argv[argc];
	for (; k->argc < argc; k->argc++) {
		k->argv[k->argc] = to;
		to = stpcpy(to, argv[k->argc]) + 1;
	}
	return k;
}

static void keep(struct sure *s, struct redis_script *script, int n_keys,
                 int argc, const char *const *argv)
{
	struct kept *k = s->n < SURE_MAX ? copy(argc, argv) : NULL;

	if (!k) {
		log_error(s->log,
		          "%s is not written down: too much waits for "
		          "Redis",
		          argv[0]);
		return;
	}
	k->sure = s;
	k->script = script;
	k->n_keys = n_keys;
	TAILQ_INSERT_TAIL(&s->list, k, entry);
	s->n++;
	s->unsent++;
	if (s->unsent > 1) /* not before those that wait */
		return;
	if (ask(k))
		timer_start(s->timer, AGAIN_MS);
}

void sure_argv(struct sure *s, int argc, const char *const *argv)
{
	keep(s, NULL, 0, argc, argv);
}

void sure_eval(struct sure *s, struct redis_script *script, int n_keys,
               int argc, const char *const *argv)
{
	keep(s, script, n_keys, argc, argv);
}

int sure_alloc(struct sure **sp, struct loop *loop, struct redis *redis,
               const struct log *log)
{
	struct sure *s = calloc(1, sizeof(*s));
	int err = ENOMEM;

	if (!s)
		return ENOMEM;
	s->redis = redis;
	s->log = log;
	TAILQ_INIT(&s->list);
	err = timer_alloc(&s->timer, loop, send_all, s);
	if (err) {
		free(s);
		return err;
	}
	*sp = s;
	redis_on_up(redis, send_all, s);
	return 0;
}

void sure_free(struct sure *s)
{
	struct kept *k, *next;

	if (!s)
		return;
	redis_cancel(s->redis, s);
	for (k = TAILQ_FIRST(&s->list); k; k = next) {
		next = TAILQ_NEXT(k, entry);
		redis_cancel(s->redis, k);
		free(k);
	}
	timer_free(s->timer);
	free(s);
}
