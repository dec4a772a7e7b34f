/*
 * recording_control.c - POST Calls/{CA}/Recordings: a live call is recorded, and
 * its recording paused, gone on with or stopped (contract 6.4)
 *
 * A call-controller is asked. The record of a recording is a media-relay's and
 * comes with its first sound, later than the answer: until then this one stands
 * there, so that it can be fetched at once.
 */
#include "resources.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "../app.h"
#include "adapters/records.h"
#include "ask.h"
#include "ask_bus.h"
#include "base/sid.h"
#include "call_control.h"
#include "core/error.h"
#include "core/params.h"
#include "crud.h"
#include "store/redis.h"
#include "store/time.h"

enum { CONTROL_MS = 5000, BAD_URL = 21205, BAD_METHOD = 21209 };
enum { ARGS_MAX = 32 };
/* What an update may say in the place of a sid: the one that runs, the latest */
static const char current[] = "Twilio.CURRENT";

// clang-format off
static const struct param start_params[] = {
	{"RecordingChannels", "recording_channels", PARAM_ENUM, false, false, 0, 0, "mono dual", "mono", 0},
	{"RecordingTrack", "recording_track", PARAM_ENUM, false, false, 0, 0, "both inbound outbound", "both", 0},
	{"RecordingStatusCallback", "recording_url", PARAM_URL, false, false, 0, 0, NULL, NULL, BAD_URL},
	{"RecordingStatusCallbackMethod", "recording_method", PARAM_METHOD, false, false, 0, 0, NULL, "POST", BAD_METHOD},
	{"Trim", "trim", PARAM_ENUM, false, false, 0, 0, "trim-silence do-not-trim", "do-not-trim", 0},
	{0},
};

static const struct param update_params[] = {
	{"Status", "status", PARAM_ENUM, true, false, 0, 0, "in-progress paused stopped", NULL, 0},
	{"PauseBehavior", "pause_behavior", PARAM_ENUM, false, false, 0, 0, "silence skip", "silence", 0},
	{0},
};
// clang-format on

/* @return whether it was done; else it was answered */
static bool done(struct ask *q, const Trestle__Envelope *reply)
{
	const Trestle__ControlReply *c = reply->control_reply;

	if (reply->body_case != TRESTLE__ENVELOPE__BODY_CONTROL_REPLY)
		ask_fail(q, ERROR_AWAY, NULL);
	else if (c->code == ERROR_MISSING)
		ask_fail(q, ERROR_MISSING, ask_path(q));
	else if (c->code)
		ask_fail(q, c->code, c->text);
	else
		return true;
	return false;
}

static void send(struct ask *q, Trestle__Envelope *env, char *call_sid,
                 ask_bus_h *handler)
{
	const struct bus_req req = {.service = "call-controller",
	                            .key = call_sid,
	                            .timeout_ms = CONTROL_MS,
	                            .retry = true};

	env->call_sid = call_sid;
	ask_bus(q, &req, env, handler);
}

/* ---- start ----------------------------------------------------------------------- */

/* recording:{RE…}; its account, its call, instant [s], sid, names and values. One that
 * a relay never begins (the call ended) is gone by itself. */
static struct redis_script announce_script = {
	.source =
		"if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end\n"
		"redis.call('HSET', KEYS[1], unpack(ARGV, 5))\n"
		"redis.call('EXPIRE', KEYS[1], 300)\n"
		"for i = 1, 2 do redis.call('ZADD', 'recordings:{' .. ARGV[i] "
		".. '}', ARGV[3], ARGV[4]) end\n"
		"return 1\n",
};

/* It runs, whatever Redis says. */
static void on_announced(void *arg, int err, const redisReply *reply)
{
	struct ask *q = arg;

	(void)err, (void)reply;
	ask_created(q, call_recording_resource.name,
	            crud_json(&call_recording_resource, &q->was));
}

static void announce(struct ask *q, uint64_t now_s)
{
	const char *sid = fields_text(&q->was, "sid"), *argv[ARGS_MAX];
	char score[24];
	int n = 0;

	(void)snprintf(q->key, sizeof(q->key), "recording:{%.34s}", sid);
	(void)snprintf(score, sizeof(score), "%llu", (unsigned long long)now_s);
	argv[n++] = q->key;
	argv[n++] = ask_account(q);
	argv[n++] = ask_part(q, 0);
	argv[n++] = score;
	argv[n++] = sid;
	for (size_t i = 0; i < q->was.n && n + 2 <= ARGS_MAX; i++) {
		argv[n++] = q->was.v[i].name;
		argv[n++] = q->was.v[i].value;
	}
	if (records_eval(q->app->db, &announce_script, n, argv, on_announced,
	                 q))
		on_announced(q, 0, NULL);
}

