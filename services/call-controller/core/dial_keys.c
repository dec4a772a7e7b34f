/*
 * dial_keys.c - keys by SIP INFO go on to the other side of a bridge
 *
 * Pure.
 */
#include "dial_keys.h"

#include <string.h>

#include "dial.h"
#include "state.h"

static bool is_bridged(const struct call *call)
{
	return call->dial && call->dial->state == DIAL_BRIDGED &&
	       call->dial->winner;
}

/* The keys of the leg that the event names, or NULL */
static struct dial_keys *keys_of(struct call *call, const char *sid)
{
	if (!is_bridged(call))
		return NULL;
	if (strcmp(sid, call->facts.sid) == 0)
		return &call->dial->caller_keys;
	return strcmp(sid, call->dial->winner->sid) == 0
	               ? &call->dial->callee_keys
	               : NULL;
}

static void play(struct call *call, struct dial_keys *k)
{
	if (*k->playing || !*k->waiting)
		return;
	memcpy(k->playing, k->waiting, sizeof(k->playing));
	k->waiting[0] = '\0';
	k->play_id = ++call->plan.play_id;
}

static void on_info(struct call *call, struct dial_keys *k, struct step *st)
{
	const struct leg *leg = call_find_leg(call, st->ev->leg);
	size_t n = strlen(k->waiting);

	if (!leg || k->by_media || n == DIAL_KEYS_MAX)
		return;
	k->waiting[n] = st->ev->digit;
	k->waiting[n + 1] = '\0';
	if (!leg->media.has_event)
		k->by_info = true;
	if (k->by_info)
		play(call, k);
	else if (n == 0)
		step_timer_start(st, TIMER_VERB, 0, DIAL_KEYS_HOLD_MS,
		                 &call->program.verb_at);
}

/* A tone that is heard as a key may be a voice: events alone are believed. */
static void on_media(const struct call *call, struct dial_keys *k)
{
	const struct leg *leg =
		k == &call->dial->caller_keys
			? call->parent
			: call_find_leg(call, call->dial->winner->leg);

	if (!leg || !leg->media.has_event)
		return;
	k->by_media = true;
	k->waiting[0] = '\0';
}

static void on_played(struct call *call, struct dial_keys *k, uint64_t play_id)
{
	if (!*k->playing || k->play_id != play_id)
		return;
	k->playing[0] = '\0';
	if (k->by_info)
		play(call, k);
}

void dial_keys_step(struct call *call, struct step *st)
{
	const struct event *ev = st->ev;
	struct dial_keys *k = NULL;

	if (ev->type == EV_PLAY_DONE || ev->type == EV_PLAY_FAILED) {
		on_played(call, &call->dial->caller_keys, ev->play_id);
		on_played(call, &call->dial->callee_keys, ev->play_id);
	} else if (ev->type == EV_DIGIT) {
		k = keys_of(call, ev->sid);
	}
	if (k && ev->leg)
		on_info(call, k, st);
	else if (k)
		on_media(call, k);
}

void dial_keys_twice(struct call *call, struct step *st)
{
	struct dial_keys *k = keys_of(call, st->ev->sid);

	if (k)
		on_media(call, k);
}

static void no_double(struct call *call, struct dial_keys *k)
{
	if (!*k->waiting)
		return;
	k->by_info = true;
	play(call, k);
}

void dial_keys_timer(struct call *call, struct step *st)
{
	(void)st;
	if (!is_bridged(call))
		return;
	no_double(call, &call->dial->caller_keys);
	no_double(call, &call->dial->callee_keys);
}

void dial_keys_plan(const struct call *call, bool parent, struct media_leg *leg,
                    struct arena *a)
{
	const struct dial *dial = call->dial;
	const struct dial_keys *own =
		parent ? &dial->caller_keys : &dial->callee_keys;
	const struct dial_keys *others =
		parent ? &dial->callee_keys : &dial->caller_keys;
	struct play *keys;

	/* From its first key by INFO on, its events are asked for, too. */
	if ((own->by_info || *own->waiting) && leg->n_codecs > 1)
		leg->want_digits = true;
	if (!*others->playing || !(keys = arena_alloc(a, sizeof(*keys))))
		return;
	*keys = (struct play){
		.kind = PLAY_DIGITS,
		.what = arena_str(a, others->playing),
		.voice = "",
		.language = "",
		.times = 1,
	};
	leg->source = SRC_PLAYS;
	leg->peer = "";
	leg->plays = keys;
	leg->n_plays = 1;
	leg->play_id = others->play_id;
}
