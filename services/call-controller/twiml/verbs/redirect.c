/*
 * redirect.c - TwiML <Redirect>: go on with another document
 *
 * A call that rings goes on ringing. A blank URL is the present one.
 *
 * Pure.
 */
#include "twiml/verb.h"

#include <stddef.h>

#include "core/state.h"
#include "twiml/twiml.h"

struct redirect {
	const char *method;
};

static const struct attr attrs[] = {
	{"method", ATTR_METHOD, 13710, offsetof(struct redirect, method),
         "POST", 0, 0},
	{0},
};

static enum verb_result start(void *state, const struct twiml_node *node,
                              struct call *call, struct step *st)
{
	const struct redirect *redirect = state;

	(void)call;
	st->program->next = (struct next){
		.url = node->text,
		.method = redirect->method,
	};
	return VERB_FETCH;
}

const struct verb verb_redirect = {
	.name = "Redirect",
	.attrs = attrs,
	.callee = true,
	.state_size = sizeof(struct redirect),
	.start = start,
};
