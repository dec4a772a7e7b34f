/*
 * bins.h - where our own URLs are served: a rest-api instance that is alive
 *
 * URLs under TRESTLE_PUBLIC_URL are asked of a peer directly, by its internal
 * address; they are always allowed.
 */
#ifndef FETCHER_ADAPTERS_BINS_H
#define FETCHER_ADAPTERS_BINS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/url.h"

struct peers;

struct bins {
	struct url *origin; /**< of TRESTLE_PUBLIC_URL; owned */
};

enum { BINS_ADDRESS_MAX = 64 }; /* "ip:port", with NUL */
enum { BINS_TRIES_MAX = 16 };   /* instances asked one after another */

/** @param why set on EINVAL to a static sentence. @return 0, EINVAL, ENOMEM */
int bins_init(struct bins *b, const char *public_url, const char **why);
void bins_close(struct bins *b);

/** Is this URL served by ourselves? */
bool bins_own(const struct bins *b, const struct url *url);

/**
 * The address to connect to: the least loaded instance, and for each further
 * @p attempt (0..) another one.
 *
 * @return false: no further instance is alive
 */
bool bins_address(const struct peers *peers, unsigned attempt,
                  char out[BINS_ADDRESS_MAX]);

#endif
