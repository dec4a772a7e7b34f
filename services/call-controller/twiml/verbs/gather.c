/*
 * gather.c - TwiML <Gather>: keys or speech of the caller
 *
 *     PROMPT ──played──► WAIT ──key──► KEYS ──finished──► action
 *        ├──────key──────────────────────┘
 *        └──────word──────────┴──► SPEECH ──final──────► action
 *
 * Keys that were pressed before it began are not its own. The first kind of
 * input wins: after a key nobody listens, after a word keys mean nothing.
 *
 * Pure.
 */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "core/rng.h"
#include "core/saved.h"
#include "core/state.h"
#include "core/url.h"
#include "core/webhook.h"
#include "twiml/prompt.h"
#include "twiml/twiml.h"
#include "twiml/verb.h"

enum { KEYS_MAX = 256 };         /* of one Gather */
enum { SPEECH_MAX_S = 60 };      /* longest utterance */
enum { SPEECH_GUARD_MS = 5000 }; /* for what is recognised behind its end */
enum { HINTS_MAX = 500, HINT_CHARS_MAX = 100 };
enum { TIMEOUT_MAX_S = 14400 };

enum phase { PROMPT, WAIT, KEYS, SPEECH };

struct gather {
	const char *action, *method, *input, *timeout, *speech_timeout;
	const char *finish_on_key, *language, *hints;
	const char *partial_url, *partial_method;
	int num_digits, max_speech_time; /* 0 = no limit; [s] */
	int speech_model;                /* 0 = default */
	bool on_empty, barge_in, profanity_filter, enhanced, debug;

	bool dtmf, speech; /* of `input` */
	unsigned timeout_s;
	unsigned silence_s; /* that ends speech; 0 = the engine decides */

	enum phase phase;
	bool finished; /* keys are complete, the prompt is not */
	bool finish_pressed;
	unsigned sequence;     /* of the next partial result */
	char listen[SID_SIZE]; /* "" = nobody listens */
	char keys[KEYS_MAX + 1];
};

#define AT(field) offsetof(struct gather, field)

static const char models[] =
	"default numbers_and_commands phone_call experimental_conversations "
	"experimental_utterances googlev2_long googlev2_short "
	"googlev2_telephony googlev2_telephony_short deepgram_nova-2 "
	"deepgram_nova-3";

// clang-format off
static const struct attr attrs[] = {
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

static const struct saved saved[] = {
	{"phase",          SAVED_U32,   SPEECH, AT(phase),          sizeof(enum phase)},
	{"finished",       SAVED_BOOL,  0,      AT(finished),       sizeof(bool)},
	{"finish_pressed", SAVED_BOOL,  0,      AT(finish_pressed), sizeof(bool)},
	{"sequence",       SAVED_U32,   0,      AT(sequence),       sizeof(unsigned)},
	{"listen",         SAVED_CHARS, 0,      AT(listen),         SID_SIZE},
	{"keys",           SAVED_CHARS, 0,      AT(keys),           KEYS_MAX + 1},
	{NULL, SAVED_STRING, 0, 0, 0},
};
// clang-format on

static const char *const children[] = {"Say", "Play", "Pause", NULL};

/* ---- attributes that are no simple values ---------------------------------- */

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
	if (*g->partial_url &&
	    !url_resolve(&st->out->arena, st->program->interp.url,
	                 g->partial_url)) {
		verb_warn(call, st, 11100, node,
		          "partialResultCallback=\"%.100s\" is not a URL",
		          g->partial_url);
		g->partial_url = "";
	}
}

/* "yes, no, call me" to a list. Too long ones are left out. */
static size_t read_hints(const struct gather *g, struct arena *a,
                         const char **list, bool *bad)
{
	const char *s = g->hints;
	size_t n = 0;

	while (*(s += strspn(s, ", \t\r\n"))) {
		size_t len = strcspn(s, ",");
		size_t to = len;

		while (to && strchr(" \t\r\n", s[to - 1]))
			to--;
		if (to > HINT_CHARS_MAX || n == HINTS_MAX)
			*bad = true;
		else
			list[n++] = arena_strn(a, s, to);
		s += len;
	}
	return n;
}

