/*
 * adopt.c - calls of a controller that died: taken over, and gone on with
 */
#include "adopt.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "ask.h"
#include "base/metrics.h"
#include "base/service.h"
#include "handover.h"
#include "loop/loop.h"
#include "orphans.h"
#include "restore.h"
#include "sip.h"
#include "snapshot.h"
#include "store.h"
#include "store/redis.h"

enum { WATCH_MS = 250 }; /* after the 1.5 s in which a death is noticed */
enum { WATCH_FIRST_MS = 3000 }; /* until the peers are known for sure */
enum { HEARD_MS = 1500 };       /* one that has started is heard in that */
enum { OWNER_ALIVE_MS = 300 };  /* ask again: is it really alive? */
enum { OWNER_ALIVE_TRIES = 8 };

struct adopt {
	struct app *app; /* borrowed */
	struct timer *watch;
	size_t n_open;     /* adoptions under way */
	uint64_t began_ms; /* monotonic */
};

/* ARGV: the owner that it is expected to have, and the new one */
static struct redis_script take_script = {
	.source = "local o = redis.call('HGET', KEYS[1], 'owner')\n"
		  "if not o then return 'gone' end\n"
		  "if o ~= ARGV[1] then return 'other' end\n"
		  "local e = redis.call('HGET', KEYS[1], 'epoch') or '0'\n"
		  "e = string.format('%d', tonumber(e) + 1)\n"
		  "redis.call('HSET', KEYS[1], 'owner', ARGV[2], 'epoch', e)\n"
		  "return redis.call('HGETALL', KEYS[1])\n",
};

struct adoption {
	struct ask ask;
	char owner[64]; /**< before us */
	unsigned tries;
	int err; /**< of what was read so far */
	struct restore restore;
};

static const char *me(const struct adopt *a)
{
	return service_instance(a->app->service);
}

static const struct peer *peer(const struct adopt *a, const char *instance)
{
	return peers_find(bus_peers(a->app->bus), "call-controller", instance);
}

static bool alive(const struct adopt *a, const char *instance)
{
	const struct peer *p = peer(a, instance);

	return p && p->alive;
}

/* Not heard, and not only because it has just been started */
static bool dead(const struct adopt *a, const char *instance)
{
	const struct peer *p = peer(a, instance);

	return !p || (!p->alive && loop_now_ms() > p->learned_ms + HEARD_MS);
}

bool adopt_others_alive(const struct adopt *a)
{
	const struct peers *peers = bus_peers(a->app->bus);
	const struct peer *p;

	for (size_t i = 0; (p = peers_nth(peers, "call-controller", i)); i++)
		if (p->alive && !p->draining && strcmp(p->instance, me(a)) != 0)
			return true;
	return false;
}

void adopt_release(struct adopt *a, struct owned *o)
{
	log_info(&o->log, "left to another controller");
	snapshot_flush(a->app);
	app_forget(a->app, o);
}

/* ---- one adoption -------------------------------------------------------------- */

static void close_adoption(struct ask *ask)
{
	struct adoption *ad = (struct adoption *)ask;

	restore_close(&ad->restore);
}

/* What waits for the call gets its answer now, whatever came out. */
static void finish(struct adoption *ad)
{
	struct app *app = ad->ask.app;
	char sid[SID_SIZE];

	memcpy(sid, ad->ask.call_sid, sizeof(sid));
	if (app->adopt)
		app->adopt->n_open--;
	ask_free(&ad->ask);
	sip_resume(app, sid);
}

static void move_sets(struct adoption *ad)
{
	struct app *app = ad->ask.app;
	const char *sid = ad->ask.call_sid;
	const char *mine = me(app->adopt);

	if (strcmp(ad->owner, mine) == 0)
		return;
	(void)redis_command(app->redis, NULL, NULL,
	                    "SREM controller:%s:calls %s", ad->owner, sid);
	(void)redis_command(app->redis, NULL, NULL,
	                    "SADD controller:%s:calls %s", mine, sid);
}

