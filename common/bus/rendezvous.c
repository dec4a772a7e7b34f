/*
 * rendezvous.c - which of several instances a key belongs to
 */
#include "bus/rendezvous.h"

#include <string.h>

#include "base/hash.h"

uint64_t rendezvous_sum(const char *name)
{
	return hash_bytes(name, strlen(name), 0);
}

/* The finalizer of SplitMix64: FNV sums of similar names differ in few bits,
 * and the scores must not. */
uint64_t rendezvous_score(uint64_t key_sum, uint64_t instance_sum)
{
	uint64_t x = key_sum + instance_sum * 0x9e3779b97f4a7c15U;

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
	return x ^ (x >> 31);
}
