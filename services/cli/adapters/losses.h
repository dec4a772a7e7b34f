/*
 * losses.h - what a file is about to take away that no file has given
 *
 * All that a load writes has one date; what the API made or changed since then
 * has another.
 */
#ifndef CLI_ADAPTERS_LOSSES_H
#define CLI_ADAPTERS_LOSSES_H

#include <stddef.h>
#include <stdio.h>

#include "core/model.h"

struct store;

enum { LOSSES_SHOWN = 20 }; /* of each kind; of the others only the number */

struct losses_list {
	char *v[LOSSES_SHOWN]; /**< owned: "application:AP… (Menu)" */
	size_t n; /**< of all; those behind the last are not in v */
};

/** Zero-initialise it. */
struct losses {
	struct losses_list removed;  /**< not in the file */
	struct losses_list put_back; /**< changed by the API, and in the file */
};

/**
 * Compare what Redis has with @p m. Where no date of a load is known, all that
 * is not in the file counts as removed.
 * @return 0, ENOMEM, or ENOTCONN with store_problem()
 */
int losses_find(struct store *s, const struct model *m, struct losses *l);
void losses_print(const struct losses *l, const char *path, FILE *out);
void losses_close(struct losses *l);

#endif
