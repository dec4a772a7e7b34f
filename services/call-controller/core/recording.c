/*
 * recording.c - the recordings of a call, from their wish to their end
 *
 * Pure.
 */
#include "recording.h"

#include <stdio.h>
#include <string.h>

#include "outgoing.h"
#include "state.h"
#include "transcription.h"
#include "webhook.h"

const char recording_source_start[] = "StartCallRecordingTwiML";

void recordings_close(struct recordings *r)
{
	for (size_t i = 0; i < r->n; i++)
		arena_close(&r->v[i].arena);
	r->n = 0;
}

static const char *keep(struct arena *a, const char *s)
{
	return arena_str(a, s ? s : "");
}

const char *recording_start(struct call *call,
                            const struct recording_spec *spec, struct step *st)
{
	struct recordings *r = &call->recordings;
	struct recording *rec = &r->v[r->n];

	if (r->n == RECORDINGS_MAX) {
		call_alert(call, st, 12400, true,
		           "too many recordings of one call at a time");
		return "";
	}
	r->n++;
	memset(rec, 0, sizeof(*rec));
	rng_sid(st->rng, "RE", rec->sid);
	if (spec->sid)
		memcpy(rec->sid, spec->sid, strnlen(spec->sid, SID_SIZE - 1));
	(void)snprintf(rec->call_sid, sizeof(rec->call_sid), "%s",
	               spec->call_sid ? spec->call_sid : call->facts.sid);
	rec->spec = *spec;
	rec->spec.sid = rec->spec.call_sid = NULL;
	rec->spec.source = keep(&rec->arena, spec->source);
	rec->spec.status_url = keep(&rec->arena, spec->status_url);
	rec->spec.status_method = keep(&rec->arena, spec->status_method);
	rec->spec.transcribe_url = keep(&rec->arena, spec->transcribe_url);
	rec->action_url = rec->action_method = "";
	if (rec->arena.failed)
		st->out->failed = true;
	return rec->sid;
}

struct recording *recording_find(struct call *call, const char *sid)
{
	for (size_t i = 0; i < call->recordings.n; i++) {
		if (strcmp(call->recordings.v[i].sid, sid) == 0)
			return &call->recordings.v[i];
	}
	return NULL;
}

struct recording *recording_current(struct call *call, const char *call_sid,
                                    const char *sid)
{
	bool any = strcmp(sid, "Twilio.CURRENT") == 0;

	for (size_t i = call->recordings.n; i > 0; i--) {
		struct recording *rec = &call->recordings.v[i - 1];

		if (rec->state < RECORDING_STOPPING &&
		    strcmp(rec->call_sid, call_sid) == 0 &&
		    (any || strcmp(rec->sid, sid) == 0))
			return rec;
	}
	return NULL;
}

static void notify(struct call *call, struct recording *rec, const char *status,
                   unsigned event, struct step *st)
{
	if (*rec->spec.status_url && (rec->spec.events & event))
		webhook_recording(call, rec, status, st);
}

/* The call ended meanwhile; its action is told that the caller hung up. */
static void tell_action(struct call *call, const struct recording *rec,
                        struct step *st)
{
	struct params p;
	struct next next = {
		.url = arena_str(&st->out->arena, rec->action_url),
		.method = arena_str(&st->out->arena, rec->action_method),
	};

	params_init(&p, st);
	recording_params(call, rec->sid, &p);
	params_add(&p, "RecordingDuration",
	           recording_seconds(rec, &st->out->arena));
	params_add(&p, "Digits", "hangup");
	next.params = p.v;
	next.n_params = p.n;
	webhook_tell(call, &next, st);
}

/* The last callback of an outgoing call tells of the recording of the whole. */
static void tell_outgoing(struct call *call, const struct recording *rec)
{
	if (call->outgoing &&
	    strcmp(call->outgoing->recording_sid, rec->sid) == 0)
		call->outgoing->recording_ms = rec->length_ms;
}

static void on_ended(struct call *call, struct recording *rec, struct step *st)
{
	const struct event *ev = st->ev;
	bool failed = ev->ended_by == ENDED_FAILED;

	rec->state = RECORDING_ENDED;
	rec->length_ms = ev->length_ms;
	tell_outgoing(call, rec);
	rec->error_code = failed ? ev->error_code : 0;
	if (failed)
		call_alert(call, st, ev->error_code ? ev->error_code : 12400,
		           true, arena_str(&st->out->arena, ev->text));
	if (!rec->length_ms) {
		notify(call, rec, failed ? "failed" : "absent",
		       failed ? RECORDED_COMPLETED : RECORDED_ABSENT, st);
		return;
	}
	notify(call, rec, "completed", RECORDED_COMPLETED, st);
	if (*rec->action_url)
		tell_action(call, rec, st);
	if (rec->spec.transcribe)
		transcription_begin(call, rec, st);
}

static void stop(struct call *call, struct recording *rec, struct step *st)
{
	if (rec->state == RECORDING_WANTED) {
		rec->state = RECORDING_ENDED;
		notify(call, rec, "absent", RECORDED_ABSENT, st);
	} else if (rec->state < RECORDING_STOPPING) {
		rec->state = RECORDING_STOPPING;
		if (call->recordings.end_at == NEVER)
			step_timer_start(st, TIMER_RECORDING, 0,
			                 RECORDING_END_MS,
			                 &call->recordings.end_at);
	}
}

void recording_stop(struct call *call, const char *sid, struct step *st)
{
	struct recording *rec = recording_find(call, sid);

	if (rec)
		stop(call, rec, st);
}

void recordings_stop(struct call *call, struct step *st)
{
	for (size_t i = 0; i < call->recordings.n; i++)
		stop(call, &call->recordings.v[i], st);
}

