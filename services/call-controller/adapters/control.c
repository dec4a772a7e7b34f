/*
 * control.c - what the API asks of a call that is here
 */
#include "control.h"

#include <stdio.h>
#include <string.h>

#include "app.h"
#include "ask.h"
#include "control_find.h"
#include "core/control.h"
#include "core/recording.h"
#include "create.h"
#include "forget.h"
#include "recording_wish.h"
#include "store/redis.h"

const char *control_url(const Trestle__Hook *hook)
{
	return hook ? hook->url : "";
}

const char *control_method(const Trestle__Hook *hook)
{
	return hook && strcmp(hook->method, "GET") == 0 ? "GET" : "POST";
}

/* ---- replies ------------------------------------------------------------------- */

static void reply(struct app *app, const struct bus_return *to,
                  Trestle__ControlReply *body)
{
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;

	env.body_case = TRESTLE__ENVELOPE__BODY_CONTROL_REPLY;
	env.control_reply = body;
	bus_reply(app->bus, to, &env);
}

/* protobuf-c has no const; it only reads what it packs. */
static char *text_of(const char *s)
{
	return (char *)(uintptr_t)s;
}

void control_done(struct app *app, const struct bus_return *to,
                  const char *call_sid, const char *status)
{
	Trestle__ControlReply body = TRESTLE__CONTROL_REPLY__INIT;

	body.call_sid = text_of(call_sid);
	body.status = text_of(status);
	reply(app, to, &body);
}

void control_refuse(struct app *app, const struct bus_return *to, uint32_t code,
                    const char *text, const char *status)
{
	Trestle__ControlReply body = TRESTLE__CONTROL_REPLY__INIT;

	body.code = code;
	body.text = text_of(text);
	body.status = text_of(status);
	reply(app, to, &body);
}

/* What a step answers. It is told when Redis has what the step wrote: rest-api
 * shows the record. */
struct answer {
	struct ask ask;
	struct bus_return from;
	bool given;
	struct cmd_reply reply; /* strings are those below, or static */
	char sid[SID_SIZE], recording[SID_SIZE];
};

void control_reply(struct app *app, struct owned *o, const struct command *cmd)
{
	struct answer *a = app->answer;

	(void)o;
	if (!a)
		return;
	a->given = true;
	a->reply = cmd->reply; /* but for the sids all are static */
	(void)snprintf(a->sid, sizeof(a->sid), "%s", cmd->reply.sid);
	(void)snprintf(a->recording, sizeof(a->recording), "%s",
	               cmd->reply.recording);
}

static void on_written(void *arg, int err, const redisReply *redis)
{
	struct answer *a = arg;
	const struct cmd_reply *r = &a->reply;
	Trestle__ControlReply body = TRESTLE__CONTROL_REPLY__INIT;

	(void)err, (void)redis;
	body.code = r->code;
	body.text = text_of(r->text);
	body.call_sid = a->sid;
	body.status = text_of(r->status);
	body.recording_sid = a->recording;
	body.recording_status = text_of(r->recording_status);
	body.recording_start_ms = r->recording_start_ms;
	reply(a->ask.app, &a->from, &body);
	ask_free(&a->ask);
}

/* ---- requests ------------------------------------------------------------------ */

static void step(struct app *app, const char *sid, struct event *ev,
                 const struct bus_return *from)
{
	struct answer *a = ask_alloc(app, sizeof(*a), "");

	if (a) {
		a->from = *from;
		app->answer = a;
		app_step(app, sid, ev);
		app->answer = NULL;
	}
	if (!a || !a->given) { /* memory ran out: such a call is ended */
		bus_refuse(app->bus, from,
		           TRESTLE__REFUSAL__REASON__UNAVAILABLE,
		           "out of memory");
		if (a)
			ask_free(&a->ask);
	} else if (redis_command(app->redis, on_written, a, "PING")) {
		on_written(a, 0, NULL);
	}
}

