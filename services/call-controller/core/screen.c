/*
 * screen.c - what happens on a callee's leg between its answer and the bridge
 *
 * Pure.
 */
#include "screen.h"

#include <stdlib.h>

#include "child_priv.h"
#include "state.h"
#include "twiml/prompt.h"
#include "webhook.h"

bool screen_wanted(const struct child *child)
{
	return *child->noun.url || *child->noun.send_digits;
}

static enum child_outcome pass(struct call *call, struct child *child,
                               struct step *st)
{
	screen_end(call, child, st);
	child->state = CHILD_ANSWERED;
	return CHILD_WON;
}

/* The callee does not want the call, or can not be asked. */
static enum child_outcome refuse(struct call *call, struct child *child,
                                 struct step *st)
{
	screen_end(call, child, st);
	child_hangup_others(call, child, NULL, st);
	child->screened_out = true;
	return child_over(call, child, STATUS_COMPLETED, st);
}

static enum child_outcome on_verb(struct call *call, struct child *child,
                                  enum verb_result result, struct step *st)
{
	switch (result) {
	case VERB_WAIT: return CHILD_NOTHING;
	case VERB_NEXT: return pass(call, child, st);
	case VERB_FETCH:
		if (!webhook_fetch(call, &st->program->next, st))
			return CHILD_NOTHING;
		break;
	case VERB_REJECT:
	case VERB_END: break;
	}
	return refuse(call, child, st);
}

static enum child_outcome ask(struct call *call, struct child *child,
                              struct step *st)
{
	st->program->next = (struct next){
		.url = child->noun.url,
		.method = child->noun.method,
	};
	if (!*child->noun.url)
		return pass(call, child, st);
	return on_verb(call, child, VERB_FETCH, st);
}

static enum child_outcome begin(struct call *call, struct child *child,
                                struct step *st)
{
	if (!*child->noun.send_digits)
		return ask(call, child, st);
	prompt_start_digits(child->noun.send_digits, call, st);
	return CHILD_NOTHING;
}

enum child_outcome screen_begin(struct call *call, struct child *child,
                                struct step *st)
{
	struct program *parent = st->program;
	enum child_outcome outcome = CHILD_NOTHING;

	child->program = calloc(1, sizeof(*child->program));
	if (!child->program) {
		st->out->failed = true;
		return CHILD_NOTHING;
	}
	child->program->child = child;
	st->program = child->program;
	outcome = begin(call, child, st);
	st->program = parent;
	return outcome;
}

/* After an adoption: what was asked for and waited for goes on. */
static void resume(struct call *call, struct child *child, struct step *st)
{
	program_timer_resume(st);
	webhook_fetch_again(call, st);
	if (prompt_plays(st) && !st->program->interp.doc)
		prompt_restore_digits(child->noun.send_digits, call, st);
}

static enum child_outcome step(struct call *call, struct child *child,
                               struct step *st)
{
	struct interp *in = &st->program->interp;
	uint32_t code;

	if (st->ev->type == EV_RESTORED)
		resume(call, child, st);
	if (program_take(call, st, &code))
		return on_verb(call, child, interp_run(in, call, st), st);
	if (code && !st->out->failed)
		return refuse(call, child, st);
	if (in->verb)
		return on_verb(call, child, interp_step(in, call, st), st);
	if (!in->doc && prompt_ended(call, st))
		return ask(call, child, st);
	return CHILD_NOTHING;
}

enum child_outcome screen_step(struct call *call, struct child *child,
                               struct step *st)
{
	struct program *parent = st->program;
	enum child_outcome outcome;

	st->program = child->program;
	outcome = step(call, child, st);
	st->program = parent;
	return outcome;
}

void screen_end(struct call *call, struct child *child, struct step *st)
{
	struct program *running = st->program;

	if (!child->program)
		return;
	st->program = child->program;
	interp_stop(&child->program->interp, call, st);
	st->program = running == child->program ? &call->program : running;
	program_close(child->program);
	free(child->program);
	child->program = NULL;
}
