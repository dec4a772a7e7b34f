/*
 * player.c - a list of clips, one after another without a gap
 *
 * Pure: no I/O, no log, no clock.
 */
#include "player.h"

#include <stdlib.h>
#include <string.h>

struct playlist *playlist_alloc(size_t n)
{
	struct playlist *list =
		calloc(1, sizeof(*list) + n * sizeof(list->items[0]));

	if (list)
		list->n = n;
	return list;
}

void playlist_free(struct playlist *list)
{
	if (!list)
		return;
	for (size_t i = 0; i < list->n; i++) {
		if (list->items[i].clip)
			clip_drop(list->items[i].clip);
		free(list->items[i].digits);
	}
	free(list);
}

static const struct playlist_item *item_of(const struct player *p)
{
	return &p->list->items[p->place.item];
}

static void enter_item(struct player *p)
{
	p->place.ms = 0;
	p->key = 0;
	p->key_ms = 0;
	p->pending = false;
	p->warned = false;
	if (p->place.item < p->list->n)
		clip_rewind(&p->reader, item_of(p)->clip);
}

static void next_item(struct player *p)
{
	p->place.item++;
	p->place.round = 0;
	enter_item(p);
}

void player_start(struct player *p, struct playlist *list)
{
	struct player_place from = {0};
	uint64_t skip_ms = 0;

	if (list && list->goes_on) {
		from = p->place;
	} else if (list) {
		from = list->from;
		skip_ms = list->skip_ms;
	}
	playlist_free(p->list);
	p->list = list;
	p->place = from;
	p->skip_ms = skip_ms + from.ms;
	if (!list)
		return;
	p->begun = true;
	p->id = list->id;
	enter_item(p);
}

/* --- keys ------------------------------------------------------------------ */

static uint32_t key_lasts(char key)
{
	if (key == 'w')
		return PLAYER_SHORT_MS;
	if (key == 'W')
		return PLAYER_LONG_MS;
	return 2 * PLAYER_KEY_MS;
}

/* What of the key falls into this frame. Its end is told in the frame in which
 * it falls and repeated in those that follow. */
static void prepare_key(struct player *p, char key)
{
	uint32_t frame_ms = item_of(p)->clip->frame_ms;
	uint32_t end = p->key_ms + frame_ms;
	uint32_t last = PLAYER_KEY_MS + PLAYER_KEY_ENDS * frame_ms;

	p->event = '\0';
	if (key == 'w' || key == 'W' || end >= last)
		return;
	p->event = key;
	p->event_is_new = p->key_ms == 0;
	p->event_is_over = end >= PLAYER_KEY_MS;
	p->event_ms = p->event_is_over ? PLAYER_KEY_MS : end;
}

static bool prepare_digits(struct player *p)
{
	const char *digits = item_of(p)->digits;

	while (digits[p->key] && p->key_ms >= key_lasts(digits[p->key])) {
		p->key_ms -= key_lasts(digits[p->key]);
		/* A key begins with a frame: the rest of one is pause. */
		if (p->key_ms < item_of(p)->clip->frame_ms)
			p->key_ms = 0;
		p->key++;
	}
	if (!digits[p->key])
		return false;
	prepare_key(p, digits[p->key]);
	return true;
}

/* --- frames ---------------------------------------------------------------- */

static bool again(const struct player *p)
{
	const struct playlist_item *item = item_of(p);

	if (!p->reader.chunk)
		return false; /* an empty clip has no rounds */
	return item->digits || item->length_ms || item->rounds == 0 ||
	       p->place.round + 1 < item->rounds;
}

/* The clip is at its end: its next round, or the next item. */
static void turn_over(struct player *p)
{
	const struct playlist_item *item = item_of(p);

	if (!again(p)) {
		next_item(p);
		return;
	}
	if (item->length_ms == 0 && !item->digits) {
		p->place.round++;
		p->place.ms = 0;
	}
	clip_rewind(&p->reader, item->clip);
}

/* Have the next key in hand; false: all were sent so many times. */
static bool keys_left(struct player *p)
{
	if (prepare_digits(p))
		return true;
	if (p->place.round + 1 >= item_of(p)->rounds)
		return false;
	p->place.round++;
	p->place.ms = 0;
	p->key = 0;
	p->key_ms = 0;
	return prepare_digits(p);
}

static bool item_over(struct player *p)
{
	const struct playlist_item *item = item_of(p);

	if (!item->clip)
		return true;
	if (item->digits && !keys_left(p))
		return true;
	return item->length_ms && p->place.ms >= item->length_ms;
}

static enum player_state fail(struct player *p, struct player_failure *failed)
{
	*failed = (struct player_failure){
		.play = item_of(p)->play,
		.error = item_of(p)->clip->error,
		.why = item_of(p)->clip->why,
	};
	next_item(p);
	return PLAYER_FAILED;
}

/* Before the first frame of an item; one that is gone on with has told it. */
static bool warns(struct player *p, struct player_failure *failed)
{
	const struct clip *clip = item_of(p)->clip;
	bool first = p->place.round == 0 && p->place.ms == 0 && !p->skip_ms;

	if (p->warned || !first || !clip->warning)
		return false;
	p->warned = true;
	*failed = (struct player_failure){
		.play = item_of(p)->play,
		.error = clip->warning,
		.why = clip->warns,
	};
	return true;
}

static enum player_state find_frame(struct player *p,
                                    struct player_failure *failed)
{
	while (p->list && p->place.item < p->list->n) {
		p->event = '\0';
		if (item_over(p)) {
			next_item(p);
			continue;
		}
		switch (clip_next(&p->reader, &p->payload, &p->len)) {
		case CLIP_FRAME:
			p->pending = true;
			return warns(p, failed) ? PLAYER_FAILED : PLAYER_READY;
		case CLIP_LATER: return PLAYER_WAITS;
		case CLIP_OVER: turn_over(p); break;
		case CLIP_FAILED: return fail(p, failed);
		}
	}
	return PLAYER_ENDED;
}

enum player_state player_prepare(struct player *p,
                                 struct player_failure *failed)
{
	enum player_state state = PLAYER_READY;

	while (state == PLAYER_READY) {
		uint32_t ms;

		if (!p->pending)
			state = find_frame(p, failed);
		if (state != PLAYER_READY || p->skip_ms == 0)
			return state;
		ms = item_of(p)->clip->frame_ms;
		p->skip_ms -= p->skip_ms < ms ? p->skip_ms : ms;
		player_advance(p);
	}
	return state;
}

void player_advance(struct player *p)
{
	uint32_t ms = item_of(p)->clip->frame_ms;

	p->pending = false;
	p->place.ms += ms;
	p->key_ms += ms;
}
