/*
 * dial.c - the running <Dial>: fork, first answer wins
 *
 * Pure.
 */
#include "dial.h"

#include <stdio.h>
#include <string.h>

#include "align.h"
#include "caller.h"
#include "control.h"
#include "detach.h"
#include "resolved.h"
#include "screen.h"
#include "state.h"
#include "webhook.h"

const struct leg *dial_early_leg(const struct call *call)
{
	const struct leg *leg = NULL;

	if (call->dial && call->dial->state == DIAL_RINGING &&
	    call->dial->early)
		leg = call_find_leg(call, call->dial->early);
	return leg && leg->state == LEG_EARLY ? leg : NULL;
}

static void start_timer(struct call *call, struct step *st)
{
	step_timer_start(st, TIMER_VERB, 0,
	                 call->dial->spec.timeout_s * 1000ULL,
	                 &call->program.verb_at);
}

static void start_child(struct call *call, struct child *child, struct step *st)
{
	rng_sid(st->rng, "CA", child->sid);
	if (!child->noun.refused && !caller_choose(call, child)) {
		const struct resolved_refusal *why =
			caller_nobody(call->dial->spec.caller_id);

		child->noun.refused = why->sip;
		child->noun.refusal = (struct refusal){why->code, why->text};
		call_alert(call, st, why->code,
		           why->code != caller_refusal.code, why->text);
	}
	child_start(call, child, st);
}

/* Start the next child that can be called at all (sequential). */
static bool start_next(struct call *call, struct step *st)
{
	struct dial *dial = call->dial;

	for (size_t i = 0; i < dial->n_children; i++) {
		struct child *child = &dial->children[i];

		if (child->state != CHILD_WAITING)
			continue;
		start_child(call, child, st);
		if (child->state != CHILD_DONE) {
			start_timer(call, st);
			return true;
		}
	}
	return false;
}

static bool pending(const struct dial *dial)
{
	for (size_t i = 0; i < dial->n_children; i++) {
		if (dial->children[i].state != CHILD_DONE)
			return true;
	}
	return false;
}

static bool screening(const struct dial *dial)
{
	for (size_t i = 0; i < dial->n_children; i++) {
		if (dial->children[i].state == CHILD_SCREENING)
			return true;
	}
	return false;
}

/* Who answered but did not get through the screening has not answered. */
static unsigned result_of(const struct child *child)
{
	return child->screened_out ? 480 : child->sip;
}

/* Of children that all failed: the one whose result is the Dial's. */
static const struct child *best(const struct dial *dial)
{
	const struct child *result = NULL;

	for (size_t i = 0; i < dial->n_children; i++) {
		const struct child *child = &dial->children[i];

		if (!result ||
		    status_better(result_of(child), result_of(result)) ||
		    (child->sip == result->sip && child->sip == 0))
			result = child;
	}
	return result;
}

static enum dial_state over(struct call *call, struct step *st)
{
	struct dial *dial = call->dial;
	const struct child *child = dial->winner ? dial->winner : best(dial);

	step_timer_stop(st, TIMER_VERB, 0, &call->program.verb_at);
	step_timer_stop(st, TIMER_LIMIT, 0, &call->limit_at);
	recording_stop(call, dial->recording, st);
	dial->state = DIAL_OVER;
	dial->status = child ? child->status : STATUS_FAILED;
	if (dial->canceled && !dial->winner)
		dial->status = STATUS_CANCELED;
	if (child && child->screened_out)
		dial->status = STATUS_NO_ANSWER;
	if (child && child->moved)
		dial->status = STATUS_COMPLETED;
	dial->sip = child ? result_of(child) : 0;
	dial->refusal = (struct refusal){0, ""};
	if (!child)
		dial->refusal = (struct refusal){13223, DIAL_NOBODY};
	else if (dial->status == STATUS_FAILED)
		dial->refusal = child->refusal;
	dial->shown = child && !child->noun.refused ? child : NULL;
	return DIAL_OVER;
}

static void stop_children(struct call *call, const struct child *except,
                          enum call_status status, struct step *st)
{
	struct dial *dial = call->dial;

	for (size_t i = 0; i < dial->n_children; i++) {
		if (&dial->children[i] != except)
			child_stop(call, &dial->children[i], status, st);
	}
}

