/*
 * rng.h - random numbers of one call, from the seed that the shell gives
 *
 * xoshiro256** (Blackman, Vigna). Not for secrets: each call has a seed of its
 * own from the system, so a peer that guesses the state of one call learns
 * nothing about another.
 */
#ifndef CC_CORE_RNG_H
#define CC_CORE_RNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/sid.h"

enum { RNG_SEED_SIZE = 32 };

struct rng {
	uint64_t s[4];
};

void rng_init(struct rng *r, const uint8_t seed[RNG_SEED_SIZE]);
uint64_t rng_next(struct rng *r);

/** @return 0 to @p n - 1; @p n > 0 */
uint32_t rng_below(struct rng *r, uint32_t n);

/** Write two letters and 32 hexadecimal digits. */
void rng_sid(struct rng *r, const char *prefix, char out[SID_SIZE]);

/** Is @p s a sid with this prefix? */
bool rng_sid_form(const char *s, const char *prefix);

#endif
