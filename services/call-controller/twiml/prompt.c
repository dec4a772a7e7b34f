/*
 * prompt.c - what Say, Play and Pause let be heard: alone, or inside of Gather
 *
 * Pure.
 */
#include "prompt.h"

#include <string.h>

#include "core/state.h"
#include "twiml.h"
#include "verb.h"

/* Of one play, beside its text: voice, language, numbers */
enum { PLAY_BYTES = 200 };

struct play *prompt_add(struct prompt *p, enum play_kind kind, const char *what)
{
	size_t bytes = strlen(what) + PLAY_BYTES;
	struct play *play;

	p->full = p->full || p->n == PLAYS_MAX || bytes > p->room;
	if (p->full)
		return NULL;
	p->room -= bytes;
	play = &p->v[p->n++];
	*play = (struct play){
		.kind = kind,
		.what = what,
		.voice = "",
		.language = "",
		.times = 1,
	};
	return play;
}

static void add_node(struct prompt *p, const struct twiml_node *node,
                     struct call *call, struct step *st)
{
	const struct verb *verb = verb_find(node->name);
	_Alignas(16) unsigned char state[VERB_STATE_SIZE];

	if (!verb || !verb->prompt)
		return;
	memset(state, 0, verb->state_size);
	verb_attributes(p->nested ? verb->nested : verb->attrs, state, node,
	                call, st);
	verb->prompt(state, p, node, call, st);
}

static struct play *copy(struct arena *a, const struct prompt *p, size_t n)
{
	struct play *plays = n ? arena_alloc(a, n * sizeof(*plays)) : NULL;

	if (plays)
		memcpy(plays, p->v, n * sizeof(*plays));
	return plays;
}

/* What stands behind @p node will probably be heard next. */
static void look_ahead(struct prompt *p, const struct twiml_node *node,
                       struct call *call, struct step *st)
{
	st->quiet = true; /* its warnings come when it runs */
	p->n = 0;
	p->nested = p->full = false;
	for (node = node->next; node && p->n < PREFETCH_MAX && !p->full;
	     node = node->next)
		add_node(p, node, call, st);
	st->quiet = false;
}

static bool set(struct prompt *p, const struct twiml_node *node,
                struct call *call, struct step *st)
{
	struct audio *audio = &st->program->audio;

	audio->n_plays = p->n;
	audio->plays = copy(&audio->arena, p, p->n);
	look_ahead(p, node, call, st);
	audio->n_prefetch = p->n;
	audio->prefetch = copy(&audio->arena, p, p->n);
	audio->bytes = program_room(call, st->program) - p->room;
	if (audio->arena.failed)
		st->out->failed = true;
	return audio->plays != NULL;
}

/* @p state is NULL when the children of @p node are meant. */
static bool build(const void *state, const struct twiml_node *node,
                  struct call *call, struct step *st)
{
	struct audio *audio = &st->program->audio;
	struct prompt p = {
		.arena = &audio->arena,
		.nested = !state,
		.room = program_room(call, st->program),
	};
	const struct twiml_node *child = state ? node : node->children;

	arena_reset(&audio->arena);
	if (state)
		verb_find(node->name)->prompt(state, &p, node, call, st);
	for (; p.nested && child; child = child->next) {
		add_node(&p, child, call, st);
		if (p.full)
			break;
	}
	if (p.full)
		verb_warn(call, st, p.nested ? 13320 : 13521, child,
		          "more than %d prompts, or too much text: this %s "
		          "left out",
		          PLAYS_MAX, p.nested ? "and what follows is" : "is");
	return set(&p, node, call, st);
}

bool prompt_start(const void *state, const struct twiml_node *node,
                  struct call *call, struct step *st)
{
	struct audio *audio = &st->program->audio;

	if (!build(state, node, call, st)) {
		prompt_stop(st);
		return false;
	}
	audio->play_id = ++call->plan.play_id;
	return true;
}

bool prompt_start_children(const struct twiml_node *node, struct call *call,
                           struct step *st)
{
	return prompt_start(NULL, node, call, st);
}

void prompt_restore(const void *state, const struct twiml_node *node,
                    struct call *call, struct step *st)
{
	if (!prompt_plays(st))
		return;
	st->quiet = true;
	(void)build(state, node, call, st);
	st->quiet = false;
}

void prompt_restore_children(const struct twiml_node *node, struct call *call,
                             struct step *st)
{
	prompt_restore(NULL, node, call, st);
}

void prompt_restore_digits(const char *digits, struct call *call,
                           struct step *st)
{
	struct audio *audio = &st->program->audio;
	struct prompt p = {
		.arena = &audio->arena,
		.room = PROGRAM_BYTES_MAX, /* these are few */
	};

	(void)call;
	(void)prompt_add(&p, PLAY_DIGITS, arena_str(&audio->arena, digits));
	audio->plays = copy(&audio->arena, &p, p.n);
	audio->n_plays = audio->plays ? p.n : 0;
	if (audio->arena.failed)
		st->out->failed = true;
}

void prompt_start_digits(const char *digits, struct call *call, struct step *st)
{
	prompt_restore_digits(digits, call, st);
	st->program->audio.play_id = ++call->plan.play_id;
}

bool prompt_plays(const struct step *st)
{
	return st->program->audio.play_id != 0;
}

/* Level of an alert: of what speech says, only that it is away is an error. */
static bool play_error(uint32_t code)
{
	return code < 13500 || code > 13521;
}

bool prompt_ended(struct call *call, struct step *st)
{
	const struct event *ev = st->ev;

	if (!prompt_plays(st) || ev->play_id != st->program->audio.play_id)
		return false;
	if (ev->type == EV_PLAY_FAILED)
		verb_alert(call, st, ev->error_code ? ev->error_code : 12400,
		           play_error(ev->error_code), ev->text);
	if (ev->type != EV_PLAY_DONE)
		return false;
	prompt_stop(st);
	return true;
}

void prompt_stop(struct step *st)
{
	struct audio *audio = &st->program->audio;

	audio->plays = audio->prefetch = NULL;
	audio->n_plays = audio->n_prefetch = 0;
	audio->bytes = 0;
	audio->play_id = 0;
}

enum verb_result prompt_verb_start(void *state, const struct twiml_node *node,
                                   struct call *call, struct step *st)
{
	program_answer(call, st);
	return prompt_start(state, node, call, st) ? VERB_WAIT : VERB_NEXT;
}

enum verb_result prompt_verb_step(void *state, struct call *call,
                                  struct step *st)
{
	(void)state;
	return prompt_ended(call, st) ? VERB_NEXT : VERB_WAIT;
}

void prompt_verb_restore(void *state, const struct twiml_node *node,
                         struct call *call, struct step *st)
{
	prompt_restore(state, node, call, st);
}

void prompt_verb_stop(void *state, struct call *call, struct step *st)
{
	(void)state, (void)call;
	prompt_stop(st);
}