static void change(struct app *app, const char *sid,
                   const struct bus_return *from, const Trestle__CallUpdate *u)
{
	const struct call_change change = {
		.sid = u->call_sid,
		.url = control_url(u->voice),
		.method = control_method(u->voice),
		.twiml = u->twiml,
		.status = u->status,
		.fallback_url = control_url(u->fallback),
		.fallback_method = control_method(u->fallback),
		.status_url = control_url(u->status_callback),
		.status_method = control_method(u->status_callback),
		.time_limit_s = u->time_limit,
	};
	struct event ev = app_event(EV_CHANGE, 0);

	ev.change = &change;
	step(app, sid, &ev, from);
}

static void start_recording(struct app *app, const char *sid,
                            const struct bus_return *from,
                            const Trestle__RecordingStart *s)
{
	static const Trestle__CallRecording plain =
		TRESTLE__CALL_RECORDING__INIT;
	struct recording_spec spec;
	const struct record_change record = {
		.sid = s->call_sid,
		.recording = s->recording_sid,
		.spec = &spec,
		.status = "",
	};
	struct event ev = app_event(EV_RECORD, 0);

	recording_wish(&spec, "StartCallRecordingAPI",
	               s->recording ? s->recording : &plain);
	spec.sid = s->recording_sid;
	spec.call_sid = s->call_sid;
	ev.record = &record;
	step(app, sid, &ev, from);
}

static void change_recording(struct app *app, const char *sid,
                             const struct bus_return *from,
                             const Trestle__RecordingUpdate *u)
{
	const struct record_change record = {
		.sid = u->call_sid,
		.recording = u->recording_sid,
		.status = u->status,
		.skip = u->skip,
	};
	struct event ev = app_event(EV_RECORD, 0);

	ev.record = &record;
	step(app, sid, &ev, from);
}

void control_apply(struct app *app, struct owned *o,
                   const struct bus_return *from, const Trestle__Envelope *env)
{
	char sid[SID_SIZE]; /* the step may free the call */

	memcpy(sid, o->sid, sizeof(sid));
	if (env->body_case == TRESTLE__ENVELOPE__BODY_CALL_UPDATE)
		change(app, sid, from, env->call_update);
	else if (env->body_case == TRESTLE__ENVELOPE__BODY_RECORDING_START)
		start_recording(app, sid, from, env->recording_start);
	else
		change_recording(app, sid, from, env->recording_update);
}

static bool valid(const Trestle__Envelope *env)
{
	return env->body_case != TRESTLE__ENVELOPE__BODY_RECORDING_START ||
	       sid_valid(env->recording_start->recording_sid, "RE");
}

static void on_live(struct app *app, const struct bus_return *from,
                    const Trestle__Envelope *env, const char *call_sid,
                    const char *account_sid)
{
	if (!sid_valid(call_sid, "CA") || !valid(env))
		bus_refuse(app->bus, from, TRESTLE__REFUSAL__REASON__INVALID,
		           "not the sid of a call or recording");
	else
		control_find(app, from, env, call_sid, account_sid);
}

bool control_on_request(struct app *app, const struct bus_return *from,
                        const Trestle__Envelope *env)
{
	switch (env->body_case) {
	case TRESTLE__ENVELOPE__BODY_CALL_CREATE:
		create_on_request(app, from, env);
		return true;
	case TRESTLE__ENVELOPE__BODY_CALL_UPDATE:
		on_live(app, from, env, env->call_update->call_sid,
		        env->call_update->account_sid);
		return true;
	case TRESTLE__ENVELOPE__BODY_RECORDING_START:
		on_live(app, from, env, env->recording_start->call_sid,
		        env->recording_start->account_sid);
		return true;
	case TRESTLE__ENVELOPE__BODY_RECORDING_UPDATE:
		on_live(app, from, env, env->recording_update->call_sid,
		        env->recording_update->account_sid);
		return true;
	case TRESTLE__ENVELOPE__BODY_CALL_DELETE:
		forget_on_request(app, from, env->call_delete);
		return true;
	default: return false;
	}
}
