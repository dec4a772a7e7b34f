/*
 * index.h - who is registered in a domain: `aors:<domain>`
 *
 * Written behind the bindings: the index tells people and the API who is there,
 * no call asks it, and the next REGISTER of a phone writes it again should it be
 * lost. It is not in the script because a script of two keys could not run on
 * Redis Cluster.
 */
#ifndef REGISTRAR_ADAPTERS_INDEX_H
#define REGISTRAR_ADAPTERS_INDEX_H

#include <stdbool.h>
#include <stdint.h>

struct redis;

/**
 * @param aor     "user@domain"
 * @param end_ms  when its last binding ends, unix [ms]; 0: it has none
 * @param at_least another registrar may know of a later end: that one stays
 */
void index_write(struct redis *redis, const char *aor, uint64_t end_ms,
                 bool at_least);

#endif
