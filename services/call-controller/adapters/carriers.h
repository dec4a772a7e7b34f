/*
 * carriers.h - which carriers take a number, in which order
 */
#ifndef CC_ADAPTERS_CARRIERS_H
#define CC_ADAPTERS_CARRIERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/io.h"

struct carrier;
struct ping;
struct tenants;

enum { CARRIERS_URI_MAX = 512 };

/** One carrier target chosen for a number */
struct carriers_choice {
	const struct carrier *carrier; /**< borrowed from the tenants */
	size_t target;                 /**< index in its targets      */
	char uri[CARRIERS_URI_MAX];    /**< Request-URI               */
};

/**
 * Carriers that serve @p account_sid and take @p number (+E.164, or the number of an
 * emergency service, which those with `emergency` take), in order of priority;
 * the targets of one by priority, among equals at random by weight.
 *
 * @param only   sid of the one carrier that may be taken; "" = any
 * @param random fresh random bits
 * @return how many of @p out were filled, at most TARGETS_MAX
 */
size_t carriers_choose(const struct tenants *t, const char *account_sid,
                       const char *number, const char *only, uint64_t random,
                       struct carriers_choice out[TARGETS_MAX]);

/** Does this carrier serve the account, and have no target? "" = no carrier */
bool carriers_target_missing(const struct tenants *t, const char *account_sid,
                             const char *sid);

/** Those that do not answer go to the end; the order stays else. */
void carriers_settle(const struct ping *ping, struct carriers_choice *choices,
                     size_t n);

#endif
