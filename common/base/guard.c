/*
 * guard.c - how often did this source do wrong lately? A bounded memory
 *
 * Pure: no I/O, no clock, no log.
 */
#include "base/guard.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

enum { WAYS = 4 };

struct tally {
	uint64_t key; /* 0 = free */
	uint64_t since_ms;
	uint32_t count;
};

struct guard {
	struct tally *tallies;
	size_t n_sets; /* a power of two */
	uint64_t window_ms;
};

int guard_alloc(struct guard **gp, size_t keys, uint64_t window_ms)
{
	struct guard *g = calloc(1, sizeof(*g));
	int err = ENOMEM;

	assert(keys >= WAYS && (keys & (keys - 1)) == 0);
	if (!g)
		goto out;
	g->n_sets = keys / WAYS;
	g->window_ms = window_ms;
	g->tallies = calloc(keys, sizeof(*g->tallies));
	if (g->tallies)
		err = 0;
out:
	if (err)
		guard_free(g);
	else
		*gp = g;
	return err;
}

void guard_free(struct guard *g)
{
	if (!g)
		return;
	free(g->tallies);
	free(g);
}

static struct tally *set_of(const struct guard *g, uint64_t key)
{
	return &g->tallies[(key & (g->n_sets - 1)) * WAYS];
}

static struct tally *find(const struct guard *g, uint64_t key)
{
	struct tally *set = set_of(g, key);

	for (int i = 0; i < WAYS; i++)
		if (set[i].count > 0 && set[i].key == key)
			return &set[i];
	return NULL;
}

static struct tally *take_oldest(struct guard *g, uint64_t key)
{
	struct tally *set = set_of(g, key), *oldest = set;

	for (int i = 1; i < WAYS; i++)
		if (set[i].since_ms < oldest->since_ms)
			oldest = &set[i];
	*oldest = (struct tally){.key = key};
	return oldest;
}

uint32_t guard_count(struct guard *g, uint64_t key, uint64_t now_ms)
{
	struct tally *t = find(g, key);

	if (!t)
		t = take_oldest(g, key);
	if (t->count == 0 || now_ms - t->since_ms >= g->window_ms) {
		t->since_ms = now_ms;
		t->count = 0;
	}
	if (t->count < UINT32_MAX)
		t->count++;
	return t->count;
}

uint32_t guard_seen(const struct guard *g, uint64_t key, uint64_t now_ms)
{
	const struct tally *t = find(g, key);

	if (!t || now_ms - t->since_ms >= g->window_ms)
		return 0;
	return t->count;
}

void guard_uncount(struct guard *g, uint64_t key)
{
	struct tally *t = find(g, key);

	if (t && --t->count == 0)
		*t = (struct tally){.key = 0};
}

void guard_forget(struct guard *g, uint64_t key)
{
	struct tally *t = find(g, key);

	if (t)
		*t = (struct tally){.key = 0};
}
