/*
 * slice.h - a piece of somebody else's text
 *
 * Messages are never copied to be looked at: what is parsed points into the
 * bytes that were received. Pure: no I/O, no clock, no log.
 */
#ifndef EDGE_CORE_SLICE_H
#define EDGE_CORE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "base/hash.h"

struct slice {
	const char *p; /**< borrowed: lives as long as the message */
	size_t n;
};

#define SLICE(literal) ((struct slice){(literal), sizeof(literal) - 1})

static inline struct slice slice_str(const char *s)
{
	return (struct slice){s, strlen(s)};
}

static inline bool slice_eq(struct slice a, struct slice b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/** Equal but for the case of ASCII letters? */
static inline bool slice_same(struct slice a, struct slice b)
{
	return a.n == b.n && (a.n == 0 || strncasecmp(a.p, b.p, a.n) == 0);
}

static inline bool slice_starts(struct slice s, struct slice with)
{
	return s.n >= with.n && strncasecmp(s.p, with.p, with.n) == 0;
}

/** For a place in a table, or to tell many apart */
static inline uint64_t slice_sum(struct slice s)
{
	return hash_folded(s.p, s.n, 0);
}

/** Linear white space of RFC 3261 25.1, folds included */
static inline bool slice_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static inline struct slice slice_from(struct slice s, size_t i)
{
	/* nothing may be added to NULL, not even 0 */
	return (struct slice){i > 0 ? s.p + i : s.p, s.n - i};
}

static inline struct slice slice_ltrim(struct slice s)
{
	while (s.n > 0 && slice_space(s.p[0]))
		s = slice_from(s, 1);
	return s;
}

static inline struct slice slice_trim(struct slice s)
{
	s = slice_ltrim(s);
	while (s.n > 0 && slice_space(s.p[s.n - 1]))
		s.n--;
	return s;
}

/** Where is @p c? @return its index, or the length when it is not there */
static inline size_t slice_find(struct slice s, char c)
{
	const char *at = s.n > 0 ? memchr(s.p, c, s.n) : NULL;

	return at ? (size_t)(at - s.p) : s.n;
}

/**
 * Read decimal digits, all of @p s.
 * @return false when it is empty, has another character or exceeds @p max
 */
static inline bool slice_number(struct slice s, uint32_t max, uint32_t *value)
{
	uint64_t v = 0;

	if (s.n == 0)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		v = v * 10 + (uint64_t)(s.p[i] - '0');
		if (v > max)
			return false;
	}
	*value = (uint32_t)v;
	return true;
}

#endif
