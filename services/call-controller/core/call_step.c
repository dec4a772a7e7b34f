/*
 * call_step.c - one call: what happens to it
 *
 * call_step() routes an event to the leg it names; what it meant to the leg
 * goes to the verb that runs; the verb's result to the document. When all is
 * settled, what the state now wants of the media is put.
 *
 * Pure.
 */
#include "call.h"

#include <string.h>

#include "call_priv.h"
#include "control.h"
#include "detach.h"
#include "dial.h"
#include "outgoing.h"
#include "webhook.h"

static void on_start(struct call *call, struct step *st)
{
	struct leg *parent = call->parent;
	struct next next = {.url = call->facts.voice_url,
	                    .method = call->facts.voice_method};
	enum offer_result result = OFFER_OK;

	if (call->created_ms)
		return;
	call->created_ms =
		call->facts.created_ms ? call->facts.created_ms : st->now;
	if (call->outgoing) {
		outgoing_start(call, st);
		return;
	}
	call->start_ms = st->now;
	call->status = STATUS_RINGING;
	if (call->facts.sdp_len)
		result = offer_receive(&parent->media, call->facts.sdp,
		                       call->facts.sdp_len);
	if (result != OFFER_OK) {
		call_alert(call, st, offer_code(result), false,
		           "no media can be agreed with the caller");
		leg_refuse(parent, 488, offer_code(result),
		           "no codec or media in common", st);
		call->sip_status = 488;
		call_end(call, STATUS_FAILED, st);
		return;
	}
	if (refresh_too_short(&call->facts.session_timer)) {
		leg_refuse(parent, 422, 0, "", st);
		call->sip_status = 422;
		call_end(call, STATUS_FAILED, st);
		return;
	}
	leg_ring(parent, false, SDP_CODECS, st);
	call_write_status(call, st);
	call_run(call, &next, call->facts.document, st);
}

static void step_verb(struct call *call, struct step *st)
{
	struct interp *in = &call->program.interp;

	if (outgoing_busy(call))
		outgoing_step(call, st);
	else if (in->verb)
		call_on_verb(call, interp_step(in, call, st), st);
}

/* Of the parent's program; or of another one, that the verb knows. */
static void on_document(struct call *call, struct step *st)
{
	uint32_t code;

	if (call->state >= CALL_ENDING)
		return;
	if (program_take(call, st, &code))
		call_on_verb(call, interp_run(&call->program.interp, call, st),
		             st);
	else if (code == 14106)
		call_apologise(call, st);
	else if (code && !st->out->failed)
		call_document_failed(call, code, st);
	else
		step_verb(call, st);
}

/* The parent's leg is gone, and with it the call. */
static void on_parent_gone(struct call *call, struct step *st)
{
	if (st->ev->type == EV_LEG_ACK_TIMEOUT)
		call_alert(call, st, 32022, false,
		           "the caller did not acknowledge the answer");
	if (!call->answer_ms)
		call->sip_status = call->parent->status;
	call->hung_up = st->ev->type == EV_LEG_HUNGUP ||
	                st->ev->type == EV_LEG_CANCELED;
	call_end(call, call->answer_ms ? STATUS_COMPLETED : STATUS_CANCELED,
	         st);
}

static void on_media_failed(struct call *call, struct step *st)
{
	call_alert(call, st, 12400, true, "no media-relay takes the session");
	call->plan.failed = true;
	call->plan.put = false;
	if (call->parent && call->parent->state <= LEG_EARLY) {
		leg_unavailable(call->parent, st);
		call->sip_status = 503;
	}
	call_end(call, STATUS_FAILED, st);
}

static void on_apology_over(struct call *call, struct step *st)
{
	if (!call->apology)
		return;
	call_end(call, STATUS_COMPLETED, st);
}

enum { VOICE_SUBSTITUTED = 13511 };

static void on_play(struct call *call, struct step *st)
{
	const struct event *ev = st->ev;

	if (!call->apology) {
		step_verb(call, st);
		return;
	}
	if (ev->play_id != call->plan.play_id)
		return;
	if (ev->type == EV_PLAY_FAILED && ev->error_code == VOICE_SUBSTITUTED)
		return; /* but it is heard */
	if (ev->type == EV_PLAY_FAILED && !call->apology_packaged) {
		call->apology_packaged = true;
		call->plan.play_id++;
	} else if (ev->type == EV_PLAY_DONE) {
		on_apology_over(call, st);
	}
}

