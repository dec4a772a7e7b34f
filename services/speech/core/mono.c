/*
 * mono.c - the channels of a recording as one
 */
#include "core/mono.h"

size_t mono_mix(const struct wav *wav, int16_t *out)
{
	size_t frames = wav->n / 2 / wav->channels;
	const uint8_t *p = wav->data;

	for (size_t i = 0; i < frames; i++) {
		int sum = 0;

		for (unsigned c = 0; c < wav->channels; c++, p += 2)
			sum += (int16_t)(uint16_t)(p[0] | p[1] << 8);
		out[i] = (int16_t)(sum / (int)wav->channels);
	}
	return frames;
}
