/*
 * call_flow.c - the way of a call through its documents, to its end
 *
 * Pure.
 */
#include "call_priv.h"

#include "dial.h"
#include "outgoing.h"
#include "webhook.h"

void call_write_status(struct call *call, struct step *st)
{
	struct cmd_status *s = &commands_add(st->out, CMD_STATUS, 0)->status;
	const struct child *out =
		call->outgoing ? &call->outgoing->child : NULL;
	const struct call_start *facts = &call->facts;
	struct arena *a = &st->out->arena;
	bool initiated = call->status == STATUS_INITIATED;

	*s = (struct cmd_status){
		.sid = facts->sid,
		.parent_sid = facts->parent_sid,
		.account_sid = facts->account_sid,
		.direction = facts->direction,
		.from = facts->from,
		.to = facts->to,
		.status = initiated ? "queued" : status_name(call->status),
		.created_ms = call->created_ms,
		.start_ms = out ? child_dialled_ms(out, call->status)
	                        : call->start_ms,
		.ring_ms = out ? out->ring_ms : 0,
		.answer_ms = call->answer_ms,
		.end_ms = call->end_ms,
		.forwarded_from = facts->forwarded_from,
		.caller_name = facts->caller_name,
		.answered_by = out ? arena_str(a, out->answered_by) : "",
		.domain_sid = facts->domain_sid,
		.number_sid = facts->number_sid,
		.callid = out ? arena_str(a, out->callid) : facts->callid,
		.sip_status = call->sip_status,
		.carrier = out ? arena_str(a, out->carrier) : facts->carrier,
		.hung_up = call->hung_up,
		.first = !call->recorded,
		.ended = status_final(call->status),
	};
	call->recorded = true;
}

void call_run(struct call *call, const struct next *next, const char *twiml,
              struct step *st)
{
	struct program *p = &call->program;
	uint32_t code = 0;

	if (*twiml == '\0') {
		code = webhook_fetch(call, next, st);
		if (code)
			call_document_failed(call, code, st);
	} else if (program_load(call, st, twiml, &code)) {
		call_on_verb(call, interp_run(&p->interp, call, st), st);
	} else if (!st->out->failed) {
		call_document_failed(call, code, st);
	}
}

void call_limit(struct call *call, unsigned seconds, struct step *st)
{
	unsigned most = call->facts.limit_s;
	uint64_t due;

	if (most && (!seconds || seconds > most))
		seconds = most;
	if (!seconds)
		return;
	due = call->answer_ms + seconds * 1000ULL;
	step_timer_start(st, TIMER_CALL, 0, due > st->now ? due - st->now : 0,
	                 &call->call_at);
}

void call_answer_parent(struct call *call, struct step *st)
{
	struct leg *parent = call->parent;

	(void)st;
	if (!parent || parent->state > LEG_EARLY || call->answer_wanted)
		return;
	call->answer_wanted = true;
	/* Known at once what it will be: the relay can have it, and the child
	 * is offered the same codec first. */
	if (parent->media.remote_known && !parent->answer_sent &&
	    !(call->dial && call->dial->winner))
		offer_choose(&parent->media, SDP_CODECS);
}

static enum sdp_codec codec_of_winner(const struct call *call)
{
	const struct child *winner = call->dial ? call->dial->winner : NULL;
	const struct leg *leg =
		winner ? call_find_leg(call, winner->leg) : NULL;

	return leg && leg->media.agreed ? leg->media.audio.codec : SDP_CODECS;
}

void call_settle_parent(struct call *call, struct step *st)
{
	struct leg *parent = call->parent;
	const struct plan_port *port = plan_port(&call->plan, call->facts.sid);
	enum sdp_codec wish = codec_of_winner(call);

	if (!parent || !port)
		return;
	if (!*parent->media.ip)
		offer_set_local(&parent->media, port->ip, port->port,
		                port->rtcp_port);
	if (!call->answer_wanted || parent->state > LEG_EARLY)
		return;
	if (wish == SDP_CODECS && parent->media.agreed)
		wish = parent->media.audio.codec;
	leg_answer(parent, wish, &call->facts.session_timer, st);
	call->answer_wanted = false;
	call->state = CALL_IN_PROGRESS;
	call->status = STATUS_IN_PROGRESS;
	call->sip_status = 200;
	call->answer_ms = st->now;
	call_limit(call, 0, st);
	call_write_status(call, st);
	if (call->hangup_wanted)
		call_end(call, STATUS_COMPLETED, st);
}

void call_apologise(struct call *call, struct step *st)
{
	if (call->plan.failed || !call->parent) {
		call_end(call, STATUS_FAILED, st);
		return;
	}
	call_answer_parent(call, st);
	call->apology = true;
	call->plan.play_id++;
	step_timer_start(st, TIMER_APOLOGY, 0, APOLOGY_MS, &call->apology_at);
}

