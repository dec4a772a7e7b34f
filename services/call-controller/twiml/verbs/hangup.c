/*
 * hangup.c - TwiML <Hangup>: end the call
 *
 * A call that rings is answered first: only Reject avoids that. What is done
 * about it after a Dial that failed is for the call to know.
 *
 * Pure.
 */
#include "twiml/verb.h"

static const struct attr attrs[] = {{0}};

static enum verb_result start(void *state, const struct twiml_node *node,
                              struct call *call, struct step *st)
{
	(void)state, (void)node, (void)call, (void)st;
	return VERB_END;
}

const struct verb verb_hangup = {
	.name = "Hangup",
	.attrs = attrs,
	.callee = true,
	.start = start,
};
