/*
 * audio.c - samples between rates, and their volume
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <speex/speex_resampler.h>

#include "engine/engine.h"

enum { QUALITY = 7 };
enum { SILENCE_DB = -60 };
enum { QUIET = 164 };        /* 46 dB below the loudest: nobody hears it */
enum { LEAD_SAMPLES = 160 }; /* that stay before the first sound */

/* Samples in and, so that the last of them come out of the filter, silence */
static size_t convert(SpeexResamplerState *state, const struct audio *a,
                      int16_t *v, size_t room)
{
	static const int16_t silence[256];
	spx_uint32_t n_in = (spx_uint32_t)a->n, n_out = (spx_uint32_t)room;
	size_t n = 0;
	int left;

	speex_resampler_skip_zeros(state);
	left = speex_resampler_get_input_latency(state);
	speex_resampler_process_int(state, 0, a->v, &n_in, v, &n_out);
	n = n_out;
	while (left > 0 && n < room) {
		n_in = left < 256 ? (spx_uint32_t)left : 256;
		left -= (int)n_in;
		n_out = (spx_uint32_t)(room - n);
		speex_resampler_process_int(state, 0, silence, &n_in, v + n,
		                            &n_out);
		n += n_out;
	}
	return n;
}

int audio_resample(struct audio *a, uint32_t from, uint32_t to)
{
	size_t room = (size_t)((uint64_t)a->n * to / from);
	SpeexResamplerState *state;
	int16_t *v;
	int err = 0;

	if (from == to || !a->n)
		return 0;
	state = speex_resampler_init(1, from, to, QUALITY, &err);
	v = malloc((room + 1) * sizeof(*v));
	if (!state || !v) {
		free(v);
		if (state)
			speex_resampler_destroy(state);
		return ENOMEM;
	}
	a->n = convert(state, a, v, room);
	speex_resampler_destroy(state);
	free(a->v);
	a->v = v;
	return 0;
}

void audio_gain(struct audio *a, int db)
{
	float gain = db <= SILENCE_DB ? 0 : powf(10, (float)db / 20);

	for (size_t i = 0; db && i < a->n; i++) {
		float x = (float)a->v[i] * gain;

		x = x > 32767 ? 32767 : x < -32768 ? -32768 : x;
		a->v[i] = (int16_t)lrintf(x);
	}
}

void audio_trim_start(struct audio *a)
{
	size_t i = 0;

	while (i < a->n && abs(a->v[i]) < QUIET)
		i++;
	if (i == a->n || i <= LEAD_SAMPLES)
		return;
	i -= LEAD_SAMPLES;
	a->n -= i;
	memmove(a->v, a->v + i, a->n * sizeof(*a->v));
}