static void record(struct call *call, enum dial_record when, struct step *st)
{
	struct dial *dial = call->dial;

	if (dial->spec.record == when)
		(void)snprintf(
			dial->recording, sizeof(dial->recording), "%s",
			recording_start(call, &dial->spec.recording, st));
}

enum dial_state dial_start(struct call *call, struct step *st)
{
	struct dial *dial = call->dial;

	record(call, RECORD_FROM_RINGING, st);
	if (dial->spec.sequential)
		return start_next(call, st) ? DIAL_RINGING : over(call, st);
	for (size_t i = 0; i < dial->n_children; i++)
		start_child(call, &dial->children[i], st);
	if (!pending(dial))
		return over(call, st);
	start_timer(call, st);
	return DIAL_RINGING;
}

static enum dial_state on_answered(struct call *call, struct child *child,
                                   struct step *st)
{
	struct dial *dial = call->dial;

	step_timer_stop(st, TIMER_VERB, 0, &call->program.verb_at);
	dial->winner = child;
	dial->state = DIAL_BRIDGED;
	dial->bridged_ms = st->now;
	stop_children(call, child, STATUS_CANCELED, st);
	interp_waited(&call->program.interp);
	step_timer_start(st, TIMER_LIMIT, 0, dial->spec.time_limit_s * 1000ULL,
	                 &call->limit_at);
	dial->align_wanted = true;
	record(call, RECORD_FROM_ANSWER, st);
	call_answer_parent(call, st);
	return DIAL_BRIDGED;
}

static enum dial_state on_failed(struct call *call, struct step *st)
{
	struct dial *dial = call->dial;

	if (screening(dial) || (dial->spec.sequential && start_next(call, st)))
		return DIAL_RINGING;
	return pending(dial) ? DIAL_RINGING : over(call, st);
}

static void on_ringing(struct call *call, struct step *st)
{
	struct dial *dial = call->dial;

	interp_waited(&call->program.interp);
	if (dial->early_tried || !st->leg->early_media ||
	    !dial->spec.answer_on_bridge)
		return;
	dial->early_tried = true;
	dial->early = st->leg->id;
}

static enum dial_state on_child(struct call *call, struct child *child,
                                enum child_outcome outcome, struct step *st)
{
	switch (outcome) {
	case CHILD_RINGING: on_ringing(call, st); break;
	case CHILD_WON: return on_answered(call, child, st);
	case CHILD_FAILED: return on_failed(call, st);
	case CHILD_GONE: return over(call, st);
	case CHILD_MEDIA:
		if (call->dial->state == DIAL_BRIDGED)
			align(call, st);
		break;
	case CHILD_NOTHING: break;
	}
	return call->dial->state;
}

/* End who has not answered; those whose turn has not come may be kept. */
static void stop_ringing(bool keep_waiting, enum call_status status,
                         struct call *call, struct step *st)
{
	struct dial *dial = call->dial;

	for (size_t i = 0; i < dial->n_children; i++) {
		struct child *child = &dial->children[i];

		if (child->state != CHILD_SCREENING &&
		    (child->state != CHILD_WAITING || !keep_waiting))
			child_stop(call, child, status, st);
	}
}

static enum dial_state on_ring_timeout(struct call *call, struct step *st)
{
	struct dial *dial = call->dial;

	call->program.verb_at = NEVER;
	dial_keys_timer(call, st);
	if (dial->state != DIAL_RINGING)
		return dial->state;
	interp_waited(&call->program.interp);
	stop_ringing(dial->spec.sequential, STATUS_NO_ANSWER, call, st);
	return on_failed(call, st);
}

static enum dial_state end_bridge(struct call *call, struct step *st)
{
	child_stop(call, call->dial->winner, STATUS_COMPLETED, st);
	return over(call, st);
}

static enum dial_state on_bridged(struct call *call, struct step *st)
{
	const struct event *ev = st->ev;
	struct dial *dial = call->dial;

