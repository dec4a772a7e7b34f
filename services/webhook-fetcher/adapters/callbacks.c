/*
 * callbacks.c - status callbacks under way: the Redis stream `callbacks`
 */
#include "adapters/callbacks.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/queue.h>

#include "adapters/callbacks_lua.h"
#include "base/hash.h"
#include "base/log.h"
#include "loop/loop.h"
#include "store/redis.h"
#include "store/seal.h"

static const char group[] = "fetchers";
static const char stream[] = "callbacks";
static const char secret_field[] = "callback_url"; /* may hold a password */

/* An entry that is ours */
struct held {
	struct hash_entry hash;
	TAILQ_ENTRY(held) link;
	bool done; /* delivered; Redis is still to hear of it */
	struct callbacks *callbacks;
	char entry[CALLBACKS_ENTRY_MAX];
};

struct callbacks {
	struct callbacks_config cfg;
	struct timer *timer;
	struct hash table;
	TAILQ_HEAD(, held) held;
	TAILQ_HEAD(, adding) adding;
	bool began; /* what a predecessor of our name left was taken */
	struct redis_script add, take, end;
};

/* Who waits for an entry to be stored */
struct adding {
	TAILQ_ENTRY(adding) link;
	struct callbacks *callbacks;
	callbacks_stored_h *handler;
	void *arg;
};

static struct held *hold(struct callbacks *c, const char *entry)
{
	struct hash_entry *e = hash_find(&c->table, entry);
	struct held *h;

	if (e)
		return NULL; /* it is in hand already */
	h = calloc(1, sizeof(*h));
	if (!h)
		return NULL;
	h->callbacks = c;
	(void)snprintf(h->entry, sizeof(h->entry), "%s", entry);
	hash_add(&c->table, &h->hash, h->entry);
	TAILQ_INSERT_TAIL(&c->held, h, link);
	return h;
}

static void let_go(struct held *h)
{
	struct callbacks *c = h->callbacks;

	redis_cancel(c->cfg.redis, h);
	hash_remove(&c->table, &h->hash);
	TAILQ_REMOVE(&c->held, h, link);
	free(h);
}

static void forget(struct adding *a)
{
	TAILQ_REMOVE(&a->callbacks->adding, a, link);
	free(a);
}

static void on_stored(void *arg, int err, const redisReply *reply)
{
	struct adding a = *(struct adding *)arg;
	const char *entry = "";
	bool known = false;

	forget(arg);
	if (!err && reply->type == REDIS_REPLY_NIL)
		err = EBUSY;
	else if (!err &&
	         (reply->type != REDIS_REPLY_ARRAY || reply->elements != 2 ||
	          reply->element[0]->len >= CALLBACKS_ENTRY_MAX))
		err = EPROTO;
	if (!err) {
		entry = reply->element[0]->str;
		known = reply->element[1]->integer != 0;
	}
	if (!err && !known && !hold(a.callbacks, entry))
		log_warn(a.callbacks->cfg.log, "callback %s is not held",
		         entry);
	a.handler(a.arg, err, entry, known);
}

int callbacks_add(struct callbacks *c, const struct callback *cb,
                  callbacks_stored_h *handler, void *arg)
{
	char key[160] = "callback:", max[16], *sealed = NULL;
	int err =
		redis_seal_field(c->cfg.redis, secret_field, cb->url, &sealed);
	const char *url = sealed ? sealed : cb->url;
	const char *argv[] = {stream,          key,        group,
	                      c->cfg.instance, max,        cb->account_sid,
	                      cb->call_sid,    cb->method, url,
	                      cb->body,        cb->key};
	struct adding *a = err ? NULL : malloc(sizeof(*a));

	if (!a) {
		free(sealed);
		return ENOMEM;
	}
	*a = (struct adding){.callbacks = c, .handler = handler, .arg = arg};
	TAILQ_INSERT_TAIL(&c->adding, a, link);
	(void)snprintf(key, sizeof(key), "callback:%s", cb->key);
	(void)snprintf(max, sizeof(max), "%d", CALLBACKS_STREAM_MAX);
	err = redis_eval(c->cfg.redis, &c->add, on_stored, a, 2,
	                 sizeof(argv) / sizeof(*argv), argv, NULL);
	free(sealed);
	if (err)
		forget(a);
	return err;
}

static void on_ended(void *arg, int err, const redisReply *reply)
{
	(void)reply;
	if (!err)
		let_go(arg); /* otherwise the next tick says it again */
}

static void tell_ended(struct held *h)
{
	struct callbacks *c = h->callbacks;
	const char *argv[] = {stream, group, h->entry};

	(void)redis_eval(c->cfg.redis, &c->end, on_ended, h, 1, 3, argv, NULL);
}

static struct held *find(const struct callbacks *c, const char *entry)
{
	struct hash_entry *e = hash_find(&c->table, entry);

	return e ? hash_object(e, struct held, hash) : NULL;
}

void callbacks_done(struct callbacks *c, const char *entry)
{
	struct held *h = find(c, entry);

	if (!h || h->done)
		return;
	h->done = true;
	tell_ended(h);
}

void callbacks_drop(struct callbacks *c, const char *entry)
{
	struct held *h = find(c, entry);
	const char *argv[] = {"XCLAIM",        stream, group,
	                      c->cfg.instance, "0",    entry,
	                      "RETRYCOUNT",    "0",    "JUSTID"};

	if (!h)
		return;
	let_go(h);
	/* It is not at fault: this try does not count. */
	(void)redis_argv(c->cfg.redis, NULL, NULL, sizeof(argv) / sizeof(*argv),
	                 argv, NULL);
}

