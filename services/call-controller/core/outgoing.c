/*
 * outgoing.c - the parent of a call that the API placed
 *
 * Pure.
 */
#include "outgoing.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call_priv.h"
#include "child_priv.h"
#include "route.h"
#include "state.h"
#include "twiml/prompt.h"
#include "webhook.h"

static void copy_recording(struct arena *a, struct recording_spec *to,
                           const struct recording_spec *from)
{
	*to = *from;
	to->source = arena_str(a, from->source ? from->source : "");
	to->status_url = arena_str(a, from->status_url ? from->status_url : "");
	to->status_method =
		arena_str(a, from->status_method ? from->status_method : "");
	to->transcribe_url = "";
}

/* Whom it calls, as a noun that is not screened */
static int make_noun(struct outgoing *o, const struct outgoing_spec *spec)
{
	struct noun *noun = &o->child.noun;
	struct arena *a = &o->arena;
	struct route route;

	if (!strpbrk(spec->to, ":@")) /* a number, perhaps 911 */
		route_number(a, spec->to, &route);
	else
		route_sip(a, spec->to, &route);
	*noun = (struct noun){
		.kind = route.kind,
		.sip = route.kind == RESOLVE_URI,
		.what = route.what,
		.headers = route.headers,
		.n_headers = route.n_headers,
		.username = arena_str(a, spec->username),
		.password = arena_str(a, spec->password),
		.carrier = arena_str(a, spec->carrier),
		.status_url = "",
		.status_method = "",
		.url = "",
		.method = "",
		.send_digits = "",
		.detect = spec->detect,
		.verification = spec->verification,
		.amd_url = arena_str(a, spec->amd_url),
		.amd_method = arena_str(a, spec->amd_method),
		.refusal = {route.code, route.text},
	};
	if (*spec->send_digits)
		noun->detect.wanted = false;
	return route.refused ? EINVAL : 0;
}

int outgoing_alloc(struct outgoing **op, const struct call_start *start)
{
	const struct outgoing_spec *spec = start->outgoing;
	struct outgoing *o = calloc(1, sizeof(*o));
	int err = ENOMEM;

	if (!o)
		goto out;
	child_init(&o->child, &o->arena);
	(void)snprintf(o->child.sid, sizeof(o->child.sid), "%s", start->sid);
	o->child.caller = arena_str(&o->arena, spec->caller);
	o->child.caller_free = true; /* rest-api knows what is verified */
	o->twiml = arena_str(&o->arena, spec->twiml);
	o->send_digits = arena_str(&o->arena, spec->send_digits);
	o->timeout_s = spec->timeout_s;
	o->time_limit_s = spec->time_limit_s;
	o->events = spec->events;
	o->record = spec->record;
	o->detect_async = spec->detect_async;
	copy_recording(&o->arena, &o->recording, &spec->recording);
	err = make_noun(o, spec);
	if (!err && o->arena.failed)
		err = ENOMEM;
out:
	if (err)
		outgoing_free(o);
	else
		*op = o;
	return err;
}

void outgoing_free(struct outgoing *o)
{
	if (!o)
		return;
	arena_close(&o->arena);
	free(o);
}

bool outgoing_is(const struct call *call, const struct child *child)
{
	return call->outgoing && child == &call->outgoing->child;
}

bool outgoing_busy(const struct call *call)
{
	return call->outgoing && call->outgoing->phase < OUTGOING_DONE;
}

void outgoing_start(struct call *call, struct step *st)
{
	struct outgoing *o = call->outgoing;

	o->phase = OUTGOING_RINGING;
	call->start_ms = st->now;
	program_timer_start(st, o->timeout_s * 1000ULL);
	if (o->child.noun.refusal.code) /* a header of its URI is left out */
		call_alert(call, st, o->child.noun.refusal.code, false,
		           o->child.noun.refusal.text);
	child_start(call, &o->child, st);
}

void outgoing_status(struct call *call, enum call_status status,
                     struct step *st)
{
	if (status_final(status)) /* call_end() tells */
		return;
	call->status = status;
	if (status == STATUS_IN_PROGRESS) {
		call->state = CALL_IN_PROGRESS;
		call->parent = st->leg;
		call->parent_leg = st->leg->id;
		call->answer_ms = st->now;
		call->sip_status = 200;
	}
	call_write_status(call, st);
	webhook_parent(call, st);
}