void recordings_stop_started(struct call *call, struct step *st)
{
	for (size_t i = 0; i < call->recordings.n; i++) {
		struct recording *rec = &call->recordings.v[i];

		if (strcmp(rec->spec.source, recording_source_start) == 0)
			stop(call, rec, st);
	}
}

void recording_tell(struct call *call, const char *sid, const char *url,
                    const char *method, struct step *st)
{
	struct recording *rec = recording_find(call, sid);

	if (!rec)
		return;
	rec->action_url = arena_str(&rec->arena, url);
	rec->action_method = arena_str(&rec->arena, method);
	if (rec->arena.failed)
		st->out->failed = true;
}

void recordings_step(struct call *call, struct step *st)
{
	struct recording *rec = recording_find(call, st->ev->id);

	if (!rec)
		return;
	switch (st->ev->type) {
	case EV_RECORDING_STARTED:
		if (rec->state > RECORDING_PUT)
			return;
		rec->state = RECORDING_STARTED;
		rec->start_ms = st->now;
		notify(call, rec, "in-progress", RECORDED_STARTED, st);
		return;
	case EV_RECORDING_ENDED:
		if (rec->state <= RECORDING_STOPPING)
			on_ended(call, rec, st);
		return;
	case EV_TRANSCRIBED:
		if (rec->state == RECORDING_TRANSCRIBED)
			transcription_done(call, rec, st);
		return;
	default: return;
	}
}

/* The leg that it is of, as long as that is connected */
static const struct leg *leg_of(const struct call *call,
                                const struct recording *rec)
{
	if (call->parent && strcmp(call->parent->sid, rec->call_sid) == 0)
		return call->parent;
	for (size_t i = 0; i < call->n_legs; i++) {
		if (call->legs[i]->state == LEG_CONFIRMED &&
		    strcmp(call->legs[i]->sid, rec->call_sid) == 0)
			return call->legs[i];
	}
	return NULL;
}

void recordings_sweep(struct call *call, struct step *st)
{
	struct recordings *r = &call->recordings;
	bool stopping = false;
	size_t kept = 0;

	for (size_t i = 0; i < r->n; i++) {
		if (strcmp(r->v[i].call_sid, call->facts.sid) != 0 &&
		    !leg_of(call, &r->v[i]))
			stop(call, &r->v[i], st); /* the child is gone */
		if (r->v[i].state == RECORDING_ENDED) {
			arena_close(&r->v[i].arena);
			continue;
		}
		stopping = stopping || r->v[i].state == RECORDING_STOPPING;
		if (kept != i)
			r->v[kept] = r->v[i];
		kept++;
	}
	r->n = kept;
	if (!stopping)
		step_timer_stop(st, TIMER_RECORDING, 0, &r->end_at);
}

void recordings_give_up(struct call *call, struct step *st)
{
	call->recordings.end_at = NEVER;
	for (size_t i = 0; i < call->recordings.n; i++) {
		struct recording *rec = &call->recordings.v[i];

		if (rec->state != RECORDING_STOPPING)
			continue;
		rec->state = RECORDING_ENDED;
		rec->error_code = 12400;
		call_alert(call, st, 12400, true,
		           "the media-relay does not tell of the end of a "
		           "recording");
		notify(call, rec, "failed", RECORDED_COMPLETED, st);
	}
}

void recordings_resume(struct call *call, struct step *st)
{
	for (size_t i = 0; i < call->recordings.n; i++) {
		if (call->recordings.v[i].state == RECORDING_TRANSCRIBED)
			transcription_ask(&call->recordings.v[i], st);
	}
	step_timer_resume(st, TIMER_RECORDING, 0, call->recordings.end_at);
}

bool recordings_busy(const struct call *call)
{
	return call->recordings.n > 0;
}

const struct media_recording *recordings_wanted(struct call *call,
                                                struct arena *a, size_t *n)
{
	struct media_recording *list =
		arena_alloc(a, RECORDINGS_MAX * sizeof(*list));

	*n = 0;
	if (!list)
		return NULL;
	for (size_t i = 0; i < call->recordings.n; i++) {
		struct recording *rec = &call->recordings.v[i];
		const struct leg *leg = leg_of(call, rec);

		if (rec->state >= RECORDING_STOPPING || !leg ||
		    leg->state != LEG_CONFIRMED || !leg->media.remote_known)
			continue;
		if (rec->state == RECORDING_WANTED)
			rec->state = RECORDING_PUT;
		list[(*n)++] = (struct media_recording){
			.sid = arena_str(a, rec->sid),
			.call_sid = arena_str(a, rec->call_sid),
			.leg = arena_str(a, rec->call_sid),
			.track = rec->spec.track,
			.dual = rec->spec.dual,
			.beep = rec->spec.beep,
			.trim = rec->spec.trim,
			.max_ms = rec->spec.max_ms,
			.silence_ms = rec->spec.silence_ms,
			.source = arena_str(a, rec->spec.source),
			.paused = rec->paused,
			.pause_skips = rec->pause_skips,
		};
	}
	return list;
}

const char *recording_url(const struct call *call, const char *sid,
                          struct arena *a)
{
	return arena_printf(a, "%s/2010-04-01/Accounts/%s/Recordings/%s",
	                    call->facts.public_url, call->facts.account_sid,
	                    sid);
}

const char *recording_seconds(const struct recording *rec, struct arena *a)
{
	return arena_printf(a, "%u", (rec->length_ms + 500) / 1000);
}

void recording_params(const struct call *call, const char *sid,
                      struct params *p)
{
	if (!*sid)
		return;
	params_add(p, "RecordingUrl", recording_url(call, sid, p->arena));
	params_add(p, "RecordingSid", arena_str(p->arena, sid));
}
