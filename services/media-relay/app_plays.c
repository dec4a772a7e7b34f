/*
 * app_plays.c - what a leg is to be played, made into a list of clips
 */
#include <stdlib.h>
#include <string.h>

#include "adapters/clips.h"
#include "adapters/takes.h"
#include "app_session.h"

enum { NOT_PLAYABLE = 12400, BAD_DIGITS = 13430 };

/* What all clips of a leg have in common */
struct maker {
	struct app_session *as;
	enum codec codec;
	uint32_t ptime_ms;
	bool events; /* telephone-event was negotiated */
};

static struct maker maker_of(struct app_session *as,
                             const struct leg_spec *spec)
{
	const struct format *f = leg_spec_audio(spec);
	struct maker m = {.as = as,
	                  .codec = f ? f->codec : CODEC_OTHER,
	                  .ptime_ms = spec->ptime_ms};

	/* RFC 6716 2.1.4: Opus has packets of 10, 20, 40 and 60 ms */
	if (m.codec == CODEC_OPUS && (m.ptime_ms == 30 || m.ptime_ms == 50))
		m.ptime_ms = PTIME_MS;
	for (size_t i = 0; i < spec->n_formats; i++)
		m.events |= spec->formats[i].codec == CODEC_EVENT;
	return m;
}

static struct clip *silence(const struct maker *m)
{
	return clips_silence(m->as->app->clips, m->codec, m->ptime_ms);
}

static struct clip *take(const struct maker *m, const struct play *p)
{
	const struct take_order order = {
		.speech = p->kind == PLAY_SPEECH,
		.account_sid = m->as->state->account_sid,
		.call_sid = m->as->state->call_sid,
		.what = p->what,
		.voice = p->voice,
		.language = p->language,
		.codec = m->codec,
		.ptime_ms = m->ptime_ms,
	};

	/* of a codec that is not made here nothing is heard */
	if (m->codec == CODEC_OTHER)
		return silence(m);
	return takes_get(m->as->app->takes, &order);
}

static struct clip *sound_of(const struct maker *m, const struct play *p)
{
	struct clips *clips = m->as->app->clips;

	switch (p->kind) {
	case PLAY_SILENCE:
	case PLAY_DIGITS: return silence(m);
	case PLAY_URL:
	case PLAY_SPEECH: return take(m, p);
	case PLAY_TONE:
		return clips_tone(clips, p->what, m->codec, m->ptime_ms);
	case PLAY_PROMPT:
		return clips_prompt(clips, p->what, m->codec, m->ptime_ms);
	}
	return NULL;
}

static void add(struct playlist *list, struct clip *clip, size_t play)
{
	struct playlist_item *item = &list->items[list->n++];

	clip_share(clip);
	item->clip = clip;
	item->play = (uint32_t)play;
	item->rounds = 1;
}

static bool add_broken(const struct maker *m, struct playlist *list,
                       size_t play, uint32_t error, const char *why)
{
	struct clip *clip = takes_broken(m->as->app->takes, error, why);

	if (clip)
		add(list, clip, play);
	return clip != NULL;
}

static uint32_t rounds_of(const struct play *p)
{
	uint32_t n = p->times ? p->times : 1;
	uint32_t most = UINT32_MAX;

	if (p->kind == PLAY_DIGITS)
		most = PLAYS_KEYS_MAX / (uint32_t)(strlen(p->what) + 1);
	return n < most ? n : most;
}

/* Keys as sounds, one item each: the phone knows no telephone-events. */
static bool add_keys(const struct maker *m, struct playlist *list,
                     const struct play *p, size_t play)
{
	for (uint32_t round = 0; round < rounds_of(p); round++) {
		for (const char *key = p->what; *key; key++) {
			struct clip *clip = clips_key(m->as->app->clips, *key,
			                              m->codec, m->ptime_ms);

			if (!clip)
				return false;
			add(list, clip, play);
		}
	}
	return true;
}

static bool as_keys(const struct maker *m, const struct play *p)
{
	return p->kind == PLAY_DIGITS && !m->events;
}

