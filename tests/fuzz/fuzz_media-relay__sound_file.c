/*
 * fuzz_media-relay__sound_file.c - sound files of any kind, in pieces
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "adapters/sound_file.h"

enum { SAMPLES = 4800, SAMPLES_MAX = 4000000 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Read what there is. @return how it ended */
static enum sound drain(struct sound_file *f, size_t *total)
{
	int16_t out[SAMPLES];
	enum sound found;
	size_t n;

	do {
		found = sound_file_read(f, out, SAMPLES, &n);
		assert(n <= SAMPLES && (found == SOUND_SAMPLES) == (n > 0));
		*total += n;
	} while (found == SOUND_SAMPLES && *total < SAMPLES_MAX);
	return found;
}

/* The first byte says the type, the second how it is cut. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const types[] = {"audio/mpeg", "audio/wav",
	                                    "audio/aiff", "audio/gsm",
	                                    "audio/ulaw", ""};
	enum sound found = SOUND_HUNGRY;
	struct sound_file *f;
	size_t total = 0, at = 2;

	if (size < 2 || sound_file_alloc(&f, types[data[0] % 6], 16000))
		return 0;
	while (found == SOUND_HUNGRY && at <= size) {
		size_t n = data[1] ? data[1] * 64UL : size;

		n = n < size - at ? n : size - at;
		if (sound_file_feed(f, data + at, n, at + n == size))
			break;
		at += n;
		found = drain(f, &total);
		if (at == size)
			break;
	}
	sound_file_free(f);
	return 0;
}
