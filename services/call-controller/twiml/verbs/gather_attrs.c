/*
 * gather_attrs.c - the attributes of TwiML <Gather>
 *
 * Pure.
 */
#include "gather.h"

#include <string.h>

#include "base/utf8.h"
#include "core/saved.h"
#include "core/state.h"
#include "twiml/callback.h"
#include "twiml/twiml.h"

enum { TIMEOUT_MAX_S = 14400 };

#define AT(field) offsetof(struct gather, field)

static const char models[] =
	"default numbers_and_commands phone_call experimental_conversations "
	"experimental_utterances googlev2_long googlev2_short "
	"googlev2_telephony googlev2_telephony_short deepgram_nova-2 "
	"deepgram_nova-3";

// clang-format off
const struct attr gather_attrs[] = {
	{"action",              ATTR_STRING, 0,     AT(action),           "",        0, 0},
	{"method",              ATTR_METHOD, 13312, AT(method),           "POST",    0, 0},
	{"input",               ATTR_STRING, 13326, AT(input),            "dtmf",    0, 0},
	{"timeout",             ATTR_STRING, 13313, AT(timeout),          "5",       0, 0},
	{"speechTimeout",       ATTR_STRING, 13327, AT(speech_timeout),   "",        0, 0},
	{"maxSpeechTime",       ATTR_INT,    13328, AT(max_speech_time),  "60",      1, SPEECH_MAX_S},
	{"numDigits",           ATTR_INT,    13314, AT(num_digits),       "0",       1, KEYS_MAX},
	{"finishOnKey",         ATTR_STRING, 13310, AT(finish_on_key),    "#",       0, 0},
	{"actionOnEmptyResult", ATTR_BOOL,   12200, AT(on_empty),         "false",   0, 0},
	{"bargeIn",             ATTR_BOOL,   13332, AT(barge_in),         "true",    0, 0},
	{"language",            ATTR_LANGUAGE, 13331, AT(language),       "en-US",   0, 0},
	{"hints",               ATTR_STRING, 13330, AT(hints),            "",        0, 0},
	{"profanityFilter",     ATTR_BOOL,   13333, AT(profanity_filter), "true",    0, 0},
	{"speechModel",         ATTR_WORD,   13334, AT(speech_model),     models, 0, 0},
	{"enhanced",            ATTR_BOOL,   12200, AT(enhanced),         "false",   0, 0},
	{"debug",               ATTR_BOOL,   12200, AT(debug),            "false",   0, 0},
	{"partialResultCallback",       ATTR_STRING, 0,     AT(partial_url),    "",     0, 0},
	{"partialResultCallbackMethod", ATTR_METHOD, 13329, AT(partial_method), "POST", 0, 0},
	{0},
};
// clang-format on

static void read_input(struct gather *g, const struct twiml_node *node,
                       struct call *call, struct step *st)
{
	const char *s = g->input;

	while (*(s += strspn(s, " ")) && (!g->dtmf || !g->speech)) {
		size_t n = strcspn(s, " ");

		if (n == 4 && memcmp(s, "dtmf", n) == 0 && !g->dtmf)
			g->dtmf = true;
		else if (n == 6 && memcmp(s, "speech", n) == 0 && !g->speech)
			g->speech = true;
		else
			break;
		s += n;
	}
	if (*s == '\0' && (g->dtmf || g->speech))
		return;
	g->dtmf = true;
	g->speech = false;
	verb_warn(call, st, 13326, node,
	          "input=\"%.40s\" is not a valid value, dtmf is used",
	          g->input);
}

/* Whole seconds. @return false when it is no number of them */
static bool seconds(const char *s, unsigned *out)
{
	unsigned long long n;

	if (strlen(s) > 8 || !saved_number(s, TIMEOUT_MAX_S, &n) || n == 0)
		return false;
	*out = (unsigned)n;
	return true;
}

static void read_times(struct gather *g, const struct twiml_node *node,
                       struct call *call, struct step *st)
{
	bool engine = strcmp(g->speech_timeout, "auto") == 0;

	g->timeout_s = 5;
	if (!seconds(g->timeout, &g->timeout_s) &&
	    strcmp(g->timeout, "auto") != 0)
		verb_warn(call, st, 13313, node,
		          "timeout=\"%.20s\" is not a valid value, 5 is used",
		          g->timeout);
	g->silence_s = g->timeout_s;
	if (engine && g->speech_model != 0)
		verb_warn(call, st, 13335, node,
		          "speechTimeout=\"auto\" is not possible with a "
		          "speechModel, %u is used",
		          g->silence_s);
	else if (engine)
		g->silence_s = 0;
	else if (*g->speech_timeout &&
	         !seconds(g->speech_timeout, &g->silence_s))
		verb_warn(call, st, 13327, node,
		          "speechTimeout=\"%.20s\" is not a valid value, %u "
		          "is used",
		          g->speech_timeout, g->silence_s);
}

static void read_rest(struct gather *g, const struct twiml_node *node,
                      struct call *call, struct step *st)
{
	const char *key = g->finish_on_key;

	if (*key && (key[1] || !strchr("0123456789#*", *key))) {
		verb_warn(call, st, 13310, node,
		          "finishOnKey=\"%.20s\" is not a valid value, # is "
		          "used",
		          key);
		g->finish_on_key = "#";
	}
	if (!*callback_url(g->partial_url, 11100, node, call, st))
		g->partial_url = "";
}

size_t gather_hints(const struct gather *g, struct arena *a, const char **list,
                    bool *bad)
{
	const char *s = g->hints;
	size_t n = 0;

	while (*(s += strspn(s, ", \t\r\n"))) {
		size_t len = strcspn(s, ",");
		size_t to = len;

		while (to && strchr(" \t\r\n", s[to - 1]))
			to--;
		if (utf8_count(s, to) > HINT_CHARS_MAX || n == HINTS_MAX)
			*bad = true;
		else
			list[n++] = arena_strn(a, s, to);
		s += len;
	}
	return n;
}

void gather_read(struct gather *g, const struct twiml_node *node,
                 struct call *call, struct step *st)
{
	read_input(g, node, call, st);
	read_times(g, node, call, st);
	read_rest(g, node, call, st);
}
