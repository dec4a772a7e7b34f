/*
 * recordings.c - recordings in Redis, and how they are removed
 */
#include "adapters/recordings.h"

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

enum { KEY = 64, NUMBER = 24, ARGS = 40, DELETES_MAX = 256 };

/* A RecordingDelete that is under way */
struct removal {
	struct removal *next;
	struct app *app;
	struct bus_return from;
	char sid[SESSION_ID_SIZE];
	char account_sid[SESSION_ID_SIZE];
	char call_sid[SESSION_ID_SIZE];
};

static const char *const tracks[] = {
	[TRACK_BOTH_WAYS] = "both",
	[TRACK_IN] = "inbound",
	[TRACK_OUT] = "outbound",
};

/* --- writing -------------------------------------------------------------------------- */

static const char *status_of(const struct session_recording *r)
{
	if (!r->ended)
		return r->spec.how.paused ? "paused" : "in-progress";
	if (r->samples > 0)
		return "completed";
	return r->error ? "failed" : "absent";
}

static void on_saved(void *arg, int err, const redisReply *reply)
{
	struct session_recording *r = arg;

	(void)reply;
	if (!err)
		r->saved = true;
}

static void index_it(struct app *app, const char *owner,
                     const struct session_recording *r)
{
	(void)redis_command(app->redis, NULL, NULL,
	                    "ZADD recordings:{%s} %llu.%03u %s", owner,
	                    (unsigned long long)(r->start_ms / 1000),
	                    (unsigned)(r->start_ms % 1000), r->spec.sid);
}

struct fields {
	int n;
	const char *v[ARGS];
};

static void add(struct fields *f, const char *name, const char *value)
{
	f->v[f->n++] = name;
	f->v[f->n++] = value;
}

static void add_end(struct fields *f, const struct session_recording *r,
                    char numbers[4][NUMBER])
{
	uint32_t ms = session_recording_ms(r);

	(void)snprintf(numbers[0], NUMBER, "%u", (ms + 500) / 1000);
	(void)snprintf(numbers[1], NUMBER, "%u", ms);
	(void)snprintf(numbers[2], NUMBER, "%" PRIu64, r->bytes);
	(void)snprintf(numbers[3], NUMBER, "%u", r->error);
	add(f, "duration", numbers[0]);
	add(f, "length_ms", numbers[1]);
	add(f, "size", numbers[2]);
	if (r->error)
		add(f, "error_code", numbers[3]);
}

void recordings_write(struct app *app, struct session_recording *r)
{
	struct fields f = {0};
	char key[KEY], channels[NUMBER], numbers[4][NUMBER];
	char started[TIME_TEXT_SIZE], updated[TIME_TEXT_SIZE];

	/* It could not be begun: that was its moment. */
	if (r->ended && r->start_ms == 0)
		r->start_ms = r->end_ms;
	time_text(r->start_ms, started);
	time_text(r->ended ? r->end_ms : loop_wall_ms(), updated);
	(void)snprintf(key, sizeof(key), "recording:{%s}", r->spec.sid);
	(void)snprintf(channels, sizeof(channels), "%u",
	               recorder_channels(&r->spec.how));
	add(&f, "HSET", key);
	add(&f, "sid", r->spec.sid);
	add(&f, "account_sid", r->spec.account_sid);
	add(&f, "call_sid", r->spec.call_sid);
	add(&f, "source", r->spec.source);
	add(&f, "status", status_of(r));
	add(&f, "channels", channels);
	add(&f, "track", tracks[r->spec.how.track]);
	add(&f, "start_time", started);
	add(&f, "date_created", started);
	add(&f, "date_updated", updated);
	if (r->ended)
		add_end(&f, r, numbers);
	if (redis_argv(app->redis, r->ended ? on_saved : NULL, r, f.n, f.v,
	               NULL))
		return;
	index_it(app, r->spec.account_sid, r);
	index_it(app, r->spec.call_sid, r);
}

