/*
 * snapshot.h - the configuration as it was read once: built, then only read
 *
 * Pure: records come in as names and values, whoever read them.
 */
#ifndef STORE_SNAPSHOT_H
#define STORE_SNAPSHOT_H

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

/**
 * Take in one record; copies what it needs.
 *
 * @return 0, ENOMEM, or EINVAL (it has no name or a field makes no sense; the
 *         record is left out, the others stand)
 */
int snapshot_add(struct snapshot *s, enum family family,
                 const struct record *record);

/** After the last record: puts carriers in order, applications in force. */
void snapshot_finish(struct snapshot *s);

const struct account *snapshot_account(const struct snapshot *s,
                                       const char *sid);
const struct domain *snapshot_domain(const struct snapshot *s,
                                     const char *name);
const struct domain *snapshot_domain_by_sid(const struct snapshot *s,
                                            const char *sid);
const struct number *snapshot_number(const struct snapshot *s,
                                     const char *e164);
const struct carrier *snapshot_carrier_nth(const struct snapshot *s, size_t n);
bool snapshot_carrier_has(const struct snapshot *s, const char *sid,
                          const struct cidr_address *ip);
const struct carrier *snapshot_carrier_by_source(const struct snapshot *s,
                                                 const struct cidr_address *ip);
/** As tenants_caller_id() */
bool snapshot_caller_id(const struct snapshot *s, const char *account_sid,
                        const char *e164);
/** As tenants_rates() */
const struct rate_table *snapshot_rates(const struct snapshot *s,
                                        const char *account_sid);
/** As tenants_may_dial() */
bool snapshot_may_dial(const struct snapshot *s, const char *account_sid,
                       const char *e164, const char *defaults);
bool snapshot_access_list_has(const struct snapshot *s, const char *sid,
                              const struct cidr_address *ip);

#endif