void call_document_failed(struct call *call, uint32_t code, struct step *st)
{
	if (!webhook_fetch_fallback(call, code, st))
		call_apologise(call, st);
}

/* The final response to a caller whose Dial came to nothing */
static void refuse_by_dial(struct call *call, struct step *st)
{
	unsigned status = status_to_caller(call->dial_status, call->dial_sip);

	leg_refuse(call->parent, status, call->dial_refusal.code,
	           call->dial_refusal.text, st);
	call->sip_status = status;
	call_end(call, status_of_sip(status), st);
}

/* Nothing is left to do: hang up, or the final response that fits. */
static void finish(struct call *call, struct step *st)
{
	if (call_parent_answered(call)) {
		call_end(call, STATUS_COMPLETED, st);
	} else if (call->dialed && !call->answer_wanted) {
		refuse_by_dial(call, st);
	} else {
		call_answer_parent(call, st);
		call->hangup_wanted = true;
	}
}

void call_end(struct call *call, enum call_status status, struct step *st)
{
	if (call->state >= CALL_ENDING)
		return;
	if (call->parent && call->parent->state <= LEG_EARLY) {
		call->sip_status = status == STATUS_FAILED ? 503 : 487;
		leg_refuse(call->parent, call->sip_status, 0, "", st);
	}
	if (call->answer_ms)
		status = STATUS_COMPLETED;
	call->state = CALL_ENDING;
	call->status = status;
	call->end_ms = st->now;
	call->program.fetch.pending = false;
	call->answer_wanted = false;
	interp_stop(&call->program.interp, call, st);
	if (call->outgoing)
		outgoing_stop(call, status, st);
	if (recordings_busy(call)) {
		recordings_stop(call, st);
		plan_stop(call, st);
	}
	for (size_t i = 0; i < call->n_legs; i++)
		leg_hangup(call->legs[i], st);
	step_timer_stop(st, TIMER_APOLOGY, 0, &call->apology_at);
	step_timer_stop(st, TIMER_CALL, 0, &call->call_at);
	call_write_status(call, st);
	if (!call->outgoing || !call->outgoing->completed_held)
		webhook_parent(call, st);
}

static void reject(struct call *call, struct step *st)
{
	unsigned status = call->program.next.status;

	if (call_parent_answered(call) || call->answer_wanted || call->dialed) {
		finish(call, st);
		return;
	}
	leg_refuse(call->parent, status, 0, "", st);
	call->sip_status = status;
	call_end(call, status == 486 ? STATUS_BUSY : STATUS_NO_ANSWER, st);
}

void call_on_verb(struct call *call, enum verb_result result, struct step *st)
{
	uint32_t code;

	switch (result) {
	case VERB_WAIT: return;
	case VERB_NEXT:
	case VERB_END: finish(call, st); return;
	case VERB_REJECT: reject(call, st); return;
	case VERB_FETCH:
		code = webhook_fetch(call, &call->program.next, st);
		if (code)
			call_document_failed(call, code, st);
		return;
	}
}

/* What ends a leg whatever happened in the failed step: by the state that the
 * shell knows. */
static void abort_leg(struct leg *leg, struct step *st)
{
	struct command *cmd;

	switch (leg->said) {
	case LEG_INIT:
		if (!leg->uas)
			return;
		break;
	case LEG_CALLING:
	case LEG_EARLY: break;
	case LEG_CONFIRMED:
	case LEG_TERMINATING:
	case LEG_TERMINATED:
		cmd = commands_add(st->out, CMD_BYE, leg->id);
		cmd->dialog.tag = cmd->dialog.reason = "";
		if (leg->said != LEG_CONFIRMED)
			st->out->n--;
		return;
	}
	if (!leg->uas) {
		cmd = commands_add(st->out, CMD_CANCEL, leg->id);
		cmd->dialog.tag = cmd->dialog.reason = "";
		return;
	}
	cmd = commands_add(st->out, CMD_RESPOND, leg->id);
	cmd->respond.status = 503;
	cmd->respond.reason = status_reason(503);
	cmd->respond.error_text = "";
}

void call_abort(struct call *call, struct step *st)
{
	commands_reset(st->out);
	for (size_t i = 0; i < call->n_legs; i++)
		abort_leg(call->legs[i], st);
	for (size_t i = 0; call->detached && i < call->detached->n_legs; i++)
		abort_leg(call->detached->legs[i], st);
	plan_release(call, st);
	if (call->answer_ms)
		call->status = STATUS_COMPLETED;
	else if (!status_final(call->status))
		call->status = STATUS_FAILED;
	if (!call->end_ms)
		call->end_ms = st->now;
	call_write_status(call, st);
	call->state = CALL_ENDED;
	(void)commands_add(st->out, CMD_END, 0);
}
