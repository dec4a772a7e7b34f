/*
 * guard.h - how often did this source do wrong lately? A bounded memory
 *
 * Keys are hashes of what is counted (an address, an address and a user). A
 * set of four holds the keys of one slot; the one that began first
 * makes room, so that no flood of keys makes it grow.
 */
#ifndef BASE_GUARD_H
#define BASE_GUARD_H

#include <stddef.h>
#include <stdint.h>

struct guard;

enum { GUARD_KEYS_MAX = 16384 }; /* 24 bytes each */

/**
 * @param keys      kept at most, a power of two, at least 4
 * @param window_ms a count starts anew so long after its first event [ms]
 * @return 0 or ENOMEM
 */
int guard_alloc(struct guard **gp, size_t keys, uint64_t window_ms);
void guard_free(struct guard *g); /**< NULL is a no-op */

/** Count one event. @return how many there were in this window, 1 or more */
uint32_t guard_count(struct guard *g, uint64_t key, uint64_t now_ms);

/** @return how many there were in this window */
uint32_t guard_seen(const struct guard *g, uint64_t key, uint64_t now_ms);

/** Take one event back, if there was any. */
void guard_uncount(struct guard *g, uint64_t key);

/** Forget a key: it did well. */
void guard_forget(struct guard *g, uint64_t key);

#endif
