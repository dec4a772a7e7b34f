/*
 * hash.c - table from string keys to intrusive entries; grows by itself
 */
#include "base/hash.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS_FIRST = 16 };

uint64_t hash_bytes(const void *p, size_t n, uint64_t seed)
{
	const unsigned char *s = p;
	uint64_t sum = 0xcbf29ce484222325U ^ seed;

	for (size_t i = 0; i < n; i++)
		sum = (sum ^ s[i]) * 0x100000001b3U;
	return sum;
}

uint64_t hash_folded(const void *p, size_t n, uint64_t seed)
{
	uint64_t sum = hash_bytes(p, n, seed);

	return sum ^ sum >> 32;
}

static uint64_t sum_of(const char *key)
{
	return hash_folded(key, strlen(key), 0);
}

static struct hash_entry **slot(const struct hash *h, uint64_t sum)
{
	return &h->slots[sum & (h->n_slots - 1)];
}

int hash_init(struct hash *h)
{
	h->slots = calloc(SLOTS_FIRST, sizeof(struct hash_entry *));
	h->n_slots = SLOTS_FIRST;
	h->n = 0;
	return h->slots ? 0 : ENOMEM;
}

void hash_close(struct hash *h)
{
	free(h->slots);
	*h = (struct hash){0};
}

static void insert(struct hash *h, struct hash_entry *e)
{
	struct hash_entry **place = slot(h, e->sum);

	e->next = *place;
	*place = e;
}

/* Without memory the table stays as it is: slower, not wrong. */
static void grow(struct hash *h)
{
	struct hash wide = {.n_slots = 2 * h->n_slots, .n = h->n};

	wide.slots = calloc(wide.n_slots, sizeof(struct hash_entry *));
	if (!wide.slots)
		return;
	for (size_t i = 0; i < h->n_slots; i++) {
		struct hash_entry *e = h->slots[i];

		while (e) {
			struct hash_entry *next = e->next;

			insert(&wide, e);
			e = next;
		}
	}
	free(h->slots);
	*h = wide;
}

void hash_add(struct hash *h, struct hash_entry *e, const char *key)
{
	if (h->n >= h->n_slots)
		grow(h);
	e->key = key;
	e->sum = sum_of(key);
	insert(h, e);
	h->n++;
}

struct hash_entry *hash_find(const struct hash *h, const char *key)
{
	uint64_t sum = sum_of(key);

	for (struct hash_entry *e = *slot(h, sum); e; e = e->next) {
		if (e->sum == sum && strcmp(e->key, key) == 0)
			return e;
	}
	return NULL;
}

void hash_remove(struct hash *h, struct hash_entry *e)
{
	struct hash_entry **place = slot(h, e->sum);

	while (*place && *place != e)
		place = &(*place)->next;
	if (*place) {
		*place = e->next;
		h->n--;
	}
}

static void settle(struct hash_iter *it)
{
	while (!it->next && it->slot < it->h->n_slots)
		it->next = it->h->slots[it->slot++];
}

struct hash_iter hash_iter(const struct hash *h)
{
	struct hash_iter it = {.h = h};

	settle(&it);
	return it;
}

struct hash_entry *hash_next(struct hash_iter *it)
{
	struct hash_entry *e = it->next;

	if (e) {
		it->next = e->next;
		settle(it);
	}
	return e;
}
