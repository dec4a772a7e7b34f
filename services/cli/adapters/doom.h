/*
 * doom.h - keys of the configuration as it is, to be deleted with what replaces
 *          them
 *
 * All that an account has is named in its hash `sids:{AC…}`, whoever made it.
 */
#ifndef CLI_ADAPTERS_DOOM_H
#define CLI_ADAPTERS_DOOM_H

#include <stddef.h>

struct store;

/** Zero-initialise it. */
struct doom {
	char **v; /**< keys */
	size_t n, cap;
};

/** @return 0, ENOMEM, or ENOTCONN with store_problem() */
int doom_all(struct store *s, struct doom *d);
void doom_close(struct doom *d);

#endif
