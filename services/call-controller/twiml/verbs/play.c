/*
 * play.c - TwiML <Play>: a file that is heard, or keys that are sent
 *
 * Pure.
 */
#include <stddef.h>
#include <string.h>

#include "core/program.h"
#include "core/step.h"
#include "core/url.h"
#include "twiml/prompt.h"
#include "twiml/twiml.h"
#include "twiml/verb.h"

struct play_verb {
	const char *digits;
	int loop; /* 0 = on and on */
};

#define AT(field) offsetof(struct play_verb, field)

// clang-format off
static const struct attr attrs[] = {
	{"loop",   ATTR_INT,    13410, AT(loop),   "1", 0, PLAY_TIMES_MAX},
	{"digits", ATTR_DIGITS, 13430, AT(digits), "",  0, 0},
	{0},
};
// clang-format on

static uint32_t times(const struct play_verb *verb)
{
	return verb->loop ? (uint32_t)verb->loop : PLAY_TIMES_MAX;
}

static void add_url(const struct play_verb *verb, struct prompt *p,
                    const struct twiml_node *node, struct call *call,
                    struct step *st)
{
	const char *url =
		*node->text ? url_resolve(p->arena, st->program->interp.url,
	                                  node->text)
			    : NULL;
	struct play *play;

	if (!url) {
		verb_warn(call, st, 11100, node, "\"%.200s\" is not a URL",
		          node->text);
		return;
	}
	play = prompt_add(p, PLAY_URL, url);
	if (play)
		play->times = times(verb);
}

static void prompt(const void *state, struct prompt *p,
                   const struct twiml_node *node, struct call *call,
                   struct step *st)
{
	const struct play_verb *verb = state;
	bool keys = *verb->digits != '\0';
	struct play *play;

	if (keys && p->nested) {
		keys = false;
		verb_warn(call, st, 13430, node,
		          "digits are not sent inside of Gather");
		if (!*node->text)
			return;
	}
	if (!keys && !*node->text && twiml_attr(node, "digits"))
		return; /* what is wrong with them was told */
	if (!keys) {
		add_url(verb, p, node, call, st);
		return;
	}
	play = prompt_add(p, PLAY_DIGITS, arena_str(p->arena, verb->digits));
	if (play)
		play->times = times(verb);
}

const struct verb verb_play = {
	.name = "Play",
	.attrs = attrs,
	.callee = true,
	.nested = attrs,
	.state_size = sizeof(struct play_verb),
	.prompt = prompt,
	.start = prompt_verb_start,
	.step = prompt_verb_step,
	.restore = prompt_verb_restore,
	.stop = prompt_verb_stop,
};
