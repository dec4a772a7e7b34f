/*
 * wav.c - linear 16-bit audio in RIFF WAVE, to and from memory
 */
#include "core/wav.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

enum { CHUNK_HEAD = 8, FORMAT_SIZE = 16, RIFF_HEAD = 12 };
enum { FORMAT_LINEAR = 1, FORMAT_EXTENSIBLE = 0xFFFE };
enum { CHANNELS_MAX = 8, SAMPLE_BITS = 16, SAMPLE_BYTES = 2 };

static uint32_t get(const uint8_t *p, size_t n)
{
	uint32_t value = 0;

	while (n--)
		value = value << 8 | p[n];
	return value;
}

static void put(uint8_t *p, size_t n, uint32_t value)
{
	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t)(value >> (8 * i));
}

static bool read_format(const uint8_t *p, size_t n, struct wav *out)
{
	uint32_t format;

	if (n < FORMAT_SIZE)
		return false;
	format = get(p, 2);
	out->channels = get(p + 2, 2);
	out->rate = get(p + 4, 4);
	return (format == FORMAT_LINEAR || format == FORMAT_EXTENSIBLE) &&
	       get(p + 14, 2) == SAMPLE_BITS && out->channels &&
	       out->channels <= CHANNELS_MAX && out->rate >= WAV_RATE_MIN &&
	       out->rate <= WAV_RATE_MAX;
}

int wav_read(const void *file, size_t size, struct wav *out)
{
	const uint8_t *p = file, *end = p + size;

	memset(out, 0, sizeof(*out));
	if (size < RIFF_HEAD || memcmp(p, "RIFF", 4) != 0 ||
	    memcmp(p + 8, "WAVE", 4) != 0)
		return EINVAL;
	p += RIFF_HEAD;
	while (end - p >= CHUNK_HEAD) {
		size_t left = (size_t)(end - p) - CHUNK_HEAD;
		size_t n = get(p + 4, 4);

		n = n < left ? n : left;
		if (memcmp(p, "fmt ", 4) == 0 &&
		    !read_format(p + CHUNK_HEAD, n, out))
			return EINVAL;
		if (memcmp(p, "data", 4) == 0) {
			if (!out->channels)
				return EINVAL;
			out->data = p + CHUNK_HEAD;
			out->n = n - n % (SAMPLE_BYTES * out->channels);
			return 0;
		}
		n += n % 2 && n < left; /* chunks begin at even bytes */
		p += CHUNK_HEAD + n;
	}
	return EINVAL;
}

static void put_tag(uint8_t *p, const char tag[4])
{
	for (size_t i = 0; i < 4; i++)
		p[i] = (uint8_t)tag[i];
}

void wav_header(uint8_t out[WAV_HEADER_SIZE], uint32_t rate, size_t n)
{
	put_tag(out, "RIFF");
	put(out + 4, 4, (uint32_t)(WAV_HEADER_SIZE - CHUNK_HEAD + n));
	put_tag(out + 8, "WAVE");
	put_tag(out + 12, "fmt ");
	put(out + 16, 4, FORMAT_SIZE);
	put(out + 20, 2, FORMAT_LINEAR);
	put(out + 22, 2, 1);
	put(out + 24, 4, rate);
	put(out + 28, 4, rate * SAMPLE_BYTES);
	put(out + 32, 2, SAMPLE_BYTES);
	put(out + 34, 2, SAMPLE_BITS);
	put_tag(out + 36, "data");
	put(out + 40, 4, (uint32_t)n);
}
