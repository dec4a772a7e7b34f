/*
 * say.c - TwiML <Say>: text that is spoken
 *
 * Which voices and languages there are is for speech to know; here only their
 * form is looked at.
 *
 * Pure.
 */
#include <stddef.h>
#include <string.h>

#include "core/step.h"
#include "twiml/prompt.h"
#include "twiml/ssml.h"
#include "twiml/twiml.h"
#include "twiml/verb.h"

enum { SAY_CHARACTERS_MAX = 4096 };

struct say {
	const char *voice;
	const char *language;
	int loop; /* 0 = on and on */
};

// clang-format off
#define ATTRS(voice_code, language_code, loop_code) { \
	{"voice",    ATTR_VOICE,    voice_code,    offsetof(struct say, voice),    "",  0, 0}, \
	{"language", ATTR_LANGUAGE, language_code, offsetof(struct say, language), "",  0, 0}, \
	{"loop",     ATTR_INT,      loop_code,     offsetof(struct say, loop),     "1", 0, PLAY_TIMES_MAX}, \
	{0}, \
}
// clang-format on

static const struct attr attrs[] = ATTRS(13511, 13512, 13510);
static const struct attr nested[] = ATTRS(13321, 13512, 13322);

/* The language of a voice that has one is its own. */
static const char *language_of(const struct say *say)
{
	if (*say->language)
		return say->language;
	return strchr(say->voice, '.') ? "" : "en-US";
}

static void prompt(const void *state, struct prompt *p,
                   const struct twiml_node *node, struct call *call,
                   struct step *st)
{
	const struct say *say = state;
	struct play *play;
	size_t chars;
	const char *text = ssml_of(node, p->arena, call, st, &chars);

	if (chars > SAY_CHARACTERS_MAX || (chars && !*text)) {
		verb_warn(call, st, 13521, node,
		          "more than %d characters: not spoken",
		          SAY_CHARACTERS_MAX);
		return;
	}
	if (!*text) {
		verb_warn(call, st, 13520, node, "there is nothing to say");
		return;
	}
	play = prompt_add(p, PLAY_SPEECH, text);
	if (!play)
		return;
	play->voice = arena_str(p->arena, say->voice);
	play->language = arena_str(p->arena, language_of(say));
	play->times = say->loop ? (uint32_t)say->loop : PLAY_TIMES_MAX;
}

const struct verb verb_say = {
	.name = "Say",
	.attrs = attrs,
	.callee = true,
	.nested = nested,
	.own_children = true,
	.state_size = sizeof(struct say),
	.prompt = prompt,
	.start = prompt_verb_start,
	.step = prompt_verb_step,
	.restore = prompt_verb_restore,
	.stop = prompt_verb_stop,
};