/* The value of a field in a stream entry's flat list, "" when absent */
static const char *field(const redisReply *list, const char *name)
{
	for (size_t i = 0; i + 1 < list->elements; i += 2) {
		if (list->element[i]->str && list->element[i + 1]->str &&
		    strcmp(list->element[i]->str, name) == 0)
			return list->element[i + 1]->str;
	}
	return "";
}

/* @p row: id, how many processes had it, fields */
static void take_row(struct callbacks *c, const redisReply *row)
{
	struct callback cb;
	char *opened = NULL;
	const char *entry, *url;

	if (row->type != REDIS_REPLY_ARRAY || row->elements != 3 ||
	    !row->element[0]->str ||
	    row->element[0]->len >= CALLBACKS_ENTRY_MAX)
		return;
	entry = row->element[0]->str;
	url = field(row->element[2], "url");
	if (redis_open_field(c->cfg.redis, secret_field, url, &opened))
		return; /* stays for who has the key */
	cb = (struct callback){
		.account_sid = field(row->element[2], "account_sid"),
		.call_sid = field(row->element[2], "call_sid"),
		.method = field(row->element[2], "method"),
		.url = opened ? opened : url,
		.body = field(row->element[2], "body"),
		.key = field(row->element[2], "key"),
	};
	if (row->element[1]->integer >= CALLBACKS_TRIES_MAX)
		c->cfg.lost(c->cfg.arg, &cb);
	else if (hold(c, entry))
		c->cfg.deliver(c->cfg.arg, entry, &cb);
	seal_cleanse(opened);
}

static void on_taken(void *arg, int err, const redisReply *reply)
{
	struct callbacks *c = arg;

	if (err) {
		log_warn(c->cfg.log, "callbacks can not be taken over: %s",
		         err == EPROTO && reply ? reply->str : strerror(err));
		return;
	}
	c->began = true;
	if (reply->type != REDIS_REPLY_ARRAY)
		return;
	if (reply->elements)
		log_info(c->cfg.log, "%zu callbacks taken over",
		         reply->elements);
	for (size_t i = 0; i < reply->elements; i++)
		take_row(c, reply->element[i]);
}

/* Take what dead instances left; the first time also what a predecessor of
 * our own name left, at once. */
static void take_over(struct callbacks *c)
{
	char idle[16], tries[16], batch[16];
	const char *argv[] = {stream, group, c->cfg.instance,     idle,
	                      tries,  batch, c->began ? "0" : "1"};

	(void)snprintf(idle, sizeof(idle), "%d", CALLBACKS_IDLE_MS);
	(void)snprintf(tries, sizeof(tries), "%d", CALLBACKS_TRIES_MAX);
	(void)snprintf(batch, sizeof(batch), "%d", CALLBACKS_BATCH);
	(void)redis_eval(c->cfg.redis, &c->take, on_taken, c, 1,
	                 sizeof(argv) / sizeof(*argv), argv, NULL);
}

/* Entries under way are ours still: reset their idle time. */
static void say_alive(struct callbacks *c)
{
	const char *argv[5 + CALLBACKS_BATCH + 1] = {"XCLAIM", stream, group,
	                                             c->cfg.instance, "0"};
	int n = 5;
	struct held *h;

	TAILQ_FOREACH (h, &c->held, link) {
		if (h->done) {
			tell_ended(h);
			continue;
		}
		argv[n++] = h->entry;
		if (n < 5 + CALLBACKS_BATCH)
			continue;
		argv[n++] = "JUSTID";
		(void)redis_argv(c->cfg.redis, NULL, NULL, n, argv, NULL);
		n = 5;
	}
	if (n == 5)
		return;
	argv[n++] = "JUSTID";
	(void)redis_argv(c->cfg.redis, NULL, NULL, n, argv, NULL);
}

static void on_tick(void *arg)
{
	struct callbacks *c = arg;

	if (!c->cfg.ready(c->cfg.arg)) {
		timer_start(c->timer, CALLBACKS_SOON_MS);
		return;
	}
	timer_start(c->timer, CALLBACKS_TICK_MS);
	if (!redis_up(c->cfg.redis))
		return;
	say_alive(c);
	take_over(c);
}

void callbacks_look(struct callbacks *c)
{
	timer_start(c->timer, 0);
}

static void on_up(void *arg)
{
	callbacks_look(arg);
}

int callbacks_alloc(struct callbacks **cp, const struct callbacks_config *cfg)
{
	struct callbacks *c = calloc(1, sizeof(*c));
	int err = ENOMEM;

	if (!c)
		return err;
	c->cfg = *cfg;
	c->add.source = callbacks_lua_add;
	c->take.source = callbacks_lua_take;
	c->end.source = callbacks_lua_end;
	TAILQ_INIT(&c->held);
	TAILQ_INIT(&c->adding);
	err = hash_init(&c->table);
	if (!err)
		err = timer_alloc(&c->timer, cfg->loop, on_tick, c);
	if (err) {
		callbacks_free(c);
		return err;
	}
	redis_on_up(cfg->redis, on_up, c);
	timer_start(c->timer, CALLBACKS_TICK_MS);
	*cp = c;
	return 0;
}

void callbacks_free(struct callbacks *c)
{
	struct adding *a, *next_a;
	struct held *h, *next_h;

	if (!c)
		return;
	redis_cancel(c->cfg.redis, c);
	for (a = TAILQ_FIRST(&c->adding); a; a = next_a) {
		next_a = TAILQ_NEXT(a, link);
		redis_cancel(c->cfg.redis, a);
		a->handler(a->arg, ECANCELED, "", false);
		free(a);
	}
	for (h = TAILQ_FIRST(&c->held); h; h = next_h) {
		next_h = TAILQ_NEXT(h, link);
		redis_cancel(c->cfg.redis, h);
		free(h);
	}
	hash_close(&c->table);
	timer_free(c->timer);
	free(c);
}
