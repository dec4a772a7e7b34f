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
#include "twiml/prompt.h"

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

	(void)node, (void)call;
	interp_waited(&st->program->interp);
	program_timer_start(st, (uint64_t)pause->length * 1000);
	return VERB_WAIT;
}

static enum verb_result step(void *state, struct call *call, struct step *st)
{
	(void)state, (void)call;
	return program_timer_ran(st) ? VERB_NEXT : VERB_WAIT;
}

static void stop(void *state, struct call *call, struct step *st)
{
	(void)state, (void)call;
	program_timer_stop(st);
}

static void prompt(const void *state, struct prompt *p,
                   const struct twiml_node *node, struct call *call,
                   struct step *st)
{
	const struct pause *pause = state;
	struct play *play = prompt_add(p, PLAY_SILENCE, "");

	(void)node, (void)call, (void)st;
	if (play)
		play->length_ms = (uint32_t)pause->length * 1000;
}

const struct verb verb_pause = {
	.name = "Pause",
	.attrs = attrs,
	.callee = true,
	.state_size = sizeof(struct pause),
	.start = start,
	.step = step,
	.stop = stop,
	.prompt = prompt,
	.nested = attrs,
};