static void on_secret(void *arg, int err, const redisReply *reply)
{
	struct adoption *ad = arg;
	struct app *app = ad->ask.app;
	struct log log = {&app->log, "call_sid", ad->ask.call_sid};

	if (!err)
		err = ad->err;
	if (!err)
		err = restore_secret(&ad->restore, ad->ask.app->redis, reply);
	if (!err)
		err = restore_call(&ad->restore, app);
	if (err) {
		log_error(&log, "can not go on with the call of %s: %s",
		          ad->owner, strerror(err));
		store_abandon(app, ad->ask.call_sid, ad->owner);
	} else {
		log_info(&log, "adopted from %s", ad->owner);
		metric_add(app->adopted, 1);
		move_sets(ad);
	}
	finish(ad);
}

static void on_twiml(void *arg, int err, const redisReply *reply)
{
	struct adoption *ad = arg;

	ad->err = err ? err : restore_twiml(&ad->restore, reply);
}

static void on_legs(void *arg, int err, const redisReply *reply)
{
	struct adoption *ad = arg;

	/* A failure shows up again in the next reply, which ends it. */
	if (!err)
		(void)restore_legs(&ad->restore, reply);
}

static void on_taken(void *arg, int err, const redisReply *reply)
{
	struct adoption *ad = arg;
	struct app *app = ad->ask.app;
	const char *sid = ad->ask.call_sid;

	if (err || reply->type != REDIS_REPLY_ARRAY ||
	    restore_record(&ad->restore, reply)) {
		finish(ad);
		return;
	}
	if (redis_command(app->redis, on_legs, ad, "HGETALL call:{%s}:legs",
	                  sid) ||
	    redis_command(app->redis, on_twiml, ad, "HGETALL call:{%s}:twiml",
	                  sid) ||
	    redis_command(app->redis, on_secret, ad, "HGETALL call:{%s}:secret",
	                  sid)) {
		redis_cancel(app->redis, ad);
		finish(ad);
	}
}

static void take(struct adoption *ad)
{
	struct app *app = ad->ask.app;
	char key[STORE_KEY_MAX];
	const char *argv[] = {key, ad->owner, me(app->adopt)};

	(void)snprintf(key, sizeof(key), "call:{%s}", ad->ask.call_sid);
	if (redis_eval(app->redis, &take_script, on_taken, ad, 1, 3, argv,
	               NULL))
		finish(ad);
}

static struct adoption *begin(struct adopt *a, const char *call_sid)
{
	struct adoption *ad = NULL;

	if (a->n_open < ADOPT_AT_ONCE_MAX)
		ad = ask_alloc(a->app, sizeof(*ad), call_sid);
	if (!ad)
		return NULL;
	ad->ask.close = close_adoption;
	a->n_open++;
	return ad;
}

static bool adopting(const struct adopt *a, const char *call_sid)
{
	const struct ask *ask = a->app->asks;

	while (ask && (ask->close != close_adoption ||
	               strcmp(ask->call_sid, call_sid) != 0))
		ask = ask->next;
	return ask != NULL;
}

static void take_from(struct adopt *a, const char *owner, const char *call_sid)
{
	struct adoption *ad;

	if (app_find(a->app, call_sid) || adopting(a, call_sid))
		return;
	ad = begin(a, call_sid);
	if (!ad)
		return;
	(void)snprintf(ad->owner, sizeof(ad->owner), "%s", owner);
	take(ad);
}

/* ---- for a request in its dialog ------------------------------------------------ */

/* It is alive: it adopted the call when we were away. */
static void on_left(void *arg, int err, const Trestle__Envelope *reply)
{
	struct adoption *ad = arg;

	if (!err && reply->body_case == TRESTLE__ENVELOPE__BODY_CALL_LEFT)
		take(ad);
	else
		timer_start(ad->ask.timer, OWNER_ALIVE_MS);
}

