/*
 * sticky.c - which instance a Call-ID went to: a hint, of fixed size
 *
 * Pure: no I/O, no clock, no log.
 */
#include "sticky.h"

#include <errno.h>
#include <stdlib.h>

struct entry {
	uint64_t sum;
	uint64_t until; /* [ms], 0 = empty */
	char instance[STICKY_NAME_MAX + 1];
};

struct sticky {
	struct entry entries[STICKY_MAX];
};

int sticky_alloc(struct sticky **sp)
{
	*sp = calloc(1, sizeof(**sp));
	return *sp ? 0 : ENOMEM;
}

void sticky_free(struct sticky *s)
{
	free(s);
}

void sticky_put(struct sticky *s, struct slice call_id, const char *instance,
                uint64_t now_ms)
{
	uint64_t sum = slice_sum(call_id);
	struct entry *e = &s->entries[sum % STICKY_MAX];
	size_t n = strlen(instance);

	if (n > STICKY_NAME_MAX)
		return;
	e->sum = sum;
	e->until = now_ms + STICKY_MS;
	memcpy(e->instance, instance, n + 1);
}

const char *sticky_find(const struct sticky *s, struct slice call_id,
                        uint64_t now_ms)
{
	uint64_t sum = slice_sum(call_id);
	const struct entry *e = &s->entries[sum % STICKY_MAX];

	return e->sum == sum && e->until > now_ms ? e->instance : NULL;
}