/* All that comes before the document is done. */
static void run(struct call *call, struct step *st)
{
	struct outgoing *o = call->outgoing;
	struct next next = {.url = call->facts.voice_url,
	                    .method = call->facts.voice_method};

	o->phase = OUTGOING_DONE;
	call_run(call, &next, o->twiml, st);
}

static void on_answered(struct call *call, struct step *st)
{
	struct outgoing *o = call->outgoing;

	program_timer_stop(st);
	call->facts.callid = arena_str(&call->arena, o->child.callid);
	call_limit(call, o->time_limit_s, st);
	if (o->record)
		(void)snprintf(o->recording_sid, sizeof(o->recording_sid), "%s",
		               recording_start(call, &o->recording, st));
	if (*o->send_digits) {
		o->phase = OUTGOING_KEYS;
		prompt_start_digits(o->send_digits, call, st);
	} else if (o->child.detecting && !o->detect_async) {
		o->phase = OUTGOING_DETECTING;
		program_timer_start(st, o->child.noun.detect.timeout_ms +
		                                OUTGOING_DETECT_SLACK_MS);
	} else {
		run(call, st);
	}
}

static void on_child(struct call *call, enum child_outcome outcome,
                     struct step *st)
{
	struct child *child = &call->outgoing->child;

	switch (outcome) {
	case CHILD_WON: on_answered(call, st); return;
	case CHILD_FAILED:
		call->sip_status = child->sip;
		call_end(call, child->status, st);
		return;
	case CHILD_NOTHING:
	case CHILD_RINGING:
	case CHILD_GONE:
	case CHILD_MEDIA: return;
	}
}

static void on_machine(struct call *call, const char *who, struct step *st)
{
	struct outgoing *o = call->outgoing;

	o->child.detecting = false;
	(void)snprintf(o->child.answered_by, sizeof(o->child.answered_by), "%s",
	               who);
	if (o->detect_async)
		webhook_machine(call, &o->child, st);
	call_write_status(call, st);
	if (o->phase != OUTGOING_DETECTING)
		return;
	program_timer_stop(st);
	run(call, st);
}

bool outgoing_machine(struct call *call, struct step *st)
{
	if (!call->outgoing || strcmp(st->ev->sid, call->facts.sid) != 0)
		return false;
	if (call->state < CALL_ENDING && call->outgoing->child.detecting)
		on_machine(call, st->ev->text, st);
	return true;
}

static void on_timeout(struct call *call, struct step *st)
{
	if (call->outgoing->phase == OUTGOING_DETECTING)
		on_machine(call, "unknown", st);
	else if (call->outgoing->phase == OUTGOING_RINGING)
		call_end(call, STATUS_NO_ANSWER, st);
}

/* After an adoption of an answered call */
static void resume(struct call *call, struct step *st)
{
	if (call->outgoing->phase == OUTGOING_KEYS && prompt_plays(st))
		prompt_restore_digits(call->outgoing->send_digits, call, st);
}

void outgoing_step(struct call *call, struct step *st)
{
	struct outgoing *o = call->outgoing;
	const struct event *ev = st->ev;

	if (call->state >= CALL_ENDING)
		return;
	if (program_timer_ran(st))
		on_timeout(call, st);
	else if (ev->type == EV_RESTORED)
		resume(call, st);
	else if (ev->type == EV_RESOLVED)
		on_child(call, child_on_resolved(call, &o->child, st), st);
	else if (o->phase == OUTGOING_KEYS && prompt_ended(call, st))
		run(call, st);
	else if (o->phase == OUTGOING_RINGING && st->leg)
		on_child(call, child_on_leg(call, &o->child, st), st);
}

static void tell_completed(struct call *call, struct step *st)
{
	call->outgoing->completed_held = false;
	webhook_parent(call, st);
}

void outgoing_settle(struct call *call, struct step *st)
{
	if (call->state < CALL_ENDING)
		child_settle(call, &call->outgoing->child, st);
	else if (call->outgoing->completed_held && !recordings_busy(call))
		tell_completed(call, st);
}

void outgoing_leave(struct call *call, struct step *st)
{
	program_timer_stop(st);
	prompt_stop(st);
	call->outgoing->phase = OUTGOING_DONE;
}

void outgoing_stop(struct call *call, enum call_status status, struct step *st)
{
	struct outgoing *o = call->outgoing;

	outgoing_leave(call, st);
	child_stop(call, &o->child, status, st);
	if (!call->answer_ms && !call->sip_status)
		call->sip_status = o->child.sip;
	o->completed_held = *o->recording_sid && recordings_busy(call);
}
