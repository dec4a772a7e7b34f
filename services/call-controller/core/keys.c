/*
 * keys.c - a press that a phone tells twice is one
 */
#include "keys.h"

/* The oldest one that was told in the other way only */
static struct keys_press *other(struct keys *k, char digit, bool info,
                                uint64_t now_ms)
{
	size_t first = k->n > KEYS_MEMORY ? k->n - KEYS_MEMORY : 0;

	for (size_t i = first; i < k->n; i++) {
		struct keys_press *p = &k->told[i % KEYS_MEMORY];

		if (p->digit == digit && p->info != info &&
		    now_ms < p->at + KEYS_TWICE_MS)
			return p;
	}
	return NULL;
}

bool keys_take(struct keys *k, char digit, bool info, uint64_t now_ms)
{
	struct keys_press *before = other(k, digit, info, now_ms);

	if (before) {
		before->digit = '\0';
		return false;
	}
	k->told[k->n++ % KEYS_MEMORY] =
		(struct keys_press){.digit = digit, .info = info, .at = now_ms};
	return true;
}