static void on_started(struct ask *q, const Trestle__Envelope *reply)
{
	bool dual = strcmp(fields_text(&q->draft, "recording_channels"),
	                   "dual") == 0;
	bool both =
		strcmp(fields_text(&q->draft, "recording_track"), "both") == 0;
	uint64_t now_s = (uint64_t)time(NULL);
	char now[TIME_TEXT_SIZE];

	if (!done(q, reply))
		return;
	time_text(now_s * 1000, now);
	fields_set(&q->was, "sid", reply->control_reply->recording_sid);
	fields_set(&q->was, "account_sid", ask_account(q));
	fields_set(&q->was, "call_sid", ask_part(q, 0));
	fields_set(&q->was, "status", reply->control_reply->recording_status);
	fields_set(&q->was, "channels", dual && both ? "2" : "1");
	fields_set(&q->was, "track", fields_text(&q->draft, "recording_track"));
	fields_set(&q->was, "source", "StartCallRecordingAPI");
	fields_set(&q->was, "date_created", now);
	fields_set(&q->was, "date_updated", now);
	fields_set(&q->was, "start_time", now);
	announce(q, now_s);
}

void recordings_start(struct ask *q)
{
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
	Trestle__RecordingStart m = TRESTLE__RECORDING_START__INIT;
	Trestle__CallRecording recording;
	struct call_recording_parts parts;
	struct param_error error = {.code = 0};
	char call[SID_SIZE], account[SID_SIZE], sid[SID_SIZE];

	if (!params_take(start_params, &q->params, true, &q->draft, &error)) {
		ask_fail(q, error.code, error.detail);
		return;
	}
	(void)snprintf(call, sizeof(call), "%.34s", ask_part(q, 0));
	(void)snprintf(account, sizeof(account), "%.34s", ask_account(q));
	sid_make("RE", sid);
	call_recording(q, &recording, &parts);
	m.call_sid = call;
	m.account_sid = account;
	m.recording_sid = sid;
	m.recording = &recording;
	env.key = sid;
	env.body_case = TRESTLE__ENVELOPE__BODY_RECORDING_START;
	env.recording_start = &m;
	send(q, &env, call, on_started);
}

/* ---- update ---------------------------------------------------------------------- */

static void on_record(void *arg, int err, const char *key,
                      const struct fields *recording)
{
	struct ask *q = arg;

	(void)key;
	if (err) {
		ask_fail_errno(q, err);
		return;
	}
	fields_merge(&q->was, recording);
	fields_set(&q->was, "status", fields_text(&q->draft, "status"));
	ask_ok(q, call_recording_resource.name,
	       crud_json(&call_recording_resource, &q->was));
}

static void on_changed(struct ask *q, const Trestle__Envelope *reply)
{
	char key[64];
	int err;

	if (!done(q, reply))
		return;
	(void)snprintf(key, sizeof(key), "recording:{%s}",
	               reply->control_reply->recording_sid);
	err = records_get(q->app->db, key, on_record, q);
	if (err)
		ask_fail_errno(q, err);
}

void recordings_update(struct ask *q)
{
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
	Trestle__RecordingUpdate m = TRESTLE__RECORDING_UPDATE__INIT;
	struct param_error error = {.code = 0};
	char call[SID_SIZE], account[SID_SIZE], sid[SID_SIZE];

	if (!params_take(update_params, &q->params, true, &q->draft, &error)) {
		ask_fail(q, error.code, error.detail);
		return;
	}
	(void)snprintf(call, sizeof(call), "%.34s", ask_part(q, 0));
	(void)snprintf(account, sizeof(account), "%.34s", ask_account(q));
	(void)snprintf(sid, sizeof(sid), "%.34s",
	               q->path.n > 1 ? ask_part(q, 1) : current);
	m.call_sid = call;
	m.account_sid = account;
	m.recording_sid = sid;
	m.status = call_text(q, "status");
	m.skip = strcmp(fields_text(&q->draft, "pause_behavior"), "skip") == 0;
	env.body_case = TRESTLE__ENVELOPE__BODY_RECORDING_UPDATE;
	env.recording_update = &m;
	send(q, &env, call, on_changed);
}
