/*
 * audio.c - what is heard and said at a leg, as linear samples
 *
 * Memory is taken where a tap is added, not for packets.
 */
#include "adapters/audio.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/worker.h"
#include "core/bytes.h"
#include "core/decoder.h"
#include "core/ear.h"
#include "core/resampler.h"

enum { NARROW, WIDE, RATES }; /* 8000, 16000 Hz */

_Static_assert((int)AUDIO_FRAME_MS == (int)EAR_FRAME_MS, "one pace");
_Static_assert((int)AUDIO_FRAME_MAX == (int)EAR_FRAME_MAX, "one size");

struct track {
	struct ear *ear;             /* NULL: nobody asks for it */
	struct resampler *resampler; /* to the rate that the ear has not */
	bool heard;
	bool ready[RATES]; /* of this frame */
	int16_t samples[RATES][AUDIO_FRAME_MAX];
};

struct audio {
	uint64_t due_us;
	struct audio_tap *taps;
	struct track in, out;
};

static unsigned index_of(uint32_t rate)
{
	return rate == 8000 ? NARROW : WIDE;
}

static uint32_t other_rate(uint32_t rate)
{
	return rate == 8000 ? 16000 : 8000;
}

/* As its first codec has it, which it will probably use. */
static uint32_t leg_rate(const struct worker_leg *wl)
{
	const struct format *audio = leg_spec_audio(&wl->leg.spec);
	uint32_t rate = audio ? decoder_rate(audio->codec) : 0;

	return rate ? rate : 8000;
}

static void close_track(struct track *t)
{
	ear_free(t->ear);
	resampler_free(t->resampler);
	memset(t, 0, sizeof(*t));
}

static int open_track(struct track *t, uint32_t rate)
{
	struct track fresh = {0};
	int err;

	if (t->ear && ear_rate(t->ear) == rate)
		return 0;
	err = ear_alloc(&fresh.ear, rate);
	if (!err)
		err = resampler_alloc(&fresh.resampler, rate, other_rate(rate));
	if (err) {
		close_track(&fresh);
		return err;
	}
	close_track(t);
	*t = fresh;
	return 0;
}

static struct audio *open_audio(struct worker *w, struct worker_leg *wl)
{
	struct audio *a = wl->audio;

	if (a)
		return a;
	a = calloc(1, sizeof(*a));
	if (!a)
		return NULL;
	a->due_us = w->now_us + AUDIO_FRAME_MS * 1000ULL;
	wl->audio = a;
	wl->next_tapped = w->tapped;
	w->tapped = wl;
	return a;
}

static void free_audio(struct worker_leg *wl)
{
	close_track(&wl->audio->in);
	close_track(&wl->audio->out);
	free(wl->audio);
	wl->audio = NULL;
}

int audio_tap_add(struct worker *w, struct worker_leg *wl,
                  struct audio_tap *tap)
{
	struct audio *a = open_audio(w, wl);
	int err = a ? 0 : ENOMEM;

	if (!err && tap->in && !a->in.ear)
		err = open_track(&a->in, leg_rate(wl));
	if (!err && tap->out && !a->out.ear)
		err = open_track(&a->out, leg_rate(wl));
	if (err)
		return err;
	tap->next = a->taps;
	a->taps = tap;
	return 0;
}

void audio_tap_remove(struct worker_leg *wl, struct audio_tap *tap)
{
	struct audio_tap **at = wl->audio ? &wl->audio->taps : NULL;

	/* What is not used any more goes at the next tick: this may be the
	 * call of a tap. */
	while (at && *at && *at != tap)
		at = &(*at)->next;
	if (at && *at)
		*at = tap->next;
}

void audio_received(struct worker_leg *wl, const struct leg_input *in)
{
	const struct format *f;
	struct jitter_packet p = {
		.seq = in->rtp.seq,
		.ts = in->rtp.ts,
		.rate = in->stream.rate,
		.len = in->rtp.payload_len,
		.payload = in->rtp.payload,
	};

	f = &wl->leg.spec.formats[wl->leg.format_of[in->rtp.type] - 1];
	p.codec = f->codec;
	if (wl->audio->in.ear)
		ear_put(wl->audio->in.ear, &p, in->stream.fresh, in->now_us);
}

void audio_sent(struct worker_leg *wl, const struct leg_output *out,
                uint64_t now_us)
{
	unsigned index = wl->leg.format_of[out->head[1] & 0x7f];
	struct jitter_packet p = {
		.seq = get16(out->head + 2),
		.ts = get32(out->head + 4),
		.len = out->payload_len,
		.payload = out->payload,
	};

	if (!wl->audio->out.ear || index == 0)
		return;
	p.codec = wl->leg.spec.formats[index - 1].codec;
	p.rate = wl->leg.spec.formats[index - 1].rate;
	ear_put(wl->audio->out.ear, &p, false, now_us);
}

static void take(struct track *t, uint64_t now_us)
{
	unsigned own;

	if (!t->ear)
		return;
	own = index_of(ear_rate(t->ear));
	t->heard = ear_take(t->ear, now_us, t->samples[own]);
	t->ready[own] = true;
	t->ready[!own] = false;
}

static const int16_t *samples_at(struct track *t, uint32_t rate)
{
	unsigned k = index_of(rate);
	uint32_t own;

	if (t->ready[k])
		return t->samples[k];
	own = ear_rate(t->ear);
	(void)resampler_run(t->resampler, t->samples[index_of(own)],
	                    own * AUDIO_FRAME_MS / 1000, t->samples[k],
	                    rate * AUDIO_FRAME_MS / 1000);
	t->ready[k] = true;
	return t->samples[k];
}

static void give(struct audio *a, const struct audio_tap *tap)
{
	struct audio_frame f = {
		.at_us = a->due_us,
		.rate = tap->rate,
		.n = tap->rate * AUDIO_FRAME_MS / 1000,
		.in_heard = a->in.heard,
	};

	if (tap->in)
		f.in = samples_at(&a->in, tap->rate);
	if (tap->out)
		f.out = samples_at(&a->out, tap->rate);
	tap->take(tap->arg, &f);
}

static void tick_leg(struct worker *w, struct audio *a)
{
	struct audio_tap *next;

	if (w->now_us > a->due_us + AUDIO_LATE_US)
		a->due_us = w->now_us;
	for (; w->now_us >= a->due_us; a->due_us += AUDIO_FRAME_MS * 1000ULL) {
		take(&a->in, a->due_us);
		take(&a->out, a->due_us);
		for (struct audio_tap *t = a->taps; t; t = next) {
			next = t->next; /* it may remove itself */
			give(a, t);
		}
	}
}

void audio_tick(struct worker *w)
{
	struct worker_leg **at = &w->tapped;

	while (*at) {
		struct worker_leg *wl = *at;

		tick_leg(w, wl->audio);
		if (wl->audio->taps) {
			at = &wl->next_tapped;
			continue;
		}
		*at = wl->next_tapped;
		free_audio(wl);
	}
}

void audio_apply(struct worker_leg *wl)
{
	/* Without memory it goes on at the rate that it has. */
	if (wl->audio && wl->audio->in.ear)
		(void)open_track(&wl->audio->in, leg_rate(wl));
	if (wl->audio && wl->audio->out.ear)
		(void)open_track(&wl->audio->out, leg_rate(wl));
}

void audio_close(struct worker *w, struct worker_leg *wl)
{
	struct worker_leg **at = &w->tapped;

	if (!wl->audio)
		return;
	while (*at != wl)
		at = &(*at)->next_tapped;
	*at = wl->next_tapped;
	free_audio(wl);
}
