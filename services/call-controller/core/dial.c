/*
 * dial.c - the running <Dial>: fork, first answer wins
 *
 * Pure.
 */
#include "dial.h"

#include <stdlib.h>
#include <string.h>

#include "align.h"
#include "caller.h"
#include "state.h"

static void copy_noun(struct arena *a, struct noun *to, const struct noun *from)
{
	struct pair *headers =
		arena_alloc(a, (from->n_headers + 1) * sizeof(*headers));

	*to = *from;
	to->what = arena_str(a, from->what);
	to->username = arena_str(a, from->username);
	to->password = arena_str(a, from->password);
	to->status_url = arena_str(a, from->status_url);
	to->status_method = arena_str(a, from->status_method);
	for (size_t i = 0; headers && i < from->n_headers; i++) {
		headers[i].name = arena_str(a, from->headers[i].name);
		headers[i].value = arena_str(a, from->headers[i].value);
	}
	to->headers = headers;
	to->n_headers = headers ? from->n_headers : 0;
}

struct dial *dial_alloc(const struct dial_spec *spec)
{
	struct dial *dial = calloc(1, sizeof(*dial));

	if (!dial)
		return NULL;
	dial->spec = *spec;
	dial->spec.caller_id = arena_str(&dial->arena, spec->caller_id);
	dial->spec.ring_tone = arena_str(&dial->arena, spec->ring_tone);
	dial->n_children = spec->n_nouns;
	for (size_t i = 0; i < spec->n_nouns; i++) {
		struct child *child = &dial->children[i];

		copy_noun(&dial->arena, &child->noun, &spec->nouns[i]);
		child->caller = child->caller_else = "";
		child->carrier = child->callid = "";
		child->status = STATUS_QUEUED;
	}
	if (dial->arena.failed) {
		dial_free(dial);
		return NULL;
	}
	return dial;
}

void dial_free(struct dial *dial)
{
	if (!dial)
		return;
	arena_close(&dial->arena);
	free(dial);
}

struct child *dial_child(struct dial *dial, const char *sid)
{
	for (size_t i = 0; dial && i < dial->n_children; i++) {
		if (strcmp(dial->children[i].sid, sid) == 0)
			return &dial->children[i];
	}
	return NULL;
}

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
		child->noun.refused = 403;
		call_alert(call, st, 13214, false,
		           "Dial needs a callerId that is a number of this "
		           "account");
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

/* Of children that all failed: the one whose result is the Dial's. */
static const struct child *best(const struct dial *dial)
{
	const struct child *result = NULL;

	for (size_t i = 0; i < dial->n_children; i++) {
		const struct child *child = &dial->children[i];

		if (!result || status_better(child->sip, result->sip) ||
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
	dial->state = DIAL_OVER;
	dial->status = child ? child->status : STATUS_FAILED;
	if (dial->canceled && !dial->winner)
		dial->status = STATUS_CANCELED;
	dial->sip = child ? child->sip : 0;
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

enum dial_state dial_start(struct call *call, struct step *st)
{
	struct dial *dial = call->dial;

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
	call_answer_parent(call, st);
	return DIAL_BRIDGED;
}

static enum dial_state on_failed(struct call *call, struct step *st)
{
	struct dial *dial = call->dial;

	if (dial->spec.sequential && start_next(call, st))
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
	case CHILD_MEDIA: align(call, st); break;
	case CHILD_NOTHING: break;
	}
	return call->dial->state;
}

static enum dial_state on_ring_timeout(struct call *call, struct step *st)
{
	struct dial *dial = call->dial;

	call->program.verb_at = NEVER;
	if (dial->state != DIAL_RINGING)
		return dial->state;
	interp_waited(&call->program.interp);
	if (dial->spec.sequential) {
		for (size_t i = 0; i < dial->n_children; i++) {
			struct child *child = &dial->children[i];

			if (child->state != CHILD_WAITING)
				child_stop(call, child, STATUS_NO_ANSWER, st);
		}
		return on_failed(call, st);
	}
	stop_children(call, NULL, STATUS_NO_ANSWER, st);
	return over(call, st);
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
	if (st->leg && st->leg == call->parent && st->outcome == LEG_MEDIA)
		align(call, st);
	return dial->state;
}

/* After an adoption: who was ringing has lost its transaction. */
static enum dial_state on_restored(struct call *call, struct step *st)
{
	struct dial *dial = call->dial;

	if (dial->state != DIAL_RINGING)
		return dial->state;
	for (size_t i = 0; i < dial->n_children; i++) {
		struct child *child = &dial->children[i];

		if (child->state != CHILD_WAITING)
			child_stop(call, child, STATUS_FAILED, st);
	}
	return on_failed(call, st);
}

enum dial_state dial_step(struct call *call, struct step *st)
{
	struct dial *dial = call->dial;
	struct child *child = NULL;
	enum child_outcome outcome;

	if (st->ev->type == EV_TIMER && st->ev->timer == TIMER_VERB)
		return on_ring_timeout(call, st);
	if (st->ev->type == EV_RESTORED)
		return on_restored(call, st);
	if (st->ev->type == EV_RESOLVED) {
		child = dial_child(dial, st->ev->child);
		if (!child)
			return dial->state;
		outcome = child_on_resolved(call, child, st);
		return on_child(call, child, outcome, st);
	}
	if (st->leg && st->leg != call->parent)
		child = dial_child(dial, st->leg->sid);
	if (child && child->state != CHILD_DONE) {
		outcome = child_on_leg(call, child, st);
		return on_child(call, child, outcome, st);
	}
	return dial->state == DIAL_BRIDGED ? on_bridged(call, st) : dial->state;
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
