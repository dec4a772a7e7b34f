/*
 * arena.c - strings and arrays that are freed together
 *
 * Pure: nothing but malloc.
 */
#include "arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"

enum { BLOCK_MIN = 1024, BLOCK_MAX = 65536 };
enum { ALIGN = 16 };

struct arena_block {
	struct arena_block *next;
	size_t used, size;
	_Alignas(ALIGN) unsigned char bytes[];
};

static struct arena_block *grow(struct arena *a, size_t n)
{
	size_t size = a->blocks ? a->blocks->size * 2 : BLOCK_MIN;
	struct arena_block *block;

	if (size > BLOCK_MAX)
		size = BLOCK_MAX;
	if (size < n)
		size = n;
	block = malloc(sizeof(*block) + size);
	if (!block) {
		a->failed = true;
		return NULL;
	}
	block->used = 0;
	block->size = size;
	block->next = a->blocks;
	a->blocks = block;
	return block;
}

static void *take(struct arena *a, size_t n, size_t align)
{
	struct arena_block *block = a->blocks;
	size_t at = 0;

	if (block)
		at = (block->used + align - 1) / align * align;
	if (!block || at > block->size || block->size - at < n) {
		block = grow(a, n);
		if (!block)
			return NULL;
		at = 0;
	}
	block->used = at + n;
	return block->bytes + at;
}

void *arena_alloc(struct arena *a, size_t n)
{
	void *p = take(a, n, ALIGN);

	if (p)
		memset(p, 0, n);
	return p;
}

const char *arena_strn(struct arena *a, const char *s, size_t n)
{
	char *copy;

	if (n == 0)
		return "";
	copy = take(a, n + 1, 1);
	if (!copy)
		return "";
	memcpy(copy, s, n);
	copy[n] = '\0';
	return copy;
}

const char *arena_str(struct arena *a, const char *s)
{
	return arena_strn(a, s, strlen(s));
}

const char *arena_join(struct arena *a, const char *first, const char *second)
{
	char *text = take(a, strlen(first) + strlen(second) + 1, 1);

	if (!text)
		return "";
	(void)stpcpy(stpcpy(text, first), second);
	return text;
}

const char *arena_number(struct arena *a, unsigned long long value)
{
	char room[DECIMAL_SIZE];
	size_t n;
	const char *digits = decimal_digits(value, room, &n);

	return arena_strn(a, digits, n);
}

const char *arena_printf(struct arena *a, const char *fmt, ...)
{
	struct arena_block *block = a->blocks;
	char *text = block ? (char *)block->bytes + block->used : NULL;
	size_t room = block ? block->size - block->used : 0;
	va_list ap, again;
	int n;

	/* Mostly it fits where the next bytes are taken from. */
	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(text, room, fmt, ap);
	va_end(ap);
	text = n < 0 ? NULL : take(a, (size_t)n + 1, 1);
	if (text && (size_t)n >= room)
		(void)vsnprintf(text, (size_t)n + 1, fmt, again);
	va_end(again);
	return text ? text : "";
}

void arena_reset(struct arena *a)
{
	struct arena_block *keep = a->blocks; /* the newest: the largest */
	struct arena rest = {keep ? keep->next : NULL, false};

	arena_close(&rest);
	if (keep) {
		keep->next = NULL;
		keep->used = 0;
	}
	a->failed = false;
}

void arena_close(struct arena *a)
{
	while (a->blocks) {
		struct arena_block *next = a->blocks->next;

		free(a->blocks);
		a->blocks = next;
	}
	a->failed = false;
}
