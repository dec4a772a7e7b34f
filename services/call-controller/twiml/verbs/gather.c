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
#include "gather.h"

#include <stddef.h>
#include <string.h>

#include "core/profanity.h"
#include "core/rng.h"
#include "core/saved.h"
#include "core/state.h"
#include "core/webhook.h"
#include "twiml/prompt.h"
#include "twiml/twiml.h"
#include "twiml/verb.h"

#define AT(field) offsetof(struct gather, field)

// clang-format off
static const struct saved saved[] = {
	{"phase",          SAVED_U32,   SPEECH, AT(phase),          sizeof(enum gather_phase)},
	{"finished",       SAVED_BOOL,  0,      AT(finished),       sizeof(bool)},
	{"finish_pressed", SAVED_BOOL,  0,      AT(finish_pressed), sizeof(bool)},
	{"sequence",       SAVED_U32,   0,      AT(sequence),       sizeof(unsigned)},
	{"listen",         SAVED_CHARS, 0,      AT(listen),         SID_SIZE},
	{"empty_at_ms",    SAVED_U64,   0,      AT(empty_at),       sizeof(uint64_t)},
	{"keys",           SAVED_CHARS, 0,      AT(keys),           KEYS_MAX + 1},
	{NULL, SAVED_STRING, 0, 0, 0},
};
// clang-format on

static const struct element children[] = {
	{.name = "Say"}, {.name = "Play"}, {.name = "Pause"}, {.name = NULL}};

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
	audio->listen_bytes = strlen(g->hints) + 3 * (size_t)HINTS_MAX;
	audio->listen = (struct listen){
		.id = g->listen,
		.language = g->language,
		.hints = hints,
		.n_hints = gather_hints(g, &audio->arena, hints, &bad),
		.silence_ms = g->silence_s * 1000,
		.max_ms = (uint32_t)g->max_speech_time * 1000,
		.partial = true, /* a word stops the prompt and the timeout */
	};
	if (audio->bytes + audio->listen_bytes >
	    program_room(call, st->program)) {
		audio->listen.n_hints = audio->listen_bytes = 0;
		bad = true;
	}
	if (bad && node)
		verb_warn(call, st, 13330, node,
		          "at most %d hints of %d characters, or too much "
		          "text in all: the rest is left out",
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
	st->program->audio.listen_bytes = 0;
}

/* ---- the end --------------------------------------------------------------- */

static void quiet(struct gather *g, struct step *st)
{
	program_timer_stop(st);
	prompt_stop(st);
	listen_end(g, st);
	st->program->audio.want_digits = false;
	st->program->audio.keys_stop = false;
}

/* The relay stops a prompt when a key goes down, DIGIT comes when it is up. */
static void want_keys(const struct gather *g, struct step *st)
{
	struct audio *audio = &st->program->audio;

	audio->want_digits = g->dtmf;
	audio->keys_stop = g->dtmf && g->barge_in;
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
		.action = true,
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

/* What was understood, as the application may have it */
static const char *words_of(const struct gather *g, const struct step *st)
{
	struct arena *a = &st->out->arena;

	return g->profanity_filter ? profanity_mask(a, st->ev->text)
	                           : arena_str(a, st->ev->text);
}

static enum verb_result finish_speech(struct gather *g, struct step *st)
{
	struct params p;

	if (!*st->ev->text)
		return finish_keys(g, st);
	params_init(&p, st);
	params_add(&p, "SpeechResult", words_of(g, st));
	if (st->ev->confidence) /* 0: nobody knows, after hints for example */
		params_add(&p, "Confidence",
		           arena_printf(p.arena, "%u.%03u",
		                        st->ev->confidence / 1000,
		                        st->ev->confidence % 1000));
	return ask(g, &p, st);
}

/* ---- what the caller does -------------------------------------------------- */

static void wait_from_now(struct gather *g, struct step *st)
{
	uint64_t ms = g->timeout_s * 1000ULL;

	g->empty_at = st->now + ms;
	program_timer_start(st, ms);
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

/* @return whether it is one of a Gather's keys */
static bool take_key(struct gather *g, char digit)
{
	size_t n = strlen(g->keys);
	bool last = *g->finish_on_key && digit == *g->finish_on_key;

	if (g->finished || !strchr("0123456789*#ABCD", digit))
		return false;
	g->finish_pressed = last;
	if (!last) {
		g->keys[n++] = digit;
		g->keys[n] = '\0';
	}
	g->finished = last || n == KEYS_MAX || n == (size_t)g->num_digits;
	return true;
}

/* Keys it is, from now on. */
static enum verb_result go_on_with_keys(struct gather *g, struct step *st)
{
	g->phase = KEYS;
	listen_end(g, st);
	if (g->barge_in)
		prompt_stop(st);
	if (prompt_plays(st)) /* no bargeIn: it is heard to its end */
		return VERB_WAIT;
	if (g->finished)
		return finish_keys(g, st);
	wait_from_now(g, st);
	return VERB_WAIT;
}

/* While somebody seems to speak a key is only kept: what was said stands, if it
 * was more than a noise. */
static enum verb_result on_key(struct gather *g, struct step *st)
{
	if (!g->dtmf || !take_key(g, st->ev->digit) || g->phase == SPEECH)
		return VERB_WAIT;
	return go_on_with_keys(g, st);
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
	params_add(&p, "UnstableSpeechResult", words_of(g, st));
	params_add(&p, "StableSpeechResult", "");
	params_add(&p, "SequenceNumber",
	           arena_printf(p.arena, "%u", g->sequence++));
	next.params = p.v;
	next.n_params = p.n;
	webhook_tell(call, &next, st);
}

/* A noise, or the longest utterance was all silence: it is listened on, until
 * the timeout ends. */
static enum verb_result on_nothing(struct gather *g, struct step *st)
{
	if (g->phase == WAIT && st->now >= g->empty_at)
		return finish_keys(g, st);
	rng_sid(st->rng, "LI", g->listen); /* another utterance */
	if (g->phase == WAIT)
		program_timer_start(st, g->empty_at - st->now);
	return VERB_WAIT;
}

/* Who speaks is not silent, but what was said is not known yet: it may be told
 * at its end only, or speech was started anew. */
static enum verb_result on_voice(struct gather *g, struct step *st)
{
	uint64_t ms =
		(g->silence_s ? g->silence_s : 1) * 1000ULL + SPEECH_GUARD_MS;

	if (*g->listen && strcmp(st->ev->id, g->listen) == 0 &&
	    g->phase == WAIT && st->now + ms > st->program->verb_at)
		program_timer_start(st, ms);
	return VERB_WAIT;
}

static enum verb_result on_speech(struct gather *g, struct call *call,
                                  struct step *st)
{
	if (!*g->listen || strcmp(st->ev->id, g->listen) != 0)
		return VERB_WAIT;
	if (st->ev->final && !*st->ev->text && g->phase == SPEECH &&
	    (*g->keys || g->finished))
		return go_on_with_keys(g, st);
	if (st->ev->final && !*st->ev->text && g->phase != SPEECH)
		return on_nothing(g, st);
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

	gather_read(g, node, call, st);
	program_answer(call, st);
	want_keys(g, st);
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
	case EV_VOICE: return on_voice(g, st);
	default: return VERB_WAIT;
	}
}

static void restore(void *state, const struct twiml_node *node,
                    struct call *call, struct step *st)
{
	struct gather *g = state;

	gather_read(g, node, call, st);
	want_keys(g, st);
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
	.attrs = gather_attrs,
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
