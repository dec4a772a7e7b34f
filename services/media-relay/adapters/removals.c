/*
 * removals.c - recordings that are deleted
 */
#include "adapters/removals.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/writer.h"
#include "base/service.h"
#include "loop/loop.h"
#include "store/redis.h"
#include "store/time.h"

enum { KEY = 64, NUMBER = 24 };

#define DELETED "recordings:deleted"

/* A RecordingDelete that is under way */
struct removal {
	struct removal *next;
	struct app *app;
	struct bus_return from;
	bool old; /* nobody asked: it was kept long enough */
	char sid[SESSION_ID_SIZE];
};

static void free_removal(struct removal *d)
{
	struct removal **at = &d->app->removals;

	while (*at != d)
		at = &(*at)->next;
	*at = d->next;
	free(d);
}

/* --- answers -------------------------------------------------------------------------- */

static void answer(struct app *app, const struct bus_return *to,
                   const char *sid)
{
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
	Trestle__RecordingState state = TRESTLE__RECORDING_STATE__INIT;

	state.recording = (char *)(uintptr_t)sid;
	env.body_case = TRESTLE__ENVELOPE__BODY_RECORDING_STATE;
	env.recording_state = &state;
	bus_reply(service_bus(app->service), to, &env);
}

static void refuse(struct removal *d, const char *why)
{
	if (d->old) {
		log_warn(d->app->log, "%s is not removed: %s", d->sid, why);
		free_removal(d);
		return;
	}
	bus_refuse(service_bus(d->app->service), &d->from,
	           TRESTLE__REFUSAL__REASON__UNAVAILABLE, why);
	free_removal(d);
}

/* --- one that was kept long enough ------------------------------------------------------ */

static void on_forgotten(void *arg, int err, const redisReply *reply)
{
	struct removal *d = arg;

	(void)reply;
	if (err) { /* the next time, then */
		refuse(d, "Redis is away");
		return;
	}
	log_info(d->app->log, "%s was kept long enough", d->sid);
	free_removal(d);
}

/* Its sound is gone: nothing is left of it. */
static void forget_old(struct removal *d)
{
	static struct redis_script script = {
		.source = "local owners = redis.call('HMGET', KEYS[1], "
			  "'account_sid', 'call_sid') "
			  "for _, owner in ipairs(owners) do "
			  "if owner then redis.call('ZREM', 'recordings:{' .. "
			  "owner .. '}', ARGV[1]) end "
			  "end "
			  "redis.call('ZREM', KEYS[2], ARGV[1]) "
			  "return redis.call('DEL', KEYS[1])"};
	char key[KEY];
	const char *const args[] = {key, DELETED, d->sid};

	(void)snprintf(key, sizeof(key), "recording:{%s}", d->sid);
	if (redis_eval(d->app->redis, &script, on_forgotten, d, 2, 3, args,
	               NULL))
		refuse(d, "Redis is away");
}

/* --- one of them ---------------------------------------------------------------------- */

static void on_marked(void *arg, int err, const redisReply *reply)
{
	struct removal *d = arg;

	(void)reply;
	if (err) {
		refuse(d, "Redis is away");
		return;
	}
	log_info(d->app->log, "%s was removed", d->sid);
	answer(d->app, &d->from, "");
	free_removal(d);
}

static void mark(struct removal *d)
{
	static struct redis_script script = {
		.source = "local before = redis.call('HGET', KEYS[1], "
			  "'status') "
			  "if not before or before == 'deleted' then return 0 "
			  "end "
			  "redis.call('HSET', KEYS[1], 'status', 'deleted', "
			  "'date_deleted', ARGV[1], 'date_updated', ARGV[1]) "
			  "return redis.call('ZADD', KEYS[2], ARGV[2], "
			  "ARGV[3])"};
	uint64_t now = loop_wall_ms();
	char key[KEY], date[TIME_TEXT_SIZE], until[NUMBER];
	const char *const args[] = {key, DELETED, date, until, d->sid};

	time_text(now, date);
	(void)snprintf(key, sizeof(key), "recording:{%s}", d->sid);
	(void)snprintf(until, sizeof(until), "%" PRIu64,
	               now / 1000 + REMOVALS_DAYS * (uint64_t)86400);
	if (redis_eval(d->app->redis, &script, on_marked, d, 2, 5, args, NULL))
		refuse(d, "Redis is away");
}

void removals_done(struct app *app, const struct writer_event *ev)
{
	struct removal *d = app->removals;

	while (d && strcmp(d->sid, ev->sid) != 0)
		d = d->next;
	if (!d)
		return;
	if (ev->error && ev->error != ENOENT)
		refuse(d, strerror(ev->error));
	else if (d->old)
		forget_old(d);
	else
		mark(d);
}

static bool in_progress(const redisReply *status)
{
	return status->type == REDIS_REPLY_STRING &&
	       (strcmp(status->str, "in-progress") == 0 ||
	        strcmp(status->str, "paused") == 0);
}

static void on_known(void *arg, int err, const redisReply *reply)
{
	struct removal *d = arg;

	if (err) {
		refuse(d, "Redis is away");
		return;
	}
	if (in_progress(reply)) {
		answer(d->app, &d->from, d->sid);
		free_removal(d);
		return;
	}
	if (writer_remove(d->app->writer, d->sid))
		refuse(d, strerror(ENOMEM));
}

