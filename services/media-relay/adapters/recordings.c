/*
 * recordings.c - recordings in Redis
 */
#include "adapters/recordings.h"

#include <inttypes.h>
#include <stdio.h>

#include "adapters/writer.h"
#include "loop/loop.h"
#include "store/redis.h"
#include "store/time.h"
#include "store/usage.h"

enum { KEY = 64, NUMBER = 24, ARGS = 40 };

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

static uint64_t used_minutes(uint32_t ms)
{
	return ms ? usage_minutes((ms + 999ULL) / 1000) : 0;
}

void recordings_write(struct app *app, struct session_recording *r)
{
	/* It may have been deleted before this process died and knew better. */
	static struct redis_script script = {
		.source = USAGE_LUA
		"if redis.call('HGET', KEYS[1], 'status') == 'deleted' then "
		"return 0 end\n"
		"redis.call('HSET', KEYS[1], unpack(ARGV, 3))\n"
		"redis.call('PERSIST', KEYS[1])\n" /* rest-api's would end */
		"if ARGV[2] ~= '0' then usage(KEYS[1], ARGV[1], 'recordings', "
		"ARGV[2], '0') end\n"
		"return 1\n"};
	struct fields f = {0};
	char key[KEY], channels[NUMBER], numbers[4][NUMBER];
	char started[TIME_TEXT_SIZE], updated[TIME_TEXT_SIZE];
	char day[USAGE_DAY_SIZE], minutes[NUMBER];

	/* It could not be begun: that was its moment. */
	if (r->ended && r->start_ms == 0)
		r->start_ms = r->end_ms;
	time_text(r->start_ms, started);
	time_text(r->ended ? r->end_ms : loop_wall_ms(), updated);
	(void)snprintf(key, sizeof(key), "recording:{%s}", r->spec.sid);
	(void)snprintf(channels, sizeof(channels), "%u",
	               recorder_channels(&r->spec.how));
	usage_day(r->end_ms, day);
	(void)snprintf(minutes, sizeof(minutes), "%" PRIu64,
	               r->ended ? used_minutes(session_recording_ms(r)) : 0);
	f.v[f.n++] = key;
	add(&f, day, minutes);
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
	if (redis_eval(app->redis, &script, r->ended ? on_saved : NULL, r, 1,
	               f.n, f.v, NULL))
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
		.source = USAGE_LUA
		"if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end\n"
		"redis.call('HSET', KEYS[1], 'status', ARGV[1], 'length_ms', "
		"ARGV[2], 'duration', ARGV[3], 'size', ARGV[4])\n"
		"if ARGV[6] ~= '0' then usage(KEYS[1], ARGV[5], 'recordings', "
		"ARGV[6], '0') end\n"
		"return 1\n"};
	const struct session_recording r = {.samples = ev->samples};
	uint32_t ms = session_recording_ms(&r);
	char key[KEY], length[NUMBER], seconds[NUMBER], size[NUMBER];
	char day[USAGE_DAY_SIZE], minutes[NUMBER];
	const char *const args[] = {
		key,     ev->samples ? "completed" : "absent",
		length,  seconds,
		size,    day,
		minutes,
	};

	(void)snprintf(key, sizeof(key), "recording:{%s}", ev->sid);
	(void)snprintf(length, sizeof(length), "%u", ms);
	(void)snprintf(seconds, sizeof(seconds), "%u", (ms + 500) / 1000);
	(void)snprintf(size, sizeof(size), "%" PRIu64, ev->bytes);
	usage_day(loop_wall_ms(), day);
	(void)snprintf(minutes, sizeof(minutes), "%" PRIu64, used_minutes(ms));
	(void)redis_eval(app->redis, &script, NULL, NULL, 1, 7, args, NULL);
}
