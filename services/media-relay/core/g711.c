/*
 * g711.c - G.711: linear samples to and from A-law and mu-law (ITU-T G.711)
 *
 * A code is a sign, one of eight segments that double in width, and a step of
 * sixteen in it. Pure: no I/O, no clock, no log.
 */
#include "g711.h"

enum { ULAW_BIAS = 33 << 2 }; /* 14 bits of G.711 in the 16 of a sample */
enum { ULAW_CLIP = 32767 - ULAW_BIAS };
enum { ALAW_MASK = 0x55 }; /* even bits are inverted on the line */
enum { SIGN = 0x80, SEGMENT = 0x70, STEP = 0x0f };

/* Number of the segment: bits above 2^base that the magnitude needs. */
static unsigned segment(unsigned magnitude, unsigned base)
{
	unsigned n = 0;

	while (n < 7 && magnitude >> (base + 1 + n))
		n++;
	return n;
}

uint8_t g711_to_ulaw(int16_t sample)
{
	unsigned sign = sample < 0 ? 0 : SIGN;
	unsigned magnitude = (unsigned)(sample < 0 ? -(int)sample : sample);
	unsigned n;
	unsigned code;

	if (magnitude > ULAW_CLIP)
		magnitude = ULAW_CLIP;
	magnitude += ULAW_BIAS;
	n = segment(magnitude, 7);
	code = n << 4 | (magnitude >> (n + 3) & STEP);
	return (uint8_t)(sign | (~code & 0x7fU));
}

int16_t g711_from_ulaw(uint8_t code)
{
	unsigned inverted = ~(unsigned)code;
	unsigned n = (inverted & SEGMENT) >> 4;
	int magnitude = (int)(((inverted & STEP) << 3) + ULAW_BIAS) << n;

	magnitude -= ULAW_BIAS;
	return (int16_t)(code & SIGN ? magnitude : -magnitude);
}

uint8_t g711_to_alaw(int16_t sample)
{
	unsigned sign = sample < 0 ? 0 : SIGN;
	unsigned magnitude = (unsigned)(sample < 0 ? ~(int)sample : sample);
	unsigned n = segment(magnitude, 7);
	unsigned step = magnitude >> (n ? n + 3 : 4) & STEP;

	return (uint8_t)((sign | n << 4 | step) ^ ALAW_MASK);
}

int16_t g711_from_alaw(uint8_t code)
{
	unsigned plain = code ^ ALAW_MASK;
	unsigned n = (plain & SEGMENT) >> 4;
	int magnitude = (int)((plain & STEP) << 4) + 8;

	if (n > 0)
		magnitude = (magnitude + 0x100) << (n - 1);
	return (int16_t)(plain & SIGN ? magnitude : -magnitude);
}
