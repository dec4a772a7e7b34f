/*
 * reseal.h - seal the secrets that Redis holds, with the key of now
 */
#ifndef CLI_ADAPTERS_RESEAL_H
#define CLI_ADAPTERS_RESEAL_H

#include <stddef.h>

struct store;

/**
 * Seal all secrets of the configuration anew: plain ones, and those of the old
 * key. Without a key they are opened. A value that others change at this moment
 * is left to them: they have the new key already.
 *
 * @param n values that were written
 * @return 0, ENOTCONN, EACCES (no key of ours opens one; those before it are
 *         written) or ENOMEM
 */
int reseal(struct store *s, size_t *n);

#endif
