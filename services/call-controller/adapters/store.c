/*
 * store.c - records of calls in Redis: what people and the API read
 */
#include "store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "admit.h"
#include "app.h"
#include "base/service.h"
#include "core/date.h"
#include "loop/loop.h"
#include "record.h"
#include "store/redis.h"
#include "store/sure.h"
#include "store/tenants.h"
#include "store/time.h"

enum { NUMBER_SIZE = 24 };

/* A record outlives its call for as long as is set. */
static void expire(struct app *app, const char *key)
{
	char seconds[NUMBER_SIZE];

	(void)snprintf(seconds, sizeof(seconds), "%llu",
	               (unsigned long long)store_keep_s(app));
	sure_argv(app->sure, 3, (const char *[]){"EXPIRE", key, seconds});
}

static void not_live(struct app *app, const char *sid)
{
	sure_argv(app->sure, 3, (const char *[]){"ZREM", "calls:live", sid});
}

static void over(struct app *app, const struct owned *o)
{
	not_live(app, o->sid);
	admit_leave(app, call_account_sid(o->call), o->sid);
}

void store_status(struct app *app, struct owned *o, const struct command *cmd)
{
	const struct cmd_status *s = &cmd->status;
	char children[STORE_KEY_MAX];

	record_write(app, o, s);
	(void)snprintf(children, sizeof(children), "call:{%s}:children",
	               s->sid);
	if (s->first)
		record_index(app, s);
	if (s->ended && !*s->parent_sid)
		expire(app, children);
	if (call_over(o->call) && !o->not_live) { /* its legs may take longer */
		o->not_live = true;
		over(app, o);
	}
}

uint64_t store_keep_s(const struct app *app)
{
	return app->settings->keep_days * 24ULL * 3600;
}

static void put(struct app *app, int argc, const char *const *argv)
{
	(void)redis_argv(app->redis, NULL, NULL, argc, argv, NULL);
}

void store_begin(struct app *app, struct owned *o)
{
	const char *me = service_instance(app->service);
	char call[STORE_KEY_MAX], calls[256], now[NUMBER_SIZE],
		epoch[NUMBER_SIZE];

	(void)snprintf(call, sizeof(call), "call:{%s}", o->sid);
	(void)snprintf(calls, sizeof(calls), "controller:%.200s:calls", me);
	(void)snprintf(now, sizeof(now), "%llu",
	               (unsigned long long)loop_wall_ms() / 1000);
	(void)snprintf(epoch, sizeof(epoch), "%llu",
	               (unsigned long long)o->epoch);
	put(app, 6,
	    (const char *[]){"HSET", call, "owner", me, "epoch", epoch});
	put(app, 3, (const char *[]){"SADD", calls, o->sid});
	if (!call_over(o->call))
		put(app, 4,
		    (const char *[]){"ZADD", "calls:live", now, o->sid});
}

/* What is left of a call is its record: no owner, so that nobody adopts it, and
 * none of the words that call_save() needed. The epoch stays, so that a process
 * that was asleep can not write them again. */
static struct redis_script end_script = {
	.source = "local keep, drop = {" STORE_RECORD_FIELDS "}, {}\n"
		  "for _, f in ipairs(redis.call('HKEYS', KEYS[1])) do\n"
		  "  if not keep[f] then drop[#drop + 1] = f end\n"
		  "end\n"
		  "if #drop > 0 then\n"
		  "  redis.call('HDEL', KEYS[1], unpack(drop))\n"
		  "end\n"
		  "redis.call('DEL', KEYS[2], KEYS[3], KEYS[4])\n"
		  "return 1\n",
};

static void leave_record(struct app *app, const char *sid, const char *owner)
{
	char call[STORE_KEY_MAX], legs[STORE_KEY_MAX], twiml[STORE_KEY_MAX];
	char secret[STORE_KEY_MAX], calls[256];
	const char *keys[] = {call, legs, twiml, secret};

	(void)snprintf(call, sizeof(call), "call:{%s}", sid);
	(void)snprintf(legs, sizeof(legs), "call:{%s}:legs", sid);
	(void)snprintf(twiml, sizeof(twiml), "call:{%s}:twiml", sid);
	(void)snprintf(secret, sizeof(secret), "call:{%s}:secret", sid);
	(void)snprintf(calls, sizeof(calls), "controller:%.200s:calls", owner);
	sure_argv(app->sure, 3, (const char *[]){"SREM", calls, sid});
	sure_eval(app->sure, &end_script, 4, 4, keys);
}

void store_end(struct app *app, struct owned *o)
{
	if (!o->not_live)
		over(app, o);
	leave_record(app, o->sid, service_instance(app->service));
}

void store_quality(struct app *app, const Trestle__LegState *leg)
{
	const Trestle__Quality *q = leg->quality;
	const struct {
		const char *name;
		uint64_t value;
	} figures[] = {
		{"packets_received", q ? q->packets_received : 0},
		{"packets_sent", q ? q->packets_sent : 0},
		{"packets_lost", q ? q->packets_lost : 0},
		{"packets_dropped", q ? q->packets_dropped : 0},
		{"jitter_us", q ? q->jitter_us : 0},
		{"round_trip_us", q ? q->round_trip_us : 0},
		{"mos_x100", q ? q->mos_x100 : 0},
		{"remote_packets_lost", q ? q->remote_packets_lost : 0},
		{"remote_jitter_us", q ? q->remote_jitter_us : 0},
	};
	enum { FIGURES = sizeof(figures) / sizeof(figures[0]) };
	char key[STORE_KEY_MAX], values[FIGURES][NUMBER_SIZE];
	const char *argv[4 + 2 * FIGURES] = {"HSET", key, "codec"};
	int argc = 3;

	if (!q)
		return;
	(void)snprintf(key, sizeof(key), "call:{%s}", leg->leg);
	argv[argc++] = q->codec;
	for (size_t i = 0; i < FIGURES; i++) {
		(void)snprintf(values[i], sizeof(values[i]), "%llu",
		               (unsigned long long)figures[i].value);
		argv[argc++] = figures[i].name;
		argv[argc++] = values[i];
	}
	put(app, argc, argv);
}

void store_abandon(struct app *app, const char *sid, const char *owner)
{
	char end[TIME_TEXT_SIZE], key[STORE_KEY_MAX];

	time_text(loop_wall_ms(), end);
	(void)snprintf(key, sizeof(key), "call:{%s}", sid);
	sure_argv(app->sure, 8,
	          (const char *[]){"HSET", key, "status", "failed", "end_time",
	                           end, "date_updated", end});
	not_live(app, sid);
	leave_record(app, sid, owner);
	expire(app, key);
}
