/*
 * fuzz_speech__engine_wav.c - WAVE files of HTTP engines and of recordings
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/mono.h"
#include "core/upsample.h"
#include "core/wav.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *file = malloc(size + 1); /* read beyond its end is seen */
	int16_t *mono, *wide;
	struct upsample u;
	struct wav wav;
	size_t n;

	assert(file);
	memcpy(file, data, size);
	file = realloc(file, size ? size : 1);
	if (file && wav_read(file, size, &wav) == 0) {
		assert(wav.data >= file && wav.data + wav.n <= file + size);
		assert(wav.channels >= 1 && wav.n % (2 * wav.channels) == 0);
		mono = malloc(wav.n / wav.channels + 2);
		assert(mono);
		n = mono_mix(&wav, mono);
		assert(n == wav.n / 2 / wav.channels);
		wide = malloc(4 * n + 2);
		assert(wide);
		upsample_init(&u);
		upsample_put(&u, mono, n, wide);
		free(wide);
		free(mono);
	}
	free(file);
	return 0;
}
