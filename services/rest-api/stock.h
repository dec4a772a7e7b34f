/*
 * stock.h - what carriers bring: numbers that an account can take
 *
 * An account takes from its own carriers, from its owner's, and from those that
 * serve everybody. A number is free as long as no account has it.
 */
#ifndef API_STOCK_H
#define API_STOCK_H

#include <stddef.h>

#include "core/inventory.h"

struct ask;

enum { STOCK_FOUND_MAX = 1000 }; /* numbers of one search */

/** Of a carrier; all borrowed */
struct stock_carrier {
	const char *sid, *account_sid;
	const char *sources;  /**< CIDRs separated by blanks */
	const char *username; /**< that it signs in with, "" = none */
	const char *numbers;  /**< ranges separated by blanks */
};

/** Calls @p next, later, with all carriers of the installation; or answers with an
 *  error. */
typedef void stock_carriers_h(struct ask *q, const struct stock_carrier *v,
                              size_t n);
void stock_carriers(struct ask *q, stock_carriers_h *next);

/** Calls @p next, later, with what q's account can take from; or answers. */
typedef void stock_h(struct ask *q, const struct inventory *inventory);
void stock(struct ask *q, stock_h *next);

/** Free numbers in the order of the ranges */
struct stock_found {
	char v[STOCK_FOUND_MAX][NUMBER_SIZE_MAX];
	size_t n;
};

/** Calls @p next, later, with at most @p want of them that fit; or answers.
 *  @param filter what it points to stays until then */
typedef void stock_found_h(struct ask *q, const struct stock_found *found);
void stock_find(struct ask *q, const struct inventory_filter *filter,
                size_t want, stock_found_h *next);

#endif
