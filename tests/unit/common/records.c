/*
 * records.c - records of Redis, written down in a test
 */
#include "records.h"

int records_put(struct snapshot *s, enum family family, size_t n,
                const char *const *pairs)
{
	const char *names[20], *values[20];
	struct record r = {n, names, values};

	for (size_t i = 0; i < n; i++) {
		names[i] = pairs[2 * i];
		values[i] = pairs[2 * i + 1];
	}
	return snapshot_put(s, family, pairs[1], &r);
}
