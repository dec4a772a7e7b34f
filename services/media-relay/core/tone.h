/*
 * tone.h - ringing tones of the countries (ITU-T E.180 Supplement 2)
 */
#ifndef MEDIA_CORE_TONE_H
#define MEDIA_CORE_TONE_H

#include <stddef.h>
#include <stdint.h>

struct tone;

/**
 * Find a tone by name.
 *
 * @param name "ringback-us", or a bare value of <Dial ringTone> as "us-old"
 * @return NULL when there is none of that name
 */
const struct tone *tone_find(const char *name);

/** Samples of one round of its cadence, which is played again and again.
 *  Whole packets: it divides by 20 ms. */
size_t tone_samples(const struct tone *t, uint32_t rate);

/** Write one round, tone_samples() of them. */
void tone_render(const struct tone *t, uint32_t rate, int16_t *out);

#endif
