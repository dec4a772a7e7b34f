/*
 * upsample.h - telephone audio (8 kHz) for a recogniser of 16 kHz
 *
 * An interpolation whose filter leaves a little of the mirror image above
 * 4 kHz. The acoustic model has only heard full-band speech: nothing at all up
 * there misleads it more than a faint image does (README.md has the figures).
 * Pure.
 */
#ifndef SPEECH_CORE_UPSAMPLE_H
#define SPEECH_CORE_UPSAMPLE_H

#include <stddef.h>
#include <stdint.h>

enum { UPSAMPLE_TAPS = 32 }; /* of each of the two phases */

struct upsample {
	float taps[2][UPSAMPLE_TAPS];
	int16_t last[UPSAMPLE_TAPS]; /**< input before the next sample */
};

void upsample_init(struct upsample *u);

/** @param out room for 2 * @p n samples */
void upsample_put(struct upsample *u, const int16_t *in, size_t n,
                  int16_t *out);

#endif
