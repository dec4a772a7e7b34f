/*
 * bins.c - TwiML Bins: `bin:<EH…>` in Redis, with a short cache
 */
#include "adapters/bins.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/queue.h>

#include "base/hash.h"
#include "base/sid.h"
#include "loop/loop.h"
#include "store/redis.h"
#include "store/seal.h"

struct cached {
	struct hash_entry entry;
	TAILQ_ENTRY(cached) link;
	uint64_t read_at; /* monotonic [ms] */
	char sid[SID_SIZE];
	struct bin bin; /* its strings are in text */
	char text[];
};

/* A question to Redis that is open */
struct asked {
	TAILQ_ENTRY(asked) link;
	struct bins *bins;
	bins_found_h *handler;
	void *arg;
	uint64_t changes; /* of the configuration, when it was asked */
	char sid[SID_SIZE];
};

struct bins {
	struct redis *redis; /* borrowed */
	struct hash table;
	TAILQ_HEAD(, cached) order; /* oldest first */
	TAILQ_HEAD(, asked) asked;
	uint64_t changes;
};

static void drop(struct bins *b, struct cached *c)
{
	hash_remove(&b->table, &c->entry);
	TAILQ_REMOVE(&b->order, c, link);
	free(c);
}

static void drop_all(struct bins *b)
{
	struct cached *c, *next;

	for (c = TAILQ_FIRST(&b->order); c; c = next) {
		next = TAILQ_NEXT(c, link);
		hash_remove(&b->table, &c->entry);
		free(c);
	}
	TAILQ_INIT(&b->order);
}

static void on_change(void *arg, const char *payload)
{
	struct bins *b = arg;

	(void)payload;
	b->changes++;
	drop_all(b);
}

/* What was published while Redis was away was not heard. */
static void on_up(void *arg)
{
	on_change(arg, "");
}

int bins_alloc(struct bins **bp, struct redis *redis)
{
	struct bins *b = calloc(1, sizeof(*b));
	int err = ENOMEM;

	if (!b)
		return err;
	b->redis = redis;
	TAILQ_INIT(&b->order);
	TAILQ_INIT(&b->asked);
	err = hash_init(&b->table);
	if (!err)
		err = redis_subscribe(redis, "config", on_change, b);
	if (err) {
		bins_free(b);
		return err;
	}
	redis_on_up(redis, on_up, b);
	*bp = b;
	return 0;
}

void bins_free(struct bins *b)
{
	struct asked *a, *next;

	if (!b)
		return;
	for (a = TAILQ_FIRST(&b->asked); a; a = next) {
		next = TAILQ_NEXT(a, link);
		redis_cancel(b->redis, a);
		a->handler(a->arg, ECANCELED, NULL);
		free(a);
	}
	drop_all(b);
	hash_close(&b->table);
	free(b);
}

static const struct bin *from_cache(struct bins *b, const char *sid)
{
	struct hash_entry *e = hash_find(&b->table, sid);
	struct cached *c;

	if (!e)
		return NULL;
	c = hash_object(e, struct cached, entry);
	if (loop_now_ms() - c->read_at < BINS_CACHE_S * 1000ULL)
		return &c->bin;
	drop(b, c);
	return NULL;
}

static void keep(struct bins *b, const char *sid, const struct bin *bin)
{
	size_t n_account = strlen(bin->account_sid) + 1;
	size_t n_twiml = strlen(bin->twiml) + 1;
	struct cached *c;

	if (from_cache(b, sid))
		return;
	c = calloc(1, sizeof(*c) + n_account + n_twiml);
	if (!c)
		return;
	if (b->table.n >= BINS_CACHE_MAX)
		drop(b, TAILQ_FIRST(&b->order));
	memcpy(c->sid, sid, SID_SIZE);
	c->bin.account_sid = memcpy(c->text, bin->account_sid, n_account);
	c->bin.twiml = memcpy(c->text + n_account, bin->twiml, n_twiml);
	c->read_at = loop_now_ms();
	hash_add(&b->table, &c->entry, c->sid);
	TAILQ_INSERT_TAIL(&b->order, c, link);
}

static void give(const struct asked *a, const char *account_sid,
                 const char *twiml)
{
	char *opened = NULL;
	int err = redis_open_field(a->bins->redis, "twiml", twiml, &opened);
	struct bin bin = {account_sid, opened ? opened : twiml};

	if (!err && a->changes == a->bins->changes)
		keep(a->bins, a->sid, &bin);
	a->handler(a->arg, err, err ? NULL : &bin);
	seal_cleanse(opened);
}

static void on_read(void *arg, int err, const redisReply *reply)
{
	struct asked a = *(struct asked *)arg;

	TAILQ_REMOVE(&a.bins->asked, (struct asked *)arg, link);
	free(arg);
	if (!err && (reply->type != REDIS_REPLY_ARRAY || reply->elements != 2))
		err = EPROTO;
	if (err) {
		a.handler(a.arg, err, NULL);
		return;
	}
	if (reply->element[1]->type != REDIS_REPLY_STRING) {
		a.handler(a.arg, 0, NULL);
		return;
	}
	give(&a, redis_text_at(reply, 0), redis_text_at(reply, 1));
}

void bins_find(struct bins *b, const char *sid, bins_found_h *handler,
               void *arg)
{
	const struct bin *bin = from_cache(b, sid);
	struct asked *a;
	int err;

	if (bin) {
		handler(arg, 0, bin);
		return;
	}
	a = calloc(1, sizeof(*a));
	if (!a) {
		handler(arg, ENOMEM, NULL);
		return;
	}
	a->bins = b;
	a->handler = handler;
	a->arg = arg;
	a->changes = b->changes;
	(void)snprintf(a->sid, sizeof(a->sid), "%s", sid);
	TAILQ_INSERT_TAIL(&b->asked, a, link);
	err = redis_command(b->redis, on_read, a,
	                    "HMGET bin:%s account_sid twiml", sid);
	if (err) {
		TAILQ_REMOVE(&b->asked, a, link);
		free(a);
		handler(arg, err, NULL);
	}
}
