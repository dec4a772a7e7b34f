/*
 * wav.c - RIFF WAVE files of prompts: 16-bit linear, mono
 *
 * Pure: no I/O, no clock, no log.
 */
#include "wav.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

enum { RIFF_HEADER = 12, CHUNK_HEADER = 8, FMT_MIN = 16 };
enum { LINEAR = 1 };

static uint16_t le16(const uint8_t *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

static uint32_t le32(const uint8_t *p)
{
	return le16(p) | (uint32_t)le16(p + 2) << 16;
}

static int read_format(struct wav *w, const uint8_t *p, size_t n)
{
	if (n < FMT_MIN)
		return EINVAL;
	w->rate = le32(p + 4);
	if (le16(p) != LINEAR || le16(p + 2) != 1 || le16(p + 14) != 16 ||
	    w->rate < WAV_RATE_MIN || w->rate > WAV_RATE_MAX)
		return ENOTSUP;
	return 0;
}

int wav_parse(struct wav *w, const uint8_t *p, size_t n)
{
	bool format = false;
	size_t at = RIFF_HEADER;

	if (n < RIFF_HEADER || memcmp(p, "RIFF", 4) != 0 ||
	    memcmp(p + 8, "WAVE", 4) != 0)
		return EINVAL;
	while (n - at >= CHUNK_HEADER) {
		const uint8_t *body = p + at + CHUNK_HEADER;
		size_t size = le32(p + at + 4);

		if (size > n - at - CHUNK_HEADER)
			return EINVAL;
		if (memcmp(p + at, "fmt ", 4) == 0) {
			int err = read_format(w, body, size);

			if (err)
				return err;
			format = true;
		} else if (memcmp(p + at, "data", 4) == 0 && format) {
			w->samples = body;
			w->n = size / 2;
			return 0;
		}
		at += CHUNK_HEADER + size + (size & 1);
		if (at > n)
			return EINVAL;
	}
	return EINVAL;
}

int16_t wav_sample(const struct wav *w, size_t i)
{
	return (int16_t)le16(w->samples + 2 * i);
}