void recordings_write_all(struct app_session *as)
{
	for (size_t i = 0; i < as->state->n_recordings; i++) {
		struct session_recording *r = as->state->recordings[i];

		if ((r->started || r->ended) && !r->saved)
			recordings_write(as->app, r);
	}
}

void recordings_cancel(struct app *app, const struct session_recording *r)
{
	redis_cancel(app->redis, r);
}

void recordings_found(struct app *app, const struct writer_event *ev)
{
	static struct redis_script script = {
		.source = "if redis.call('EXISTS', KEYS[1]) == 1 then "
			  "return redis.call('HSET', KEYS[1], 'status', "
			  "ARGV[1], 'length_ms', ARGV[2], 'duration', "
			  "ARGV[3], 'size', ARGV[4]) end return 0"};
	const struct session_recording r = {.samples = ev->samples};
	uint32_t ms = session_recording_ms(&r);
	char key[KEY], length[NUMBER], seconds[NUMBER], size[NUMBER];
	const char *const args[] = {key, ev->samples ? "completed" : "absent",
	                            length, seconds, size};

	(void)snprintf(key, sizeof(key), "recording:{%s}", ev->sid);
	(void)snprintf(length, sizeof(length), "%u", ms);
	(void)snprintf(seconds, sizeof(seconds), "%u", (ms + 500) / 1000);
	(void)snprintf(size, sizeof(size), "%" PRIu64, ev->bytes);
	(void)redis_eval(app->redis, &script, NULL, NULL, 1, 5, args, NULL);
}

/* --- removing ------------------------------------------------------------------------- */

static void free_removal(struct removal *d)
{
	struct removal **at = &d->app->removals;

	while (*at != d)
		at = &(*at)->next;
	*at = d->next;
	free(d);
}

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
	bus_refuse(service_bus(d->app->service), &d->from,
	           TRESTLE__REFUSAL__REASON__UNAVAILABLE, why);
	free_removal(d);
}

static void on_removed(void *arg, int err, const redisReply *reply)
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

void recordings_removed(struct app *app, const struct writer_event *ev)
{
	struct removal *d = app->removals;

	while (d && strcmp(d->sid, ev->sid) != 0)
		d = d->next;
	if (!d)
		return;
	if (ev->error && ev->error != ENOENT) {
		refuse(d, strerror(ev->error));
		return;
	}
	(void)redis_command(app->redis, NULL, NULL, "ZREM recordings:{%s} %s",
	                    d->account_sid, d->sid);
	(void)redis_command(app->redis, NULL, NULL, "ZREM recordings:{%s} %s",
	                    d->call_sid, d->sid);
	if (redis_command(app->redis, on_removed, d, "DEL recording:{%s}",
	                  d->sid))
		refuse(d, "Redis is away");
}

static void keep(char to[SESSION_ID_SIZE], const redisReply *from)
{
	if (from->type == REDIS_REPLY_STRING)
		(void)snprintf(to, SESSION_ID_SIZE, "%s", from->str);
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

	if (err || reply->type != REDIS_REPLY_ARRAY || reply->elements != 3) {
		refuse(d, "Redis is away");
		return;
	}
	if (in_progress(reply->element[0])) {
		answer(d->app, &d->from, d->sid);
		free_removal(d);
		return;
	}
	keep(d->account_sid, reply->element[1]);
	keep(d->call_sid, reply->element[2]);
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
	return n >= DELETES_MAX;
}

void recordings_delete(struct app *app, const struct bus_return *from,
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
	if (redis_command(app->redis, on_known, d,
	                  "HMGET recording:{%s} status account_sid call_sid",
	                  sid))
		refuse(d, "Redis is away");
}

void recordings_close(struct app *app)
{
	struct removal *next;

	for (struct removal *d = app->removals; d; d = next) {
		next = d->next;
		redis_cancel(app->redis, d);
		free(d);
	}
	app->removals = NULL;
}
