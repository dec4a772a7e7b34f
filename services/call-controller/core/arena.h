/*
 * arena.h - strings and arrays that are freed together
 */
#ifndef CC_CORE_ARENA_H
#define CC_CORE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct arena_block;

/** Zero-initialise it */
struct arena {
	struct arena_block *blocks; /* the first is the one being filled */
	bool failed;                /**< memory ran out since the last reset */
};

/**
 * @return @p n zeroed bytes, aligned for any object; NULL when memory ran
 *         out (@p a fails then)
 */
void *arena_alloc(struct arena *a, size_t n);

/** Copy or format a string. Never NULL: "" when memory ran out. */
const char *arena_str(struct arena *a, const char *s);
const char *arena_strn(struct arena *a, const char *s, size_t n);
const char *arena_join(struct arena *a, const char *first, const char *second);
const char *arena_number(struct arena *a, unsigned long long value);
__attribute__((format(printf, 2, 3))) const char *arena_printf(struct arena *a,
                                                               const char *fmt,
                                                               ...);

void arena_reset(struct arena *a); /**< forget all, keep one block */
void arena_close(struct arena *a);

#endif
