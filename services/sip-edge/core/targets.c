/*
 * targets.c - the servers that DNS names for a domain, in the order to try them
 *
 * Pure: no I/O, no clock, no log.
 */
#include "targets.h"

#include <string.h>

void targets_add(struct targets *t, const char *host, uint16_t port,
                 uint16_t priority, uint16_t weight)
{
	size_t n = strlen(host);
	struct target *one;

	if (t->n == TARGETS_MAX || n == 0 || n > TARGETS_NAME_MAX)
		return;
	one = &t->v[t->n++];
	one->priority = priority;
	one->weight = weight;
	one->port = port;
	memcpy(one->host, host, n + 1);
}

static uint64_t next(uint64_t *key)
{
	uint64_t z = *key += 0x9e3779b97f4a7c15ULL; /* splitmix64 */

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

static void swap(struct target *a, struct target *b)
{
	struct target c = *a;

	*a = *b;
	*b = c;
}

/* A weight of 0 gets a small chance (RFC 2782): all weigh a little more. */
static uint64_t weight_of(const struct target *t)
{
	return t->weight * 100ULL + 1;
}

/* Bring to @p at one of those of the lowest priority from there on. */
static void choose(struct targets *t, size_t at, uint64_t *key)
{
	uint16_t lowest = UINT16_MAX;
	uint64_t sum = 0, mark;

	for (size_t i = at; i < t->n; i++)
		lowest = t->v[i].priority < lowest ? t->v[i].priority : lowest;
	for (size_t i = at; i < t->n; i++)
		sum += t->v[i].priority == lowest ? weight_of(&t->v[i]) : 0;
	mark = next(key) % sum;
	for (size_t i = at; i < t->n; i++) {
		uint64_t weight = weight_of(&t->v[i]);

		if (t->v[i].priority != lowest)
			continue;
		if (mark < weight) {
			swap(&t->v[at], &t->v[i]);
			return;
		}
		mark -= weight;
	}
}

/* Name servers turn their answers round: first an order that depends on what
 * is said, not on how. */
static int compare(const struct target *a, const struct target *b)
{
	int by_name = strcmp(a->host, b->host);

	return by_name ? by_name : (int)a->port - (int)b->port;
}

void targets_order(struct targets *t, uint64_t key)
{
	for (size_t i = 1; i < t->n; i++) {
		for (size_t j = i; j > 0 && compare(&t->v[j - 1], &t->v[j]) > 0;
		     j--)
			swap(&t->v[j - 1], &t->v[j]);
	}
	for (size_t i = 0; i + 1 < t->n; i++)
		choose(t, i, &key);
}
