/*
 * change.h - a change of the configuration: conditions, then commands of Redis
 *
 * All of it happens, or, when a condition does not hold, nothing. A change ends
 * with a new config:version that every process hears of, unless it says that
 * nobody needs to.
 *
 * Pure: no I/O. The words are given to one script (adapters/records.h).
 */
#ifndef API_CORE_CHANGE_H
#define API_CORE_CHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fields;

struct change_words {
	char **v;
	size_t n, cap;
};

/** Zero-initialise it. */
struct change {
	struct change_words conditions, commands;
	bool failed; /**< out of memory */
	bool quiet;  /**< does not concern the other processes */
};

void change_close(struct change *c);

/* Conditions: looked at before any command, wherever they are said. @p code is the result when it fails. */
void change_absent(struct change *c, const char *key, uint32_t code);
void change_present(struct change *c, const char *key, uint32_t code);
/** A sorted set has fewer than @p max members */
void change_fewer(struct change *c, const char *key, size_t max, uint32_t code);
/** The field of a hash is still this; "" = it is not there */
void change_same(struct change *c, const char *key, const char *field,
                 const char *value, uint32_t code);
/** A field that holds words does not hold this one */
void change_without(struct change *c, const char *key, const char *field,
                    const char *word, uint32_t code);

/** A command; its words end with NULL */
void change_run(struct change *c, const char *command, ...)
	__attribute__((sentinel));
/** Delete all whose sids are in this sorted set, by what `sids:{AC…}` says of
 *  them, and the sorted set; the last parts of their keys leave @p set, "" = none */
void change_sweep(struct change *c, const char *index, const char *sids,
                  const char *set);
/** Of all whose sids are in this sorted set: empty the field where it is this */
void change_clear(struct change *c, const char *index, const char *sids,
                  const char *field, const char *value);
/** In a field that holds words, replace one by another; "" = take none out, put
 *  none in */
void change_words_of(struct change *c, const char *key, const char *field,
                     const char *old, const char *now);
/** HSET with all of these fields; nothing when there are none */
void change_hset(struct change *c, const char *key, const struct fields *f);

#endif
