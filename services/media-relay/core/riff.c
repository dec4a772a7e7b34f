/*
 * riff.c - the header of a WAVE file that is written: 16-bit linear
 *
 * Pure: no I/O, no clock, no log.
 */
#include "riff.h"

#include <string.h>

enum { FMT_SIZE = 16, LINEAR = 1, AT_CHANNELS = 22 };

static void put16(uint8_t *p, unsigned n)
{
	p[0] = (uint8_t)n;
	p[1] = (uint8_t)(n >> 8);
}

/* @param tag four letters, without their NUL */
static void put_tag(uint8_t *p, const char tag[4])
{
	for (size_t i = 0; i < 4; i++)
		p[i] = (uint8_t)tag[i];
}

static void put32(uint8_t *p, uint32_t n)
{
	put16(p, n & 0xffff);
	put16(p + 2, n >> 16);
}

void riff_write(uint8_t out[RIFF_SIZE], uint32_t rate, unsigned channels,
                uint64_t bytes)
{
	const uint32_t most = UINT32_MAX - RIFF_SIZE;
	uint32_t size = bytes < most ? (uint32_t)bytes : most;
	unsigned frame = channels * RIFF_SAMPLE;

	put_tag(out, "RIFF");
	put32(out + 4, size + RIFF_SIZE - 8);
	put_tag(out + 8, "WAVE");
	put_tag(out + 12, "fmt ");
	put32(out + 16, FMT_SIZE);
	put16(out + 20, LINEAR);
	put16(out + AT_CHANNELS, channels);
	put32(out + 24, rate);
	put32(out + 28, rate * frame);
	put16(out + 32, frame);
	put16(out + 34, RIFF_SAMPLE * 8);
	put_tag(out + 36, "data");
	put32(out + 40, size);
}

unsigned riff_channels(const uint8_t head[RIFF_SIZE])
{
	unsigned channels = head[AT_CHANNELS];

	if (memcmp(head, "RIFF", 4) != 0 || memcmp(head + 8, "WAVE", 4) != 0 ||
	    channels < 1 || channels > RIFF_CHANNELS_MAX)
		return 0;
	return channels;
}
