/*
 * snapshot.h - the configuration as it was read; a record can be replaced
 *
 * Pure: records come in as names and values, whoever read them.
 */
#ifndef STORE_SNAPSHOT_H
#define STORE_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>

#include "store/tenants.h"

struct cidr_address;
struct snapshot;

/** The families that are held whole; their sets in Redis are named so. */
enum family {
	FAMILY_ACCOUNT,
	FAMILY_DOMAIN,
	FAMILY_ACCESS_LIST,
	FAMILY_NUMBER,
	FAMILY_CARRIER,
	FAMILY_PERMISSIONS,
	FAMILY_APPLICATION,
	FAMILY_CALLER_ID,
	FAMILY_RATES,
	FAMILY_COUNT
};

/** A hash of Redis */
struct record {
	size_t n;
	const char *const *names;
	const char *const *values;
};

enum { RECORD_FIELDS_MAX = 320 }; /* a country each, of permissions */
enum { CARRIER_TARGETS_MAX = 20, CIDRS_MAX = 100 };

int snapshot_alloc(struct snapshot **sp); /**< @return 0 or ENOMEM */
void snapshot_free(struct snapshot *s);   /**< NULL is a no-op */
/** Free @p n records of one that is not used any more, so that nobody waits long.
 *  @return whether all of it is gone, @p s too */
bool snapshot_free_some(struct snapshot *s, size_t n);

/**
 * Take in the record of this name, in place of the one that it had; copies what it
 * needs. A record without fields is none: then there is none of this name.
 *
 * What was borrowed of the one before is gone.
 *
 * @param name the last part of its key in Redis
 * @return 0, ENOMEM (the one before stands), or EINVAL (it has no name or a field
 *         makes no sense; then there is none, and the others stand)
 */
int snapshot_put(struct snapshot *s, enum family family, const char *name,
                 const struct record *record);

const struct account *snapshot_account(const struct snapshot *s,
                                       const char *sid);
const struct domain *snapshot_domain(const struct snapshot *s,
                                     const char *name);
const struct domain *snapshot_domain_by_sid(const struct snapshot *s,
                                            const char *sid);
const struct number *snapshot_number(const struct snapshot *s,
                                     const char *e164);
const struct number *snapshot_number_by_sid(const struct snapshot *s,
                                            const char *sid);
/** A domain of the account from which emergency numbers may be called, one that
 *  has a number to be shown before others; NULL = none. Looks at all domains. */
const struct domain *snapshot_emergency_domain(const struct snapshot *s,
                                               const char *account_sid);
const struct carrier *snapshot_carrier_nth(const struct snapshot *s, size_t n);
bool snapshot_carrier_has(const struct snapshot *s, const char *sid,
                          const struct cidr_address *ip);
const struct carrier *snapshot_carrier_by_source(const struct snapshot *s,
                                                 const struct cidr_address *ip);
/** The sid of this number among the verified ones of the account; NULL = it is
 *  none of them */
const char *snapshot_caller_id(const struct snapshot *s,
                               const char *account_sid, const char *e164);
/** As tenants_rates() */
const struct rate_table *snapshot_rates(const struct snapshot *s,
                                        const char *account_sid);
/** May this account call this number, by the countries and kinds of numbers that
 *  are open to it (`dialing-permissions:<AC>`), else by @p defaults
 *  (numbering/country.h)? */
bool snapshot_may_dial(const struct snapshot *s, const char *account_sid,
                       const char *e164, const char *defaults);
bool snapshot_access_list_has(const struct snapshot *s, const char *sid,
                              const struct cidr_address *ip);

#endif
