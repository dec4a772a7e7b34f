/*
 * stop.c - TwiML <Stop>: an end of what <Start> began
 *
 * All that <Start><Recording> began ends: it has no name that could tell one
 * from the other. What a Dial or Record records goes on.
 *
 * Pure.
 */
#include <stddef.h>
#include <string.h>

#include "core/recording.h"
#include "twiml/twiml.h"
#include "twiml/verb.h"

static const struct attr attrs[] = {{0}};

static const struct element children[] = {
	{"Recording", attrs, NULL},
	{NULL, NULL, NULL},
};

static enum verb_result start(void *state, const struct twiml_node *node,
                              struct call *call, struct step *st)
{
	(void)state;
	for (node = node->children; node; node = node->next) {
		if (strcmp(node->name, "Recording") != 0)
			continue;
		verb_attributes(attrs, NULL, node, call, st);
		recordings_stop_started(call, st);
	}
	return VERB_NEXT;
}

const struct verb verb_stop = {
	.name = "Stop",
	.attrs = attrs,
	.children = children,
	.start = start,
};
