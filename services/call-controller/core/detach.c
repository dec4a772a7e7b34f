/*
 * detach.c - a child call leaves its Dial and goes on as a call of its own
 *
 * Pure.
 */
#include "detach.h"

#include <stdlib.h>
#include <string.h>

#include "call_priv.h"
#include "control.h"
#include "dial.h"
#include "outgoing.h"
#include "screen.h"
#include "state.h"

enum { MAX_FORWARDS = 70 };

static void take_leg(struct call *from, struct call *to, struct leg *leg)
{
	size_t kept = 0;

	for (size_t i = 0; i < from->n_legs; i++) {
		if (from->legs[i] != leg)
			from->legs[kept++] = from->legs[i];
	}
	from->n_legs = kept;
	to->legs[to->n_legs++] = leg;
	to->parent = leg;
	to->parent_leg = to->last_leg = leg->id;
}

/* What was true of the child is true of the call. */
static void take_facts(struct call *call, const struct child *child)
{
	struct child *own = &call->outgoing->child;

	own->state = CHILD_ANSWERED;
	own->status = STATUS_IN_PROGRESS;
	own->sip = 200;
	own->leg = child->leg;
	own->start_ms = child->start_ms;
	own->dialled_ms = child->dialled_ms;
	own->ring_ms = child->ring_ms;
	own->answer_ms = child->answer_ms;
	own->carrier = arena_str(&call->outgoing->arena, child->carrier);
	own->callid = arena_str(&call->outgoing->arena, child->callid);
	memcpy(own->answered_by, child->answered_by, sizeof(own->answered_by));
	call->outgoing->phase = OUTGOING_DONE;
	call->state = CALL_IN_PROGRESS;
	call->status = STATUS_IN_PROGRESS;
	call->sip_status = 200;
	call->created_ms = call->start_ms = child->start_ms;
	call->answer_ms = child->answer_ms;
	call->notified = child->notified;
	call->recorded = true;
}

static struct call *make(struct call *from, const struct child *child,
                         const struct call_change *change, struct step *st)
{
	const struct outgoing_spec spec = {
		.to = child->noun.what,
		.caller = child->caller,
		.username = "",
		.password = "",
		.carrier = "",
		.twiml = change->twiml,
		.send_digits = "",
		.events = child->noun.events ? child->noun.events
	                                     : NOTIFY_COMPLETED,
		.amd_url = "",
		.amd_method = "",
	};
	char session[SID_SIZE];
	struct call_start start = {
		.sid = child->sid,
		.session = session,
		.account_sid = from->facts.account_sid,
		.public_url = from->facts.public_url,
		.voice_url = change->url,
		.voice_method = change->method,
		.fallback_url = change->fallback_url,
		.fallback_method = change->fallback_method,
		.status_callback_url = child->noun.status_url,
		.status_callback_method = child->noun.status_method,
		.direction = "outbound-dial",
		.parent_sid = from->facts.sid,
		.outgoing = &spec,
		.from = child->caller,
		.to = child->noun.what,
		.callid = child->callid,
		.max_forwards = MAX_FORWARDS,
		.depth = from->facts.depth,
		.tree_used = from->facts.tree_used,
		.limit_s = from->facts.limit_s,
	};
	struct call *call = NULL;

	rng_sid(st->rng, "MS", session);
	for (size_t i = 0; i < SEED_SIZE; i++)
		start.seed[i] = (uint8_t)(rng_next(st->rng) >> 24);
	return call_alloc(&call, &start) ? NULL : call;
}

static void detach(struct call *call, struct child *child,
                   const struct call_change *change, struct step *st)
{
	struct leg *leg = call_find_leg(call, child->leg);
	struct call *made = leg ? make(call, child, change, st) : NULL;

	if (!made) {
		st->out->failed = true;
		return;
	}
	take_leg(call, made, leg);
	take_facts(made, child);
	if (*change->status_url) {
		made->facts.status_callback_url =
			arena_str(&made->arena, change->status_url);
		made->facts.status_callback_method =
			arena_str(&made->arena, change->status_method);
	}
	call_free(call->detached); /* one a step: there is none */
	call->detached = made;
	child->moved = true;
	child->state = CHILD_DONE;
	(void)commands_add(st->out, CMD_DETACH, leg->id);
}

enum child_outcome detach_change(struct call *call, struct child *child,
                                 struct step *st)
{
	const struct call_change *change = st->ev->change;

	if (!child || child->state == CHILD_DONE)
		return CHILD_NOTHING;
	if (*change->status) {
		child_stop(call, child, STATUS_CANCELED, st);
	} else {
		screen_end(call, child, st);
		detach(call, child, change, st);
	}
	return child == call->dial->winner ? CHILD_GONE : CHILD_FAILED;
}

struct call *call_take_detached(struct call *call)
{
	struct call *made = call->detached;

	call->detached = NULL;
	return made;
}

void detach_begin(struct call *call, struct step *st)
{
	struct next next = {.url = call->facts.voice_url,
	                    .method = call->facts.voice_method};

	if (call->state != CALL_IN_PROGRESS || !call->outgoing)
		return;
	call_limit(call, 0, st);
	call_run(call, &next, call->outgoing->twiml, st);
}
