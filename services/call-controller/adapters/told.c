/*
 * told.c - what Redis was told of a call
 */
#include "told.h"

#include <string.h>

/* Eight bytes at a time: all of a call is summed with each snapshot. No step
 * loses a difference: with the word given it can be undone. */
static uint64_t mix(uint64_t sum, uint64_t word)
{
	sum = (sum ^ word) * 0x9e3779b97f4a7c15U;
	return sum ^ (sum >> 29);
}

static uint64_t sum(const char *s, uint64_t seed)
{
	size_t n = strlen(s);
	uint64_t sum = mix(seed, n), word;

	for (; n >= sizeof(word); n -= sizeof(word), s += sizeof(word)) {
		memcpy(&word, s, sizeof(word));
		sum = mix(sum, word);
	}
	word = 0;
	memcpy(&word, s, n);
	return mix(sum, word);
}

void told_forget(struct told *t)
{
	memset(t->known, 0, sizeof(t->known));
}

static uint64_t sum_all(const char *const *v, size_t n)
{
	uint64_t all = n;

	for (size_t i = 0; i < 2 * n; i++)
		all = sum(v[i], all);
	return all;
}

/* Where @p name is among what was told; they mostly come in the same order. */
static size_t find(const struct told *t, uint64_t name, size_t from)
{
	for (size_t i = 0; i < t->n; i++) {
		size_t at = (from + i) % t->n;

		if (t->names[at] == name)
			return at;
	}
	return t->n;
}

/* Where each name is among what was told. @return how many are */
static size_t find_all(const struct told *t, const uint64_t *names, size_t n,
                       size_t *at)
{
	size_t there = 0;

	for (size_t i = 0; i < n; i++) {
		at[i] = find(t, names[i], i ? at[i - 1] + 1 : 0);
		there += at[i] < t->n;
	}
	return there;
}

/* Note the pairs, and move those that are new to the front of @p v.
 * @return how many these are */
static size_t keep_new(struct told *t, const uint64_t *names, const size_t *at,
                       const char **v, size_t n)
{
	size_t n_told = t->n, left = 0;

	for (size_t i = 0; i < n; i++) {
		uint64_t value = sum(v[2 * i + 1], 0);
		size_t to = at[i] < n_told ? at[i] : t->n;

		if (to < n_told && t->values[to] == value)
			continue;
		t->n += to == t->n;
		t->names[to] = names[i];
		t->values[to] = value;
		v[2 * left] = v[2 * i];
		v[2 * left + 1] = v[2 * i + 1];
		left++;
	}
	return left;
}

static enum told_news compare_fields(struct told *t, const char **v, size_t *n)
{
	bool known = t->known[0];
	uint64_t names[TOLD_FIELDS_MAX];
	size_t at[TOLD_FIELDS_MAX];

	t->known[0] = *n <= TOLD_FIELDS_MAX;
	if (!t->known[0])
		return TOLD_ALL;
	for (size_t i = 0; i < *n; i++)
		names[i] = sum(v[2 * i], 0);
	if (!known || find_all(t, names, *n, at) < t->n) {
		t->n = 0; /* nothing is known, or some are gone */
		(void)find_all(t, names, *n, at);
		(void)keep_new(t, names, at, v, *n);
		return TOLD_ALL;
	}
	*n = keep_new(t, names, at, v, *n);
	return *n ? TOLD_SOME : TOLD_SAME;
}

enum told_news told_compare(struct told *t, unsigned group, const char **v,
                            size_t *n)
{
	uint64_t now;
	bool same;

	if (group == 0)
		return compare_fields(t, v, n);
	now = sum_all(v, *n);
	same = t->known[group] && t->sum[group] == now;
	t->known[group] = true;
	t->sum[group] = now;
	return same ? TOLD_SAME : TOLD_ALL;
}