/* A leg whose ACK had to bring the answer to our offer */
static void alert_ack(const struct leg *leg, struct step *st)
{
	struct cmd_alert alert = {
		.code = leg->unusable,
		.error = leg->unusable == 32207,
		.call_sid = arena_str(&st->out->arena, leg->sid),
		.text = leg->unusable == 32103
	                        ? "the ACK has no SDP, which an INVITE without "
	                          "one asks for: let the phone put it in "
	                          "either of them"
	                        : "no media can be agreed: the SDP in the ACK "
	                          "has none that we can relay",
		.url = "",
	};

	call_alert_at(st, &alert);
}

static void on_leg(struct call *call, struct step *st)
{
	struct leg *leg = st->leg;

	if (!leg) {
		if (st->ev->type == EV_LEG_OFFER) {
			struct command *cmd =
				commands_add(st->out, CMD_ANSWER, st->ev->leg);

			cmd->respond.status = 481;
			cmd->respond.reason = status_reason(481);
			cmd->respond.error_text = "";
		}
		return;
	}
	st->outcome = leg_step(leg, st);
	if (st->outcome == LEG_GONE && leg->unusable)
		alert_ack(leg, st);
	if (leg == call->parent && st->outcome == LEG_GONE)
		on_parent_gone(call, st);
	else if (st->outcome != LEG_NOTHING && call->state < CALL_ENDING)
		step_verb(call, st);
}

static void on_limit(struct call *call, struct step *st)
{
	uint64_t limit_ms = call->facts.limit_s * 1000ULL;

	call->call_at = NEVER;
	if (limit_ms && st->now >= call->answer_ms + limit_ms)
		call_alert(call, st, 13805, false,
		           "a call of a trial account ends after ten minutes");
	else
		call_alert(call, st, 32015, false,
		           "the TimeLimit of the call has passed");
	call_end(call, STATUS_COMPLETED, st);
}

static void on_timer(struct call *call, struct step *st)
{
	switch (st->ev->timer) {
	case TIMER_VERB:
	case TIMER_LIMIT: step_verb(call, st); return;
	case TIMER_APOLOGY:
		call->apology_at = NEVER;
		on_apology_over(call, st);
		return;
	case TIMER_CALL: on_limit(call, st); return;
	case TIMER_RECORDING:
		recordings_give_up(call, st);
		step_verb(call, st);
		return;
	case TIMER_LEG_GLARE:
	case TIMER_LEG_REFRESH:
	case TIMER_LEG_EXPIRE:
	case TIMER_LEG_GUARD: on_leg(call, st); return;
	}
}

static void on_media_timeout(struct call *call, struct step *st)
{
	if (strcmp(st->ev->sid, call->facts.sid) != 0) {
		step_verb(call, st);
		return;
	}
	if (!call_parent_answered(call))
		return;
	call_alert(call, st, 32014, false,
	           call->outgoing ? "the callee sends no media any more"
	                          : "the caller sends no media any more");
	call_end(call, STATUS_COMPLETED, st);
}

/* After an adoption. A call that was answered goes on; one that rang has lost
 * its transactions and is ended. */
static void on_restored(struct call *call, struct step *st)
{
	if (call->state == CALL_RINGING) {
		call_end(call, STATUS_FAILED, st);
		return;
	}
	for (size_t i = 0; i < call->n_legs; i++)
		leg_resume(call->legs[i], st);
	program_timer_resume(st);
	step_timer_resume(st, TIMER_LIMIT, 0, call->limit_at);
	step_timer_resume(st, TIMER_APOLOGY, 0, call->apology_at);
	step_timer_resume(st, TIMER_CALL, 0, call->call_at);
	webhook_fetch_again(call, st);
	recordings_resume(call, st);
	if (call->state == CALL_ENDING && recordings_busy(call))
		plan_stop(call, st);
	call->plan.again = call->plan.put;
	step_verb(call, st);
}