static bool is_under_way(const struct app *app, const char *sid)
{
	size_t n = 0;

	for (const struct removal *d = app->removals; d; d = d->next) {
		if (strcmp(d->sid, sid) == 0)
			return true;
		n++;
	}
	return n >= REMOVALS_MAX;
}

void removals_ask(struct app *app, const struct bus_return *from,
                  const char *sid, bool busy)
{
	struct removal *d;

	if (busy) {
		answer(app, from, sid);
		return;
	}
	d = is_under_way(app, sid) ? NULL : calloc(1, sizeof(*d));
	if (!d) {
		bus_refuse(service_bus(app->service), from,
		           TRESTLE__REFUSAL__REASON__OVERLOADED,
		           "it is being removed, or too many are");
		return;
	}
	d->app = app;
	d->from = *from;
	(void)snprintf(d->sid, sizeof(d->sid), "%s", sid);
	d->next = app->removals;
	app->removals = d;
	if (redis_command(app->redis, on_known, d, "HGET recording:{%s} status",
	                  sid))
		refuse(d, "Redis is away");
}

/* --- what is over ------------------------------------------------------------------------ */

static void forget(struct app *app)
{
	static struct redis_script script = {
		.source = "local over = redis.call('ZRANGEBYSCORE', KEYS[1], "
			  "'-inf', ARGV[1], 'LIMIT', 0, 1000) "
			  "for _, sid in ipairs(over) do "
			  "local key = 'recording:{' .. sid .. '}' "
			  "local owners = redis.call('HMGET', key, "
			  "'account_sid', 'call_sid') "
			  "for _, owner in ipairs(owners) do "
			  "if owner then redis.call('ZREM', 'recordings:{' .. "
			  "owner .. '}', sid) end "
			  "end "
			  "redis.call('DEL', key) "
			  "redis.call('ZREM', KEYS[1], sid) "
			  "end "
			  "return #over"};
	char now[NUMBER];
	const char *const args[] = {DELETED, now};

	(void)snprintf(now, sizeof(now), "%" PRIu64, loop_wall_ms() / 1000);
	(void)redis_eval(app->redis, &script, NULL, NULL, 1, 2, args, NULL);
}

static void remove_old(struct app *app, const char *sid)
{
	struct removal *d =
		is_under_way(app, sid) ? NULL : calloc(1, sizeof(*d));

	if (!d)
		return;
	d->app = app;
	d->old = true;
	(void)snprintf(d->sid, sizeof(d->sid), "%s", sid);
	d->next = app->removals;
	app->removals = d;
	if (writer_remove(app->writer, sid))
		refuse(d, strerror(ENOMEM));
}

/* Sids, of all accounts */
static void on_old(void *arg, int err, const redisReply *reply)
{
	struct app *app = arg;

	if (err || reply->type != REDIS_REPLY_ARRAY)
		return;
	for (size_t i = 0; i < reply->elements; i++)
		remove_old(app, reply->element[i]->str);
	if (reply->elements == REMOVALS_BATCH)
		timer_start(app->removals_timer, REMOVALS_SOON_MS);
}

static void find_old(struct app *app)
{
	static struct redis_script script = {
		.source = "local out, max = {}, tonumber(ARGV[2]) "
			  "for _, account in ipairs(redis.call('SMEMBERS', "
			  "KEYS[1])) do "
			  "local key = 'recordings:{' .. account .. '}' "
			  "local old = #out < max and redis.call("
			  "'ZRANGEBYSCORE', key, '-inf', ARGV[1], 'LIMIT', 0, "
			  "max - #out) or {} "
			  "for _, sid in ipairs(old) do "
			  "local status = redis.call('HGET', 'recording:{' .. "
			  "sid .. '}', 'status') "
			  "if status ~= 'in-progress' and status ~= 'paused' "
			  "then out[#out + 1] = sid end "
			  "end "
			  "end "
			  "return out"};
	char before[NUMBER], max[NUMBER];
	const char *const args[] = {"accounts", before, max};

	(void)snprintf(before, sizeof(before), "%" PRIu64,
	               loop_wall_ms() / 1000 -
	                       app->conf->recordings_days * (uint64_t)86400);
	(void)snprintf(max, sizeof(max), "%d", REMOVALS_BATCH);
	(void)redis_eval(app->redis, &script, on_old, app, 1, 3, args, NULL);
}

static void on_timer(void *arg)
{
	struct app *app = arg;

	timer_start(app->removals_timer, REMOVALS_EVERY_MS);
	forget(app);
	if (app->conf->recordings_days)
		find_old(app);
}

int removals_init(struct app *app)
{
	int err = timer_alloc(&app->removals_timer, app->loop, on_timer, app);

	if (!err)
		timer_start(app->removals_timer, REMOVALS_FIRST_MS);
	return err;
}

void removals_close(struct app *app)
{
	struct removal *next;

	timer_free(app->removals_timer);
	for (struct removal *d = app->removals; d; d = next) {
		next = d->next;
		redis_cancel(app->redis, d);
		free(d);
	}
	app->removals = NULL;
}
