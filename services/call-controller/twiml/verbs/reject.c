/*
 * reject.c - TwiML <Reject>: refuse a call that rings; later it hangs up
 *
 * Pure.
 */
#include "twiml/verb.h"

#include <stddef.h>
#include <string.h>

#include "core/state.h"
#include "twiml/twiml.h"

struct reject {
	const char *reason;
};

static const struct attr attrs[] = {
	{"reason", ATTR_STRING, 13810, offsetof(struct reject, reason),
         "rejected", 0, 0},
	{0},
};

static enum verb_result start(void *state, const struct twiml_node *node,
                              struct call *call, struct step *st)
{
	const struct reject *reject = state;
	bool busy = strcmp(reject->reason, "busy") == 0;

	if (!busy && strcmp(reject->reason, "rejected") != 0)
		verb_warn(call, st, 13810, node,
		          "reason=\"%.60s\" is not a valid value, rejected is "
		          "used",
		          reject->reason);
	st->program->next = (struct next){
		.url = "", .method = "POST", .status = busy ? 486 : 404};
	return VERB_REJECT;
}

const struct verb verb_reject = {
	.name = "Reject",
	.attrs = attrs,
	.state_size = sizeof(struct reject),
	.start = start,
};