static void on_owner(void *arg, int err, const redisReply *reply)
{
	struct adoption *ad = arg;
	struct adopt *a = ad->ask.app->adopt;

	if (err || reply->type != REDIS_REPLY_STRING) {
		finish(ad);
		return;
	}
	(void)snprintf(ad->owner, sizeof(ad->owner), "%s", reply->str);
	if (strcmp(ad->owner, me(a)) == 0 || !alive(a, ad->owner))
		take(ad);
	else if (ad->tries++ >= OWNER_ALIVE_TRIES ||
	         handover_ask(ad->ask.app, ad->owner, ad->ask.call_sid, on_left,
	                      ad))
		finish(ad);
}

static void ask_owner(void *arg)
{
	struct adoption *ad = arg;

	if (redis_command(ad->ask.app->redis, on_owner, ad,
	                  "HGET call:{%s} owner", ad->ask.call_sid))
		finish(ad);
}

void adopt_call(struct adopt *a, const char *call_sid)
{
	struct adoption *ad;

	if (adopting(a, call_sid)) /* it will resume this one too */
		return;
	ad = begin(a, call_sid);
	if (!ad) {
		sip_resume(a->app, call_sid);
		return;
	}
	if (timer_alloc(&ad->ask.timer, a->app->loop, ask_owner, ad)) {
		finish(ad);
		return;
	}
	timer_start(ad->ask.timer, 0);
}

/* ---- looking for calls that nobody has -------------------------------------------- */

static void on_orphan(void *arg, const char *instance, const char *call_sid)
{
	take_from(arg, instance, call_sid);
}

static void on_controllers(void *arg, int err, const redisReply *reply)
{
	struct adopt *a = arg;

	if (err || reply->type != REDIS_REPLY_ARRAY || a->app->draining)
		return;
	for (size_t i = 0; i < reply->elements; i++) {
		const char *instance = reply->element[i]->str;

		if (strcmp(instance, me(a)) != 0 && dead(a, instance))
			orphans_find(a->app, instance, on_orphan, a);
	}
}

static void watch(void *arg)
{
	struct adopt *a = arg;

	/* Who was taken for dead for a while comes back by this. */
	(void)redis_command(a->app->redis, NULL, NULL, "SADD controllers %s",
	                    me(a));
	if (loop_now_ms() > a->began_ms + WATCH_FIRST_MS)
		(void)redis_command(a->app->redis, on_controllers, a,
		                    "SMEMBERS controllers");
	timer_start(a->watch, WATCH_MS);
}

/* Redis is there, for the first time or again: it may have lost what it knew. */
static void on_up(void *arg)
{
	struct adopt *a = arg;
	struct hash_iter it = hash_iter(&a->app->calls);
	struct hash_entry *e;

	(void)redis_command(a->app->redis, NULL, NULL, "SADD controllers %s",
	                    me(a));
	while ((e = hash_next(&it)))
		store_begin(a->app, hash_object(e, struct owned, entry));
	snapshot_save_all(a->app);
	orphans_find(a->app, me(a), on_orphan, a);
}

int adopt_alloc(struct adopt **ap, struct app *app)
{
	struct adopt *a = calloc(1, sizeof(*a));
	int err = ENOMEM;

	if (!a)
		goto out;
	a->app = app;
	err = timer_alloc(&a->watch, app->loop, watch, a);
	if (err)
		goto out;
	a->began_ms = loop_now_ms();
	timer_start(a->watch, WATCH_MS);
	redis_on_up(app->redis, on_up, a);
out:
	if (err)
		adopt_free(a);
	else
		*ap = a;
	return err;
}

void adopt_free(struct adopt *a)
{
	if (!a)
		return;
	redis_cancel(a->app->redis, a);
	timer_free(a->watch);
	free(a);
}
