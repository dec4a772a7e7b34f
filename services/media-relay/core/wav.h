/*
 * wav.h - RIFF WAVE files of prompts: 16-bit linear, mono
 */
#ifndef MEDIA_CORE_WAV_H
#define MEDIA_CORE_WAV_H

#include <stddef.h>
#include <stdint.h>

enum { WAV_RATE_MIN = 8000, WAV_RATE_MAX = 48000 };

struct wav {
	uint32_t rate;          /**< [Hz] */
	const uint8_t *samples; /**< little-endian; borrowed from the file */
	size_t n;               /**< samples */
};

/** @return 0, EINVAL (no WAVE file, or cut off) or ENOTSUP (other format) */
int wav_parse(struct wav *w, const uint8_t *p, size_t n);

int16_t wav_sample(const struct wav *w, size_t i); /**< @p i below n */

#endif
