/*
 * resampler.h - linear samples of one rate to another
 */
#ifndef MEDIA_CORE_RESAMPLER_H
#define MEDIA_CORE_RESAMPLER_H

#include <stddef.h>
#include <stdint.h>

struct resampler;

enum { RESAMPLER_RATE_MIN = 4000, RESAMPLER_RATE_MAX = 192000 }; /* Hz */

/**
 * A stream of mono samples from one rate to another; band-limited.
 *
 * @return 0, EINVAL (a rate is out of range) or ENOMEM
 */
int resampler_alloc(struct resampler **rp, uint32_t from, uint32_t to);
void resampler_free(struct resampler *r);

/** Leave out the silence, a few milliseconds, that its filter would begin
 *  with: for a file, which is to keep its length. Call it first. */
void resampler_skip(struct resampler *r);

/**
 * Convert the next samples. Allocates nothing. Between whole multiples of
 * each other, as 8 and 16 kHz, n samples always give n * to / from.
 *
 * @param max room in @p out: n * to / from + 1 is enough
 * @return samples written
 */
size_t resampler_run(struct resampler *r, const int16_t *in, size_t n,
                     int16_t *out, size_t max);

#endif
