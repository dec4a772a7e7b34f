/*
 * start.c - TwiML <Start>: what runs beside the document, and outlives it
 *
 * Pure.
 */
#include <stddef.h>
#include <string.h>

#include "core/recording.h"
#include "core/state.h"
#include "twiml/callback.h"
#include "twiml/twiml.h"
#include "twiml/verb.h"

struct noun_recording {
	int channels; /* 0 = dual */
	int track;    /* enum track */
	int trim;     /* 1 = trim-silence */
	struct callback_attrs callback;
};

#define AT(field) offsetof(struct noun_recording, field)

// clang-format off
static const struct attr attrs[] = {{0}};

static const struct attr recording_attrs[] = {
	{"channels", ATTR_WORD, 12200, AT(channels), "dual mono", 0, 0},
	{"track",    ATTR_WORD, 13622, AT(track),    "both inbound outbound", 0, 0},
	{"trim",     ATTR_WORD, 13699, AT(trim),     "do-not-trim trim-silence", 0, 0},
	CALLBACK_ATTRS(struct noun_recording, 12200),
	{0},
};
// clang-format on

static const struct element children[] = {
	{"Recording", recording_attrs, NULL},
	{NULL, NULL, NULL},
};

static void start_recording(const struct twiml_node *node, struct call *call,
                            struct step *st)
{
	struct noun_recording noun;
	struct recording_spec spec = {.source = recording_source_start};

	verb_attributes(recording_attrs, &noun, node, call, st);
	spec.track = (enum track)noun.track;
	spec.dual = spec.track == TRACK_BOTH && noun.channels == 0;
	spec.trim = noun.trim == 1;
	callback_read(&noun.callback, &spec, node, call, st);
	(void)recording_start(call, &spec, st);
}

static enum verb_result start(void *state, const struct twiml_node *node,
                              struct call *call, struct step *st)
{
	(void)state;
	for (node = node->children; node; node = node->next) {
		if (strcmp(node->name, "Recording") == 0)
			start_recording(node, call, st);
		else
			verb_warn(call, st, 14300, node,
			          "not supported inside <Start>: skipped");
	}
	return VERB_NEXT;
}

const struct verb verb_start = {
	.name = "Start",
	.attrs = attrs,
	.children = children,
	.own_children = true,
	.start = start,
};
