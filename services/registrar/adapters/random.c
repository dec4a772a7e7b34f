/*
 * random.c - numbers that nobody can guess, many for one call of the kernel
 */
#include "adapters/random.h"

#include <stdlib.h>

#include <sys/random.h>

uint64_t random_take(struct random_pool *p)
{
	if (p->left == 0) {
		/* up to 256 bytes the kernel never gives less (getrandom(2)) */
		for (size_t i = 0; i < RANDOM_BATCH; i += 32)
			if (getrandom(p->v + i, 256, 0) != 256)
				abort();
		p->left = RANDOM_BATCH;
	}
	return p->v[--p->left];
}
