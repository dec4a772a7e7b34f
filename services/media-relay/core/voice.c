/*
 * voice.c - is this 20 ms of speech, a pure tone, or neither?
 *
 * Pure: no I/O, no clock, no log.
 */
#include "voice.h"

#include <math.h>

static const float above = 2.5F;    /* speech is 8 dB above the noise */
static const float residue = 0.01F; /* of the energy of a tone: not explained */

static void follow(struct voice *v)
{
	if (v->frames == 0)
		v->least = v->before = v->rms;
	v->least = fminf(v->least, v->rms);
	if (++v->frames % VOICE_FRAMES == 0) {
		v->before = v->least;
		v->least = v->rms;
	}
}

bool voice_put(struct voice *v, const int16_t *samples, size_t n)
{
	float energy = 0;
	float floor;

	for (size_t i = 0; i < n; i++)
		energy += (float)samples[i] * (float)samples[i];
	v->rms = n > 0 ? sqrtf(energy / (float)n) : 0;
	follow(v);
	floor = fminf(fminf(v->least, v->before), VOICE_FLOOR_MAX);
	return v->rms > VOICE_LEAST && v->rms > floor * above;
}

bool voice_is_tone(const int16_t *samples, size_t n, float *cosine)
{
	double cross = 0;
	double middle = 0;
	double outer = 0;
	double c;

	if (n < 3)
		return false;
	for (size_t i = 2; i < n; i++) {
		double sum = samples[i] + samples[i - 2];

		cross += sum * samples[i - 1];
		middle += (double)samples[i - 1] * samples[i - 1];
		outer += sum * sum;
	}
	if (middle < (double)n * VOICE_LEAST * VOICE_LEAST)
		return false;
	/* least squares: sum = 2 c x; what that leaves of the energy */
	c = cross / (2 * middle);
	*cosine = (float)c;
	return outer - 4 * c * cross + 4 * c * c * middle <
	       (double)residue * middle;
}