static uint64_t length_of(const struct play *p)
{
	uint64_t ms = (uint64_t)p->length_ms * rounds_of(p);

	return ms < PLAYS_LENGTH_MAX_MS ? ms : PLAYS_LENGTH_MAX_MS;
}

static bool add_play(const struct maker *m, struct playlist *list,
                     const struct play *p, size_t play)
{
	struct clip *clip;
	struct playlist_item *item;

	if (p->kind == PLAY_DIGITS && !plays_digits_valid(p->what))
		return add_broken(
			m, list, play, BAD_DIGITS,
			"Keys are 0-9, A-D, * and #, pauses w and W.");
	if (p->kind == PLAY_SILENCE && p->length_ms == 0)
		return true;
	if (as_keys(m, p))
		return add_keys(m, list, p, play);
	clip = sound_of(m, p);
	if (!clip)
		return add_broken(m, list, play, NOT_PLAYABLE,
		                  "There is no tone or prompt of that name.");
	add(list, clip, play);
	item = &list->items[list->n - 1];
	item->rounds = rounds_of(p);
	if (p->kind == PLAY_SILENCE || p->kind == PLAY_TONE)
		item->length_ms = length_of(p);
	if (p->kind == PLAY_DIGITS)
		item->digits = strdup(p->what);
	return p->kind != PLAY_DIGITS || item->digits;
}

static size_t room_for(const struct maker *m, const struct plays *plays)
{
	size_t n = 0;

	for (size_t i = 0; i < plays->n; i++) {
		const struct play *p = &plays->items[i];

		n += as_keys(m, p) && plays_digits_valid(p->what)
		             ? strlen(p->what) * rounds_of(p)
		             : 1;
	}
	return n;
}

static struct playlist *list_of(const struct maker *m,
                                const struct plays *plays)
{
	size_t room = room_for(m, plays);
	struct playlist *list = playlist_alloc(room);

	if (!list)
		return NULL;
	list->n = 0;
	for (size_t i = 0; i < plays->n; i++) {
		if (add_play(m, list, &plays->items[i], i))
			continue;
		playlist_free(list);
		return NULL;
	}
	return list;
}

/* A tone sounds for ever, a prompt once. */
static struct playlist *list_of_one(const struct maker *m,
                                    const struct leg_spec *spec)
{
	const struct play p = {
		.kind = spec->source == SOURCE_RINGING ? PLAY_TONE
	                                               : PLAY_PROMPT,
		.what = spec->play,
	};
	struct clip *clip = sound_of(m, &p);
	struct playlist *list = clip ? playlist_alloc(1) : NULL;

	if (!list)
		return NULL;
	list->n = 0;
	add(list, clip, 0);
	list->endless = spec->source == SOURCE_RINGING;
	list->items[0].rounds = list->endless ? 0 : 1;
	return list;
}

struct playlist *app_plays_list(struct app_session *as,
                                const struct leg_spec *spec,
                                const struct plays *plays)
{
	static const struct plays none = {0};
	struct maker m = maker_of(as, spec);
	struct playlist *list = spec->source == SOURCE_LIST
	                                ? list_of(&m, plays ? plays : &none)
	                                : list_of_one(&m, spec);

	if (list)
		list->id = spec->play_id;
	return list;
}

void app_plays_prefetch(struct app_session *as, const struct leg_spec *spec,
                        const struct plays *plays)
{
	struct maker m = maker_of(as, spec);

	for (size_t i = 0; i < plays->n; i++) {
		if (plays->items[i].kind == PLAY_URL ||
		    plays->items[i].kind == PLAY_SPEECH)
			(void)take(&m, &plays->items[i]);
	}
}

bool app_plays_known(struct app *app, const struct leg_spec *spec)
{
	if (spec->source == SOURCE_RINGING)
		return clips_tone(app->clips, spec->play, CODEC_OTHER,
		                  PTIME_MS);
	return clips_prompt(app->clips, spec->play, CODEC_OTHER, PTIME_MS);
}
