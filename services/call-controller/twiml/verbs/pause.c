/*
 * pause.c - TwiML <Pause>: wait; a call that rings goes on ringing
 *
 * The verb that follows decides whether the call is answered, so that Reject
 * and answerOnBridge may come after a pause.
 *
 * Pure.
 */
#include "twiml/verb.h"

#include <stddef.h>

#include "core/state.h"

enum { PAUSE_MAX_S = 14400 }; /* longest call */

struct pause {
	int length; /* [s] */
};

static const struct attr attrs[] = {
	{"length", ATTR_INT, 13910, offsetof(struct pause, length), "1", 1,
         PAUSE_MAX_S},
	{0},
};

static enum verb_result start(void *state, const struct twiml_node *node,
                              struct call *call, struct step *st)
{
	const struct pause *pause = state;

	(void)node;
	interp_waited(&call->interp);
	step_timer_start(st, TIMER_VERB, 0, (uint64_t)pause->length * 1000,
	                 &call->verb_at);
	return VERB_WAIT;
}

static enum verb_result step(void *state, struct call *call, struct step *st)
{
	(void)state;
	if (st->ev->type != EV_TIMER || st->ev->timer != TIMER_VERB)
		return VERB_WAIT;
	call->verb_at = NEVER;
	return VERB_NEXT;
}

static void stop(void *state, struct call *call, struct step *st)
{
	(void)state;
	step_timer_stop(st, TIMER_VERB, 0, &call->verb_at);
}

const struct verb verb_pause = {
	.name = "Pause",
	.attrs = attrs,
	.state_size = sizeof(struct pause),
	.start = start,
	.step = step,
	.stop = stop,
};
