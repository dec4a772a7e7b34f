/*
 * audio.c - samples between rates, and their volume
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include <speex/speex_resampler.h>

#include "engine/engine.h"

enum { QUALITY = 7 };
enum { SILENCE_DB = -60 };

int audio_resample(struct audio *a, uint32_t from, uint32_t to)
{
	size_t room = (size_t)((double)a->n * to / from) + 64;
	spx_uint32_t n_in = (spx_uint32_t)a->n, n_out = (spx_uint32_t)room;
	SpeexResamplerState *state;
	int16_t *v;
	int err = 0;

	if (from == to || !a->n)
		return 0;
	state = speex_resampler_init(1, from, to, QUALITY, &err);
	v = malloc(room * sizeof(*v));
	if (!state || !v) {
		free(v);
		if (state)
			speex_resampler_destroy(state);
		return ENOMEM;
	}
	speex_resampler_skip_zeros(state);
	speex_resampler_process_int(state, 0, a->v, &n_in, v, &n_out);
	speex_resampler_destroy(state);
	free(a->v);
	a->v = v;
	a->n = n_out;
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