static void read_attributes(struct gather *g, const struct twiml_node *node,
                            struct call *call, struct step *st)
{
	read_input(g, node, call, st);
	read_times(g, node, call, st);
	read_rest(g, node, call, st);
}

/* ---- listening ------------------------------------------------------------- */

/* Tell the relay how to listen, under the id in g->listen. */
static void set_listen(struct gather *g, const struct twiml_node *node,
                       struct call *call, struct step *st)
{
	struct audio *audio = &st->program->audio;
	const char **hints =
		arena_alloc(&audio->arena, HINTS_MAX * sizeof(*hints));
	bool bad = false;

	if (!*g->listen || !hints)
		return;
	audio->listen = (struct listen){
		.id = g->listen,
		.language = g->language,
		.hints = hints,
		.n_hints = read_hints(g, &audio->arena, hints, &bad),
		.silence_ms = g->silence_s * 1000,
		.max_ms = (uint32_t)g->max_speech_time * 1000,
		.partial = true, /* a word stops the prompt and the timeout */
	};
	if (bad && node)
		verb_warn(call, st, 13330, node,
		          "at most %d hints of %d characters: the rest is "
		          "left out",
		          HINTS_MAX, HINT_CHARS_MAX);
}

static void listen_begin(struct gather *g, const struct twiml_node *node,
                         struct call *call, struct step *st)
{
	if (!g->speech || *g->listen)
		return;
	rng_sid(st->rng, "LI", g->listen);
	set_listen(g, node, call, st);
}

static void listen_end(struct gather *g, struct step *st)
{
	g->listen[0] = '\0';
	st->program->audio.listen.id = NULL;
}

/* ---- the end --------------------------------------------------------------- */

static void quiet(struct gather *g, struct step *st)
{
	program_timer_stop(st);
	prompt_stop(st);
	listen_end(g, st);
	st->program->audio.want_digits = false;
}

static enum verb_result ask(struct gather *g, struct params *p, struct step *st)
{
	quiet(g, st);
	params_add(p, "msg", "Gather End");
	st->program->next = (struct next){
		.url = g->action,
		.method = g->method,
		.params = p->v,
		.n_params = p->n,
	};
	return VERB_FETCH;
}

static enum verb_result finish_keys(struct gather *g, struct step *st)
{
	struct params p;

	if (!*g->keys && !g->on_empty) {
		quiet(g, st);
		return VERB_NEXT;
	}
	params_init(&p, st);
	if (g->dtmf)
		params_add(&p, "Digits", arena_str(p.arena, g->keys));
	if (g->finish_pressed)
		params_add(&p, "FinishedOnKey", g->finish_on_key);
	if (g->speech && !*g->keys)
		params_add(&p, "SpeechResult", "");
	return ask(g, &p, st);
}

static enum verb_result finish_speech(struct gather *g, struct step *st)
{
	struct params p;

	if (!*st->ev->text)
		return finish_keys(g, st);
	params_init(&p, st);
	params_add(&p, "SpeechResult", arena_str(p.arena, st->ev->text));
	params_add(&p, "Confidence",
	           arena_printf(p.arena, "%u.%03u", st->ev->confidence / 1000,
	                        st->ev->confidence % 1000));
	return ask(g, &p, st);
}

/* ---- what the caller does -------------------------------------------------- */

static void wait_from_now(const struct gather *g, struct step *st)
{
	program_timer_start(st, g->timeout_s * 1000ULL);
}

static enum verb_result on_played(struct gather *g, struct call *call,
                                  struct step *st)
{
	if (g->finished)
		return finish_keys(g, st);
	if (g->phase == PROMPT) {
		g->phase = WAIT;
		listen_begin(g, NULL, call, st);
	}
	if (g->phase != SPEECH)
		wait_from_now(g, st);
	return VERB_WAIT;
}

static enum verb_result on_key(struct gather *g, struct step *st)
{
	size_t n = strlen(g->keys);
	bool last = *g->finish_on_key && st->ev->digit == *g->finish_on_key;