	if (ev->type == EV_TIMER && ev->timer == TIMER_LIMIT) {
		call->limit_at = NEVER;
		call_alert(call, st, 32015, false,
		           "the timeLimit of the Dial has passed");
		return end_bridge(call, st);
	}
	if (ev->type == EV_MEDIA_TIMEOUT &&
	    strcmp(ev->sid, dial->winner->sid) == 0) {
		call_alert(call, st, 32014, false,
		           "the dialed leg sends no media any more");
		return end_bridge(call, st);
	}
	if (ev->type == EV_DIGIT && ev->digit == '*' &&
	    dial->spec.hangup_on_star && strcmp(ev->sid, call->facts.sid) == 0)
		return end_bridge(call, st);
	dial_keys_step(call, st);
	if (st->leg && st->leg == call->parent && st->outcome == LEG_MEDIA)
		align(call, st);
	return dial->state;
}

/* Whose answer it is that the documents of callees wait for, they know. */
static enum dial_state step_screenings(struct call *call, struct step *st)
{
	struct dial *dial = call->dial;

	for (size_t i = 0; i < dial->n_children; i++) {
		struct child *child = &dial->children[i];
		enum child_outcome outcome;

		if (child->state != CHILD_SCREENING)
			continue;
		outcome = screen_step(call, child, st);
		if (outcome != CHILD_NOTHING)
			return on_child(call, child, outcome, st);
	}
	return dial->state;
}

/* After an adoption: who was ringing has lost its transaction. */
static enum dial_state on_restored(struct call *call, struct step *st)
{
	if (call->dial->state != DIAL_RINGING)
		return call->dial->state;
	stop_ringing(true, STATUS_FAILED, call, st);
	if (screening(call->dial))
		return step_screenings(call, st);
	return on_failed(call, st);
}

static void on_machine(struct call *call, struct child *child, struct step *st)
{
	if (!child->detecting)
		return;
	child->detecting = false;
	(void)snprintf(child->answered_by, sizeof(child->answered_by), "%s",
	               st->ev->text);
	webhook_machine(call, child, st);
}

/* The child that an event is about, or NULL */
static struct child *child_of(struct call *call, struct step *st)
{
	const struct event *ev = st->ev;

	if (ev->type == EV_RESOLVED)
		return dial_child(call->dial, ev->child);
	if (ev->type == EV_MACHINE)
		return dial_child(call->dial, ev->sid);
	if (ev->type == EV_CHANGE)
		return dial_child(call->dial, ev->change->sid);
	if (st->leg && st->leg != call->parent && st->outcome != LEG_NOTHING)
		return dial_child(call->dial, st->leg->sid);
	return NULL;
}

enum dial_state dial_step(struct call *call, struct step *st)
{
	const struct event *ev = st->ev;
	struct dial *dial = call->dial;
	struct child *child = child_of(call, st);

	if (ev->type == EV_TIMER && ev->timer == TIMER_VERB && !ev->leg)
		return on_ring_timeout(call, st);
	if (ev->type == EV_RESTORED)
		return on_restored(call, st);
	if (ev->type == EV_CHANGE)
		return on_child(call, child, detach_change(call, child, st),
		                st);
	if (ev->type == EV_RESOLVED)
		return child ? on_child(call, child,
		                        child_on_resolved(call, child, st), st)
		             : dial->state;
	if (ev->type == EV_MACHINE && child)
		on_machine(call, child, st);
	else if (child && child->state != CHILD_DONE)
		return on_child(call, child, child_on_leg(call, child, st), st);
	return dial->state == DIAL_BRIDGED ? on_bridged(call, st)
	                                   : step_screenings(call, st);
}

void dial_stop(struct call *call, struct step *st)
{
	struct dial *dial = call->dial;

	if (dial->state == DIAL_OVER)
		return;
	dial->canceled = true;
	stop_children(call, NULL, STATUS_CANCELED, st);
	(void)over(call, st);
}

void dial_settle(struct call *call, struct step *st)
{
	struct dial *dial = call->dial;
	const struct leg *early;

	for (size_t i = 0; i < dial->n_children; i++)
		child_settle(call, &dial->children[i], st);
	early = dial_early_leg(call);
	if (early && call->parent && !call->parent->answer_sent &&
	    plan_port(&call->plan, call->facts.sid))
		leg_ring(call->parent, true, early->media.audio.codec, st);
	if (dial->align_wanted && call_parent_answered(call)) {
		dial->align_wanted = false;
		align(call, st);
	}
}