/* By SIP INFO, which names the leg, or by the relay */
static void on_digit(struct call *call, struct step *st)
{
	const struct event *ev = st->ev;

	for (size_t i = 0; i < call->n_legs; i++) {
		struct leg *leg = call->legs[i];

		if (strcmp(leg->sid, ev->sid) == 0 &&
		    !keys_take(&leg->keys, ev->digit, ev->leg != 0, st->now)) {
			dial_keys_twice(call, st);
			return;
		}
	}
	step_verb(call, st);
}

static void dispatch(struct call *call, struct step *st)
{
	switch (st->ev->type) {
	case EV_START: on_start(call, st); return;
	case EV_RESTORED: on_restored(call, st); return;
	case EV_END: call_end(call, STATUS_CANCELED, st); return;
	case EV_SHUTDOWN: call_end(call, STATUS_FAILED, st); return;
	case EV_CHANGE: control_change(call, st); return;
	case EV_RECORD: control_record(call, st); return;
	case EV_DETACHED: detach_begin(call, st); return;
	case EV_TIMER: on_timer(call, st); return;
	case EV_DOCUMENT:
	case EV_FETCH_FAILED: on_document(call, st); return;
	case EV_LEG_PROVISIONAL:
	case EV_LEG_ANSWERED:
	case EV_LEG_FAILED:
	case EV_LEG_CANCELED:
	case EV_LEG_ACKED:
	case EV_LEG_ACK_TIMEOUT:
	case EV_LEG_HUNGUP:
	case EV_LEG_ENDED:
	case EV_LEG_OFFER:
	case EV_LEG_REOFFER_ANSWERED:
	case EV_LEG_REOFFER_FAILED: on_leg(call, st); return;
	case EV_MEDIA_READY: plan_ports(&call->plan, st->ev); return;
	case EV_MEDIA_FAILED: on_media_failed(call, st); return;
	case EV_MEDIA_LOST: call->plan.again = call->plan.put; return;
	case EV_MEDIA_TIMEOUT: on_media_timeout(call, st); return;
	case EV_PLAY_DONE:
	case EV_PLAY_FAILED: on_play(call, st); return;
	case EV_RECORDING_STARTED:
	case EV_RECORDING_ENDED:
	case EV_TRANSCRIBED:
		recordings_step(call, st);
		step_verb(call, st);
		return;
	case EV_MACHINE:
		if (!outgoing_machine(call, st))
			step_verb(call, st);
		return;
	case EV_SPEECH:
	case EV_SPEECH_FAILED:
	case EV_VOICE:
	case EV_RESOLVED: step_verb(call, st); return;
	case EV_DIGIT: on_digit(call, st); return;
	}
}

static bool out_of_memory(const struct call *call, const struct step *st)
{
	bool failed = st->out->failed || st->out->arena.failed ||
	              call->program.fetch.arena.failed ||
	              (call->dial && call->dial->arena.failed) ||
	              (call->outgoing && call->outgoing->arena.failed);

	for (size_t i = 0; i < call->n_legs; i++)
		failed = failed || call->legs[i]->arena.failed;
	return failed;
}

/* Strings that an event leaves out are empty ones. */
static struct event complete(const struct event *from)
{
	struct event ev = *from;

	ev.url = ev.url ? ev.url : "";
	ev.content_type = ev.content_type ? ev.content_type : "";
	ev.body = ev.body ? ev.body : "";
	ev.text = ev.text ? ev.text : "";
	ev.child = ev.child ? ev.child : "";
	ev.tag = ev.tag ? ev.tag : "";
	ev.sid = ev.sid ? ev.sid : "";
	ev.id = ev.id ? ev.id : "";
	return ev;
}

void call_step(struct call *call, const struct event *event,
               struct commands *out)
{
	struct event ev = complete(event);
	struct step st = {
		.ev = &ev,
		.now = ev.now_ms,
		.out = out,
		.rng = &call->rng,
		.leg = ev.leg ? call_find_leg(call, ev.leg) : NULL,
		.program = &call->program,
	};

	commands_reset(out);
	if (call->state == CALL_ENDED)
		return;
	dispatch(call, &st);
	call_settle(call, &st);
	if (out_of_memory(call, &st)) {
		call_abort(call, &st);
		return;
	}
	for (size_t i = 0; i < call->n_legs; i++)
		call->legs[i]->said = call->legs[i]->state;
}
