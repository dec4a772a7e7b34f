/*
 * source.h - from which address a request came, where proxies are before the API
 *
 * Pure.
 */
#ifndef API_SOURCE_H
#define API_SOURCE_H

#include <stddef.h>

struct cidr_set;

enum { SOURCE_SIZE = 46 }; /* of an address as text, with its NUL */

/**
 * The last address of the way that is no proxy of ours: each proxy adds whom it
 * had a request from at the end of X-Forwarded-For, and what stands before a
 * stranger is the stranger's word.
 *
 * @param connected that the connection came from
 * @param forwarded values of X-Forwarded-For, or NULL
 */
void source_find(const struct cidr_set *proxies, const char *connected,
                 const char *forwarded, char out[SOURCE_SIZE]);

#endif
