/*
 * records_seal.h - secrets in what the API writes to Redis
 */
#ifndef API_ADAPTERS_RECORDS_SEAL_H
#define API_ADAPTERS_RECORDS_SEAL_H

#include <stddef.h>

struct seal;

/**
 * Seal the secrets in the commands of a change (core/change.h), in place.
 *
 * @param words its words
 * @param kept  @p n places, NULL, for the sealed texts: free them afterwards
 * @return as seal_text() of store/seal.h
 */
int records_seal(const struct seal *s, const char **words, size_t n,
                 char **kept);

#endif
