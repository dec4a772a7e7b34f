/*
 * rng.c - random numbers of one call, from the seed that the shell gives
 *
 * Pure.
 */
#include "rng.h"

#include <stdio.h>
#include <string.h>

void rng_init(struct rng *r, const uint8_t seed[RNG_SEED_SIZE])
{
	memcpy(r->s, seed, sizeof(r->s));
	/* An all-zero state would stay zero for ever. */
	if (!(r->s[0] | r->s[1] | r->s[2] | r->s[3]))
		r->s[0] = 1;
}

static uint64_t rotl(uint64_t x, unsigned k)
{
	return (x << k) | (x >> (64 - k));
}

uint64_t rng_next(struct rng *r)
{
	uint64_t result = rotl(r->s[1] * 5, 7) * 9;
	uint64_t t = r->s[1] << 17;

	r->s[2] ^= r->s[0];
	r->s[3] ^= r->s[1];
	r->s[1] ^= r->s[2];
	r->s[0] ^= r->s[3];
	r->s[2] ^= t;
	r->s[3] = rotl(r->s[3], 45);
	return result;
}

uint32_t rng_below(struct rng *r, uint32_t n)
{
	return (uint32_t)(rng_next(r) % n);
}

void rng_sid(struct rng *r, const char *prefix, char out[SID_SIZE])
{
	unsigned long long high = rng_next(r), low = rng_next(r);

	(void)snprintf(out, SID_SIZE, "%.2s%016llx%016llx", prefix, high, low);
}

bool rng_sid_form(const char *s, const char *prefix)
{
	return strlen(s) == SID_SIZE - 1 && strncmp(s, prefix, 2) == 0 &&
	       strspn(s + 2, "0123456789abcdef") == SID_SIZE - 3;
}
