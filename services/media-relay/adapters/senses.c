/*
 * senses.c - what is understood of a leg's audio: keys heard as tones, who
 * answered, speech
 */
#include "adapters/senses.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/worker.h"
#include "core/decoder.h"
#include "core/inband.h"

enum { CHUNK_MAX = SENSES_CHUNK_MS * 16 }; /* samples, at 16 kHz */

struct hearer {
	struct audio_tap tap;
	bool on;
	struct utterance utterance;
	bool voice; /* in the samples below */
	size_t n;
	int16_t samples[CHUNK_MAX];
};

struct senses {
	struct worker *worker;
	struct worker_leg *wl;
	struct audio_tap tap; /* at 8 kHz: keys and machines */
	bool tapped;
	struct inband *inband;    /* NULL: keys are not heard as tones */
	struct key_press waiting; /* that a telephone-event may tell, too */
	uint64_t waiting_since_us;
	bool detects;
	struct machine machine;
	struct hearer hearer;
};

/* --- keys ------------------------------------------------------------------ */

static bool has_event(const struct leg_spec *spec)
{
	for (size_t i = 0; i < spec->n_formats; i++) {
		if (spec->formats[i].codec == CODEC_EVENT)
			return true;
	}
	return false;
}

static bool event_came(const struct leg *leg)
{
	return leg->keys.pressed || event_last(&leg->keys) != NULL;
}

/* A phone that tells keys as telephone-events sends no tones, or the same key
 * twice. One that promised to and never did may be heard, if that is set. */
static bool hears_keys(const struct worker *w, const struct leg *leg)
{
	return leg->spec.want_digits && !event_came(leg) &&
	       (w->cfg->inband_keys || !has_event(&leg->spec));
}

static void tell_waiting(struct senses *s)
{
	if (s->waiting.digit != '\0')
		packets_tell_key(s->worker, s->wl, s->waiting);
	s->waiting.digit = '\0';
}

static void on_key(struct senses *s, struct key_press key, uint64_t now_us)
{
	tell_waiting(s);
	s->waiting = key;
	s->waiting_since_us = now_us;
	if (!has_event(&s->wl->leg.spec))
		tell_waiting(s);
}

static void stop_keys(struct senses *s)
{
	inband_free(s->inband);
	s->inband = NULL;
	s->waiting.digit = '\0';
}

static void hear_keys(struct senses *s, const struct audio_frame *f)
{
	struct key_press key;

	/* the key that waits is told by these events, too */
	if (event_came(&s->wl->leg)) {
		stop_keys(s);
		return;
	}
	inband_put(s->inband, f->in, f->n);
	if (inband_pressed(s->inband))
		leg_key_down(&s->wl->leg);
	while ((key = inband_take(s->inband)).digit != '\0')
		on_key(s, key, f->at_us);
	if (f->at_us - s->waiting_since_us >= SENSES_KEY_WAIT_MS * 1000ULL)
		tell_waiting(s);
}

/* --- who answered ---------------------------------------------------------- */

static void hear_machine(struct senses *s, const struct audio_frame *f)
{
	struct plane_fact fact = {.type = PLANE_MACHINE, .leg = s->wl->leg.id};

	enum machine_answer answer = machine_put(&s->machine, f->in);

	if (answer == MACHINE_OPEN)
		return;
	s->detects = false;
	(void)snprintf(fact.why, sizeof(fact.why), "%s", machine_name(answer));
	events_tell(s->worker, s->wl->session, &fact);
}

static void on_narrow(void *arg, const struct audio_frame *f)
{
	struct senses *s = arg;

	if (s->inband)
		hear_keys(s, f);
	if (s->detects)
		hear_machine(s, f);
	if (s->inband || s->detects)
		return;
	audio_tap_remove(s->wl, &s->tap);
	s->tapped = false;
}

/* --- speech ---------------------------------------------------------------- */