	if (!g->dtmf || g->phase == SPEECH || g->finished ||
	    !strchr("0123456789*#ABCD", st->ev->digit))
		return VERB_WAIT;
	g->phase = KEYS;
	listen_end(g, st);
	if (g->barge_in)
		prompt_stop(st);
	g->finish_pressed = last;
	if (!last) {
		g->keys[n++] = st->ev->digit;
		g->keys[n] = '\0';
	}
	g->finished = last || n == KEYS_MAX || n == (size_t)g->num_digits;
	if (prompt_plays(st)) /* no bargeIn: it is heard to its end */
		return VERB_WAIT;
	if (g->finished)
		return finish_keys(g, st);
	wait_from_now(g, st);
	return VERB_WAIT;
}

static void tell_partial(struct gather *g, struct call *call, struct step *st)
{
	struct params p;
	struct next next = {
		.url = g->partial_url,
		.method = g->partial_method,
	};

	if (!*g->partial_url || !*st->ev->text)
		return;
	params_init(&p, st);
	params_add(&p, "UnstableSpeechResult",
	           arena_str(p.arena, st->ev->text));
	params_add(&p, "StableSpeechResult", "");
	params_add(&p, "SequenceNumber",
	           arena_printf(p.arena, "%u", g->sequence++));
	next.params = p.v;
	next.n_params = p.n;
	webhook_tell(call, &next, st);
}

static enum verb_result on_speech(struct gather *g, struct call *call,
                                  struct step *st)
{
	if (!*g->listen || strcmp(st->ev->id, g->listen) != 0)
		return VERB_WAIT;
	if (st->ev->final)
		return finish_speech(g, st);
	if (g->phase != SPEECH) {
		g->phase = SPEECH;
		if (g->barge_in)
			prompt_stop(st);
		program_timer_start(st, (uint64_t)g->max_speech_time * 1000 +
		                                SPEECH_GUARD_MS);
	}
	tell_partial(g, call, st);
	return VERB_WAIT;
}

/* Nobody can hear the caller: keys still can be pressed. */
static enum verb_result on_speech_failed(struct gather *g, struct call *call,
                                         struct step *st)
{
	const struct event *ev = st->ev;

	if (!*g->listen || strcmp(ev->id, g->listen) != 0)
		return VERB_WAIT;
	verb_alert(call, st, ev->error_code ? ev->error_code : 12400, true,
	           ev->text);
	listen_end(g, st);
	if (g->dtmf && g->phase != SPEECH)
		return VERB_WAIT;
	return finish_keys(g, st);
}

/* ---- the verb -------------------------------------------------------------- */

static enum verb_result start(void *state, const struct twiml_node *node,
                              struct call *call, struct step *st)
{
	struct gather *g = state;

	read_attributes(g, node, call, st);
	program_answer(call, st);
	st->program->audio.want_digits = g->dtmf;
	if (prompt_start_children(node, call, st)) {
		if (g->barge_in)
			listen_begin(g, node, call, st);
		return VERB_WAIT;
	}
	g->phase = WAIT;
	listen_begin(g, node, call, st);
	wait_from_now(g, st);
	return VERB_WAIT;
}

static enum verb_result step(void *state, struct call *call, struct step *st)
{
	struct gather *g = state;

	if (prompt_ended(call, st))
		return on_played(g, call, st);
	if (program_timer_ran(st))
		return finish_keys(g, st);
	if (!program_hears(call, st))
		return VERB_WAIT;
	switch (st->ev->type) {
	case EV_DIGIT: return on_key(g, st);
	case EV_SPEECH: return on_speech(g, call, st);
	case EV_SPEECH_FAILED: return on_speech_failed(g, call, st);
	default: return VERB_WAIT;
	}
}

static void restore(void *state, const struct twiml_node *node,
                    struct call *call, struct step *st)
{
	struct gather *g = state;

	read_attributes(g, node, call, st);
	st->program->audio.want_digits = g->dtmf;
	prompt_restore_children(node, call, st);
	set_listen(g, NULL, call, st);
}

static void stop(void *state, struct call *call, struct step *st)
{
	(void)call;
	quiet(state, st);
}

const struct verb verb_gather = {
	.name = "Gather",
	.attrs = attrs,
	.callee = true,
	.children = children,
	.child_code = 13320,
	.state_size = sizeof(struct gather),
	.saved = saved,
	.start = start,
	.step = step,
	.restore = restore,
	.stop = stop,
};
