/*
 * control.c - a live call is changed by the API
 *
 * Pure.
 */
#include "control.h"

#include <string.h>

#include "call_priv.h"
#include "detach.h"
#include "dial.h"
#include "outgoing.h"
#include "recording.h"
#include "state.h"
#include "twiml/prompt.h"

enum { BAD_STATE = 21220 }; /* contract 6.8 */

static struct cmd_reply *reply(struct step *st, const char *sid,
                               enum call_status status)
{
	struct cmd_reply *r = &commands_add(st->out, CMD_REPLY, 0)->reply;

	*r = (struct cmd_reply){
		.text = "",
		.sid = arena_str(&st->out->arena, sid),
		.status = status == STATUS_INITIATED ? "queued"
	                                             : status_name(status),
		.recording = "",
		.recording_status = "",
	};
	return r;
}

static void refuse(struct step *st, const char *sid, enum call_status status,
                   const char *text)
{
	struct cmd_reply *r = reply(st, sid, status);

	r->code = BAD_STATE;
	r->text = text;
}

static bool redirects(const struct call_change *c)
{
	return *c->url || *c->twiml;
}

/* Why a call of this status can not be changed so; NULL = it can */
static const char *forbidden(const struct call_change *c,
                             enum call_status status)
{
	bool answered = status == STATUS_IN_PROGRESS;

	if (status_final(status))
		return "the call has ended";
	if (strcmp(c->status, "canceled") == 0 && answered)
		return "the call is in progress: it can not be canceled";
	if (redirects(c) && !answered)
		return "the call is not in progress: it can not be redirected";
	return NULL;
}

bool control_is_so(const struct call_change *c, enum call_status status)
{
	if (redirects(c))
		return false;
	if (strcmp(c->status, "completed") == 0)
		return status == STATUS_COMPLETED || status == STATUS_CANCELED;
	return strcmp(c->status, "canceled") == 0 && status == STATUS_CANCELED;
}

/* Refuse it; unless it is so already. */
static void answer_ended(const struct call_change *c, enum call_status status,
                         const char *why, struct step *st)
{
	if (control_is_so(c, status))
		(void)reply(st, c->sid, status);
	else
		refuse(st, c->sid, status, why);
}

static void take_hooks(struct call *call, const struct call_change *c,
                       struct step *st)
{
	struct call_start *facts = &call->facts;
	struct arena *a = &call->arena;

	if (*c->fallback_url) {
		facts->fallback_url = arena_str(a, c->fallback_url);
		facts->fallback_method = arena_str(a, c->fallback_method);
	}
	if (*c->status_url) {
		facts->status_callback_url = arena_str(a, c->status_url);
		facts->status_callback_method = arena_str(a, c->status_method);
	}
	if (a->failed)
		st->out->failed = true;
}

/* Whatever runs on the parent's leg is left; nobody is told how it ended. */
static void leave(struct call *call, struct step *st)
{
	struct program *p = &call->program;

	p->fetch.pending = false;
	call->hangup_wanted = call->apology = call->apology_packaged = false;
	step_timer_stop(st, TIMER_APOLOGY, 0, &call->apology_at);
	if (outgoing_busy(call))
		outgoing_leave(call, st);
	st->moved = true;
	interp_stop(&p->interp, call, st);
	st->moved = false;
	interp_waited(&p->interp);
}

static void change_parent(struct call *call, const struct call_change *c,
                          struct step *st)
{
	struct next next = {.url = c->url, .method = c->method};
	enum call_status status =
		call->answer_ms ? STATUS_COMPLETED : STATUS_CANCELED;

	take_hooks(call, c, st);
	if (c->time_limit_s && call->answer_ms)
		call_limit(call, c->time_limit_s, st);
	else if (c->time_limit_s && call->outgoing)
		call->outgoing->time_limit_s = c->time_limit_s;
	if (*c->status) {
		call_end(call, status, st);
	} else if (redirects(c)) {
		leave(call, st);
		call_run(call, &next, c->twiml, st);
	}
	(void)reply(st, call->facts.sid, call->status);
}

static void change_child(struct call *call, const struct call_change *c,
                         struct step *st)
{
	struct interp *in = &call->program.interp;
	struct child *child = dial_child(call->dial, c->sid);
	enum call_status status = STATUS_COMPLETED;
	const char *why = "the call has ended";

	if (child)
		why = forbidden(c, child->status);
	if (child && !why && !*c->status && !redirects(c))
		why = "of a dialled call only url, twiml and status change";
	if (why) {
		answer_ended(c, child ? child->status : STATUS_COMPLETED, why,
		             st);
		return;
	}
	if (!*c->status)
		status = STATUS_IN_PROGRESS; /* as a call of its own */
	else if (!child->answer_ms)
		status = STATUS_CANCELED;
	call_on_verb(call, interp_step(in, call, st), st);
	(void)reply(st, c->sid, status);
}

void control_change(struct call *call, struct step *st)
{
	const struct call_change *c = st->ev->change;
	enum call_status status = call->status;
	const char *why;

	if (strcmp(c->sid, call->facts.sid) != 0) {
		change_child(call, c, st);
		return;
	}
	/* answered, but the 200 waits for the media: not yet for the API */
	why = call->state >= CALL_ENDING ? "the call has ended"
	                                 : forbidden(c, status);
	if (why)
		answer_ended(c, status, why, st);
	else
		change_parent(call, c, st);
}

/* ---- recordings ------------------------------------------------------------ */

static void tell_recording(const struct recording *rec, enum call_status status,
                           struct step *st)
{
	struct cmd_reply *r = reply(st, rec->call_sid, status);

	r->recording = arena_str(&st->out->arena, rec->sid);
	r->recording_status = rec->paused ? "paused" : "in-progress";
	r->recording_start_ms = rec->start_ms;
	if (rec->state >= RECORDING_STOPPING)
		r->recording_status = "stopped";
}

static void start_recording(struct call *call, const struct record_change *c,
                            enum call_status status, struct step *st)
{
	struct recording *rec = recording_find(call, c->recording);

	if (!rec) {
		(void)recording_start(call, c->spec, st);
		rec = &call->recordings.v[call->recordings.n - 1];
	}
	tell_recording(rec, status, st);
}

static void change_recording(struct call *call, const struct record_change *c,
                             enum call_status status, struct step *st)
{
	struct recording *rec = recording_current(call, c->sid, c->recording);

	if (!rec) {
		refuse(st, c->sid, status, "this is not being recorded");
		return;
	}
	if (strcmp(c->status, "stopped") == 0) {
		recording_stop(call, rec->sid, st);
	} else {
		rec->paused = strcmp(c->status, "paused") == 0;
		rec->pause_skips = rec->paused && c->skip;
	}
	tell_recording(rec, status, st);
}

static enum call_status status_of(struct call *call, const char *sid)
{
	const struct child *child = dial_child(call->dial, sid);

	if (strcmp(sid, call->facts.sid) == 0)
		return call->state >= CALL_ENDING ? STATUS_COMPLETED
		                                  : call->status;
	return child ? child->status : STATUS_COMPLETED;
}

void control_record(struct call *call, struct step *st)
{
	const struct record_change *c = st->ev->record;
	enum call_status status = status_of(call, c->sid);

	if (status != STATUS_IN_PROGRESS)
		refuse(st, c->sid, status, "the call is not in progress");
	else if (!c->spec)
		change_recording(call, c, status, st);
	else if (call->recordings.n == RECORDINGS_MAX)
		refuse(st, c->sid, status, "too many recordings at a time");
	else
		start_recording(call, c, status, st);
}
