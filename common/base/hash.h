/*
 * hash.h - table from string keys to intrusive entries; grows by itself
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

struct hash_entry {
	struct hash_entry *next;
	const char *key; /**< borrowed: lives in the object that embeds this */
	uint64_t sum;
};

struct hash {
	struct hash_entry **slots;
	size_t n_slots; /**< a power of two */
	size_t n;
};

int hash_init(struct hash *h);   /**< @return 0 or ENOMEM */
void hash_close(struct hash *h); /**< entries are the caller's to free */
void hash_add(struct hash *h, struct hash_entry *e, const char *key);
struct hash_entry *hash_find(const struct hash *h, const char *key);
void hash_remove(struct hash *h, struct hash_entry *e);

/** Iterate; the entry that came last may be removed between two calls. */
struct hash_iter {
	const struct hash *h;
	size_t slot;
	struct hash_entry *next;
};
struct hash_iter hash_iter(const struct hash *h);
struct hash_entry *hash_next(struct hash_iter *it);

/** FNV-1a, 64 bits; also what rendezvous hashing uses. */
uint64_t hash_bytes(const void *p, size_t n, uint64_t seed);
/** The same for a place in a table of any size: its low bits alone depend on the
 *  low bits of the bytes only. */
uint64_t hash_folded(const void *p, size_t n, uint64_t seed);

#define hash_object(entry, type, member)                                       \
	((type *)(void *)((char *)(entry)-offsetof(type, member)))

#endif
