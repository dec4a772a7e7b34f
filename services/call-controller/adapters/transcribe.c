/*
 * transcribe.c - a recording to text, by speech; the text into Redis
 */
#include "transcribe.h"

#include <stdio.h>
#include <string.h>

#include "app.h"
#include "ask.h"
#include "bus/bus.h"
#include "loop/loop.h"
#include "store/redis.h"
#include "store/time.h"
#include "store/usage.h"

/* Two minutes of speech, on a machine that has other things to do */
enum { TRANSCRIBE_MS = 300000 };
enum { TRANSCRIPTION_FAILED = 13620 };

struct transcribe {
	struct ask ask;
	char recording[SID_SIZE];
};

static void tell(struct transcribe *t, uint32_t code, const char *text)
{
	struct app *app = t->ask.app;
	struct event ev = app_event(EV_TRANSCRIBED, 0);
	char call_sid[SID_SIZE], recording[SID_SIZE];

	(void)snprintf(call_sid, sizeof(call_sid), "%s", t->ask.call_sid);
	(void)snprintf(recording, sizeof(recording), "%s", t->recording);
	ask_free(&t->ask);
	ev.id = recording;
	ev.error_code = code;
	ev.text = text;
	app_step(app, call_sid, &ev);
}

static void on_reply(void *arg, int err, const Trestle__Envelope *reply)
{
	struct transcribe *t = arg;

	if (err || reply->body_case != TRESTLE__ENVELOPE__BODY_TRANSCRIBE_REPLY)
		tell(t, TRANSCRIPTION_FAILED, "speech does not answer");
	else if (reply->transcribe_reply->error_code)
		tell(t, reply->transcribe_reply->error_code,
		     reply->transcribe_reply->error_text);
	else
		tell(t, 0, reply->transcribe_reply->text);
}

static void on_unsent(void *arg)
{
	tell(arg, TRANSCRIPTION_FAILED, "there is no speech");
}

static void send(struct transcribe *t, const struct cmd_transcribe *c)
{
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
	Trestle__TranscribeRequest request = TRESTLE__TRANSCRIBE_REQUEST__INIT;
	struct bus_req req = {
		.service = "speech",
		.key = t->recording,
		.timeout_ms = TRANSCRIBE_MS,
		.retry = true,
	};

	env.body_case = TRESTLE__ENVELOPE__BODY_TRANSCRIBE_REQUEST;
	env.transcribe_request = &request;
	env.call_sid = t->ask.call_sid;
	env.key = t->recording;
	request.recording = t->recording;
	request.language = (char *)(uintptr_t)c->language;
	if (bus_request(t->ask.app->bus, &req, &env, on_reply, t))
		timer_start(t->ask.timer, 0);
}

void transcribe_ask(struct app *app, struct owned *o, const struct command *cmd)
{
	struct transcribe *t = ask_alloc(app, sizeof(*t), o->sid);

	if (t && !timer_alloc(&t->ask.timer, app->loop, on_unsent, t)) {
		(void)snprintf(t->recording, sizeof(t->recording), "%s",
		               cmd->transcribe.recording);
		send(t, &cmd->transcribe);
		return;
	}
	log_error(&o->log, "out of memory: a transcription is lost");
	if (t)
		ask_free(&t->ask);
}

/* ---- what came of it --------------------------------------------------------- */

static void list(struct app *app, const struct cmd_transcription *t,
                 const char *owner)
{
	(void)redis_command(app->redis, NULL, NULL,
	                    "ZADD transcriptions:{%s} %llu.%03u %s", owner,
	                    (unsigned long long)(t->created_ms / 1000),
	                    (unsigned)(t->created_ms % 1000), t->sid);
}

static struct redis_script keep_script = {
	.source = USAGE_LUA
	"redis.call('HSET', KEYS[1], unpack(ARGV, 3))\n"
	"if ARGV[2] ~= '' then usage(KEYS[1], ARGV[1], 'transcriptions', "
	"ARGV[2], '0') end\n"
	"return 1\n",
};

void transcribe_keep(struct app *app, struct owned *o,
                     const struct command *cmd)
{
	const struct cmd_transcription *t = &cmd->transcription;
	char key[64], duration[16], day[USAGE_DAY_SIZE], minutes[16] = "";
	char created[TIME_TEXT_SIZE], updated[TIME_TEXT_SIZE];
	const char *argv[] = {
		key,
		day,
		minutes,
		"sid",
		t->sid,
		"account_sid",
		t->account_sid,
		"recording_sid",
		t->recording,
		"call_sid",
		t->call_sid,
		"status",
		t->status,
		"text",
		t->text,
		"duration",
		duration,
		"date_created",
		created,
		"date_updated",
		updated,
	};

	(void)o;
	time_text(t->created_ms, created);
	time_text(t->updated_ms, updated);
	(void)snprintf(key, sizeof(key), "transcription:{%s}", t->sid);
	(void)snprintf(duration, sizeof(duration), "%u", t->duration_s);
	usage_day(t->updated_ms, day);
	if (strcmp(t->status, "completed") == 0)
		(void)snprintf(minutes, sizeof(minutes), "%u",
		               (unsigned)usage_minutes(t->duration_s));
	(void)redis_eval(app->redis, &keep_script, NULL, NULL, 1,
	                 (int)(sizeof(argv) / sizeof(argv[0])), argv, NULL);
	list(app, t, t->account_sid);
	list(app, t, t->recording);
}
