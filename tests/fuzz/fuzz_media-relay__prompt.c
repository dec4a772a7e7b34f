/*
 * fuzz_media-relay__prompt.c - WAVE files of prompts, and heads of recordings
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/riff.h"
#include "core/wav.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *file = malloc(size ? size : 1);
	struct wav w;
	long sum = 0;

	assert(file);
	memcpy(file, data, size);
	if (wav_parse(&w, file, size) == 0) {
		assert(w.rate >= WAV_RATE_MIN && w.rate <= WAV_RATE_MAX);
		for (size_t i = 0; i < w.n; i++)
			sum += wav_sample(&w, i);
	}
	if (size >= RIFF_SIZE)
		assert(riff_channels(file) <= RIFF_CHANNELS_MAX);
	free(file);
	return sum == -1; /* never: it is read */
}
