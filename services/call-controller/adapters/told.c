/*
 * told.c - what Redis was told of a call
 */
#include "told.h"

#include <string.h>

#include "base/hash.h"

static uint64_t sum(const char *s, uint64_t seed)
{
	return hash_bytes(s, strlen(s) + 1, seed);
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

static bool some_are_gone(const struct told *t, const char *const *v, size_t n)
{
	size_t there = 0, at = 0;

	for (size_t i = 0; i < n; i++) {
		at = find(t, sum(v[2 * i], 0), at);
		there += at < t->n;
	}
	return there < t->n;
}

/* Note the pairs, and move those that are new to the front of @p v.
 * @return how many these are */
static size_t keep_new(struct told *t, const char **v, size_t n)
{
	size_t left = 0, at = 0;

	for (size_t i = 0; i < n; i++) {
		uint64_t name = sum(v[2 * i], 0), value = sum(v[2 * i + 1], 0);

		at = find(t, name, at);
		if (at < t->n && t->values[at] == value)
			continue;
		t->n += at == t->n;
		t->names[at] = name;
		t->values[at] = value;
		v[2 * left] = v[2 * i];
		v[2 * left + 1] = v[2 * i + 1];
		left++;
	}
	return left;
}

static enum told_news compare_fields(struct told *t, bool known, const char **v,
                                     size_t *n)
{
	if (*n > TOLD_FIELDS_MAX) {
		t->known[0] = false;
		return TOLD_ALL;
	}
	if (!known || some_are_gone(t, v, *n)) {
		t->n = 0;
		(void)keep_new(t, v, *n); /* all are, where nothing is known */
		return TOLD_ALL;
	}
	*n = keep_new(t, v, *n);
	return TOLD_SOME;
}

enum told_news told_compare(struct told *t, unsigned group, const char **v,
                            size_t *n)
{
	uint64_t now = sum_all(v, *n);
	bool known = t->known[group];

	if (known && t->sum[group] == now)
		return TOLD_SAME;
	t->known[group] = true;
	t->sum[group] = now;
	return group == 0 ? compare_fields(t, known, v, n) : TOLD_ALL;
}