static void send_chunk(struct senses *s, bool last)
{
	struct hearer *h = &s->hearer;
	struct plane_fact fact = {.type = PLANE_HEARD, .leg = s->wl->leg.id};

	memcpy(fact.listen, h->utterance.spec.id, sizeof(fact.listen));
	fact.last = last;
	fact.voice = h->voice;
	fact.rate = h->tap.rate;
	events_tell_heard(s->worker, s->wl->session, &fact, h->samples, h->n);
	h->n = 0;
	h->voice = false;
}

static void on_speech(void *arg, const struct audio_frame *f)
{
	struct senses *s = arg;
	struct hearer *h = &s->hearer;
	bool over = utterance_put(&h->utterance, f->in, f->n, AUDIO_FRAME_MS);

	memcpy(h->samples + h->n, f->in, f->n * sizeof(*f->in));
	h->n += f->n;
	h->voice |= utterance_spoken(&h->utterance);
	if (over || h->n + f->n > f->rate / 1000 * SENSES_CHUNK_MS)
		send_chunk(s, over);
	if (!over)
		return;
	audio_tap_remove(s->wl, &h->tap);
	h->on = false;
}

/* --- as the spec says ------------------------------------------------------ */

static void stop_narrow(struct senses *s)
{
	stop_keys(s);
	s->detects = false;
	if (s->tapped)
		audio_tap_remove(s->wl, &s->tap);
	s->tapped = false;
}

static void apply_keys(struct senses *s)
{
	bool wanted = hears_keys(s->worker, &s->wl->leg);

	if (wanted && !s->inband)
		(void)inband_alloc(&s->inband);
	if (!wanted)
		stop_keys(s);
}

/* It is told once: the same wish again starts nothing. */
static void apply_machine(struct senses *s)
{
	const struct leg_spec *spec = &s->wl->leg.spec;
	bool begun = s->machine.now_ms > 0 || s->detects;

	if (!spec->detects) {
		memset(&s->machine, 0, sizeof(s->machine));
		s->detects = false;
	} else if (!begun) {
		machine_init(&s->machine, &spec->detect);
		s->detects = true;
	}
}

static void apply_speech(struct senses *s)
{
	const struct leg_spec *spec = &s->wl->leg.spec;
	const struct format *audio = leg_spec_audio(spec);
	struct hearer *h = &s->hearer;

	if (strcmp(h->utterance.spec.id, spec->listen.id) == 0)
		return;
	if (h->on)
		audio_tap_remove(s->wl, &h->tap);
	h->on = false;
	utterance_init(&h->utterance, &spec->listen);
	if (spec->listen.id[0] == '\0')
		return;
	h->n = 0;
	h->voice = false;
	h->tap = (struct audio_tap){
		.rate = audio && decoder_rate(audio->codec) == 16000 ? 16000
	                                                             : 8000,
		.in = true,
		.take = on_speech,
		.arg = s};
	h->on = audio_tap_add(s->worker, s->wl, &h->tap) == 0;
}

static bool needed(const struct worker *w, const struct worker_leg *wl)
{
	const struct leg_spec *spec = &wl->leg.spec;

	return wl->senses || spec->detects || spec->listen.id[0] != '\0' ||
	       hears_keys(w, &wl->leg);
}

void senses_apply(struct worker *w, struct worker_leg *wl)
{
	struct senses *s;

	if (!needed(w, wl))
		return;
	if (!wl->senses)
		wl->senses = calloc(1, sizeof(*wl->senses));
	s = wl->senses;
	if (!s)
		return;
	s->worker = w;
	s->wl = wl;
	apply_keys(s);
	apply_machine(s);
	apply_speech(s);
	if ((s->inband || s->detects) && !s->tapped) {
		s->tap = (struct audio_tap){.rate = INBAND_RATE,
		                            .in = true,
		                            .take = on_narrow,
		                            .arg = s};
		s->tapped = audio_tap_add(w, wl, &s->tap) == 0;
	} else if (!s->inband && !s->detects) {
		stop_narrow(s);
	}
}

void senses_close(struct worker_leg *wl)
{
	struct senses *s = wl->senses;

	if (!s)
		return;
	stop_narrow(s);
	if (s->hearer.on)
		audio_tap_remove(wl, &s->hearer.tap);
	free(s);
	wl->senses = NULL;
}
