/*
 * random.h - numbers that nobody can guess, many for one call of the kernel
 */
#ifndef REGISTRAR_ADAPTERS_RANDOM_H
#define REGISTRAR_ADAPTERS_RANDOM_H

#include <stddef.h>
#include <stdint.h>

enum { RANDOM_BATCH = 64 };

/** Zero-initialise it. */
struct random_pool {
	uint64_t v[RANDOM_BATCH];
	size_t left;
};

uint64_t random_take(struct random_pool *p);

#endif
