/*
 * store.c - records of calls in Redis: what people and the API read
 */
#include "store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app.h"
#include "base/service.h"
#include "core/date.h"
#include "loop/loop.h"
#include "store/redis.h"

enum { TIME_SIZE = 32 };
enum { NUMBER_SIZE = 24 };

/* ISO 8601 with milliseconds, UTC; "" for 0 */
static const char *iso_time(uint64_t ms, char out[TIME_SIZE])
{
	time_t seconds = (time_t)(ms / 1000);
	struct tm tm;
	size_t n;

	out[0] = 0;
	if (ms == 0)
		return out;
	(void)gmtime_r(&seconds, &tm);
	n = strftime(out, TIME_SIZE, "%Y-%m-%dT%H:%M:%S", &tm);
	(void)snprintf(out + n, TIME_SIZE - n, ".%03uZ", (unsigned)(ms % 1000));
	return out;
}

/* ---- records ------------------------------------------------------------------- */

static void expire(struct app *app, const char *key)
{
	(void)redis_command(app->redis, NULL, NULL, "EXPIRE %s %d", key,
	                    (int)STORE_KEEP_S);
}

static void not_live(struct app *app, const char *sid)
{
	(void)redis_command(app->redis, NULL, NULL, "ZREM calls:live %s", sid);
}

void store_status(struct app *app, struct owned *o, const struct command *cmd)
{
	const struct cmd_status *s = &cmd->status;
	char key[STORE_KEY_MAX], start[TIME_SIZE], answer[TIME_SIZE],
		end[TIME_SIZE], duration[NUMBER_SIZE], code[NUMBER_SIZE];
	const char *argv[] = {
		"HSET",
		key,
		"sid",
		s->sid,
		"parent_call_sid",
		s->parent_sid,
		"account_sid",
		s->account_sid,
		"direction",
		s->direction,
		"from",
		s->from,
		"to",
		s->to,
		"status",
		s->status,
		"start_time",
		iso_time(s->start_ms, start),
		"answer_time",
		iso_time(s->answer_ms, answer),
		"end_time",
		iso_time(s->ended ? s->end_ms : 0, end),
		"duration",
		duration,
		"sip_status",
		code,
		"carrier_sid",
		s->carrier,
	};

	(void)snprintf(key, sizeof(key), "call:{%s}", s->sid);
	(void)snprintf(code, sizeof(code), "%u", s->sip_status);
	(void)snprintf(
		duration, sizeof(duration), "%llu",
		(unsigned long long)date_seconds(s->answer_ms, s->end_ms));
	if (!s->ended)
		duration[0] = 0;
	(void)redis_argv(app->redis, NULL, NULL,
	                 (int)(sizeof(argv) / sizeof(argv[0])), argv, NULL);
	if (s->ended)
		expire(app, key);
	if (call_over(o->call)) /* its legs may take longer */
		not_live(app, o->sid);
}

void store_begin(struct app *app, struct owned *o)
{
	const char *me = service_instance(app->service);
	unsigned long long now = loop_wall_ms() / 1000;

	(void)redis_command(app->redis, NULL, NULL,
	                    "HSET call:{%s} owner %s epoch %llu", o->sid, me,
	                    (unsigned long long)o->epoch);
	(void)redis_command(app->redis, NULL, NULL,
	                    "SADD controller:%s:calls %s", me, o->sid);
	if (!call_over(o->call))
		(void)redis_command(app->redis, NULL, NULL,
		                    "ZADD calls:live %llu %s", now, o->sid);
}

/* What is left of a call is its record: no owner, so that nobody adopts it, and
 * none of the words that call_save() needed. The epoch stays, so that a process
 * that was asleep can not write them again. */
static struct redis_script end_script = {
	.source = "local keep = {" STORE_RECORD_FIELDS "}\n"
		  "for _, f in ipairs(redis.call('HKEYS', KEYS[1])) do\n"
		  "  if not keep[f] then redis.call('HDEL', KEYS[1], f) end\n"
		  "end\n"
		  "redis.call('DEL', KEYS[2], KEYS[3], KEYS[4])\n"
		  "return 1\n",
};

static void leave_record(struct app *app, const char *sid, const char *owner)
{
	char call[STORE_KEY_MAX], legs[STORE_KEY_MAX], twiml[STORE_KEY_MAX];
	char secret[STORE_KEY_MAX];
	const char *keys[] = {call, legs, twiml, secret};

	(void)snprintf(call, sizeof(call), "call:{%s}", sid);
	(void)snprintf(legs, sizeof(legs), "call:{%s}:legs", sid);
	(void)snprintf(twiml, sizeof(twiml), "call:{%s}:twiml", sid);
	(void)snprintf(secret, sizeof(secret), "call:{%s}:secret", sid);
	(void)redis_command(app->redis, NULL, NULL,
	                    "SREM controller:%s:calls %s", owner, sid);
	not_live(app, sid);
	(void)redis_eval(app->redis, &end_script, NULL, NULL, 4, 4, keys, NULL);
}

void store_end(struct app *app, struct owned *o)
{
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
	(void)redis_argv(app->redis, NULL, NULL, argc, argv, NULL);
}

void store_abandon(struct app *app, const char *sid, const char *owner)
{
	char end[TIME_SIZE];

	(void)redis_command(app->redis, NULL, NULL,
	                    "HSET call:{%s} status failed end_time %s", sid,
	                    iso_time(loop_wall_ms(), end));
	leave_record(app, sid, owner);
	(void)redis_command(app->redis, NULL, NULL, "EXPIRE call:{%s} %d", sid,
	                    (int)STORE_KEEP_S);
}
