/*
 * tenants.h - the configuration of the installation, in memory
 *
 * Accounts, domains, access lists, numbers and carriers are read whole from
 * Redis at start; then what changes is read with each new `config:version`
 * (published on the channel `config`, and polled every five seconds), by the log
 * `config:changes`, and all of it where that log does not tell. The last known
 * state stands while Redis is away, or empty. Credentials are many and are asked for one by
 * one (store/credential.h).
 *
 * Everything returned is borrowed until the handler that asked returns.
 */
#ifndef STORE_TENANTS_H
#define STORE_TENANTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "numbering/rate.h"

struct log;
struct loop;
struct redis;
struct snapshot;
struct tenants;

enum { TENANT_LISTS_MAX = 100 }; /* lists mapped to one domain */

/** Realm that carriers sign in with, whichever name or address of ours they
 *  dial: their HA1 is made with it when the configuration is loaded. */
#define TENANTS_CARRIER_REALM "carrier"

struct account {
	const char *realm;      /**< that its users sign for; "" = the domain */
	const char *sid;        /**< AC… */
	const char *owner;      /**< AC… whose subaccount it is; "" = none */
	const char *auth_token; /**< signs webhooks; never logged */
	const char *rates;      /**< name of its table of rates; "" = default */
	bool active;
	bool trial;         /**< may call and show verified numbers only */
	uint32_t calls_max; /**< parent calls at a time; 0 = any number */
	uint32_t calls_per_second; /**< that the API places; 0 = any number */
	bool any_caller; /**< may show any number to the phone network */
};

/** What calls cost */
struct rate_table {
	const char *currency; /**< "USD" (ISO 4217) */
	const struct rate *rates;
	size_t n;
};

/** Where to ask what to do: of a domain or a number */
struct voice {
	const char *url; /**< "" = none */
	const char *method;
	const char *fallback_url;
	const char *fallback_method;
	const char *status_callback_url;
	const char *status_callback_method;
};

struct domain {
	const char *sid;   /**< SD… */
	const char *name;  /**< lower case */
	const char *realm; /**< that its users sign for, when the account has
	                    *   none; "" = the name */
	const char *account_sid;
	struct voice voice;
	bool registration; /**< phones may register */
	bool secure;       /**< TLS and SRTP required */
	bool md5_only;     /**< do not offer SHA-256: old phones */
	uint32_t expires_min, expires_default, expires_max; /**< [s] */
	const char *default_caller_id;                      /**< "" or +E.164 */
	bool emergency; /**< emergency numbers may be called from it */
	const char *emergency_caller_sid; /**< PN… that is shown then; "" */
	size_t n_registration_lists, n_call_lists, n_access_lists;
	const char *const *registration_lists; /**< CL… that may register */
	const char *const *call_lists;         /**< CL… that may call     */
	const char *const *access_lists;       /**< AL… that may call     */
};

struct number {
	const char *sid;    /**< PN… */
	const char *number; /**< +E.164 */
	const char *account_sid;
	struct voice voice; /**< its application's, when it has one */
};

struct carrier_target {
	const char *uri;      /**< "sip:host:port;transport=tcp" */
	uint32_t priority;    /**< lower first (RFC 3263 way)    */
	uint32_t weight;      /**< share among equal priorities  */
	const char *username; /**< digest; "" = none             */
	const char *password; /**< never logged                  */
};

struct carrier {
	const char *sid; /**< BY… */
	const char *name;
	const char
		*account_sid; /**< "" = serves all accounts, else this one and
	                          *   its subaccounts */
	const char *prefixes; /**< "+1 +44" it takes; "" = all numbers */
	uint32_t priority;    /**< among carriers, lower first */
	bool strip_plus;      /**< outbound numbers without the + */
	const char *prefix;   /**< put before outbound numbers, "" = none */
	const char
		*country; /**< calling code "1" for inbound national numbers */
	const char *host; /**< host of the From towards it, "" = ours */
	const char *username; /**< inbound digest; "" = by address only */
	const char *ha1_md5;  /**< of that user, hex; never logged */
	const char *ha1_sha256;
	bool md5_only; /**< SHA-256 is not offered where it may sign in */
	bool any_media_source;
	bool emergency; /**< takes emergency numbers, too, as they are dialled */
	size_t n_targets;
	const struct carrier_target *targets;
};

/**
 * @param instance of this process, borrowed: who has read which version is in
 *                 `config:seen` and told on the channel `config-seen`, so that
 *                 the API can answer when a change is in force everywhere
 * @return 0 or ENOMEM
 */
int tenants_alloc(struct tenants **tp, struct loop *loop, struct redis *redis,
                  const struct log *log, const char *instance);
void tenants_free(struct tenants *t);
bool tenants_ready(const struct tenants *t); /**< was read once */

/** Is there no configuration in Redis, or none any more? What was known stands;
 *  that something is missing from it means nothing. Seen within five seconds. */
bool tenants_lost(const struct tenants *t);

/** All of it, for store/rules.h; NULL before it was read once. */
const struct snapshot *tenants_snapshot(const struct tenants *t);

const struct account *tenants_account(const struct tenants *t, const char *sid);
const struct domain *tenants_domain(const struct tenants *t, const char *name);
const struct domain *tenants_domain_by_sid(const struct tenants *t,
                                           const char *sid);
const struct number *tenants_number(const struct tenants *t, const char *e164);
const struct number *tenants_number_by_sid(const struct tenants *t,
                                           const char *sid);
const struct carrier *tenants_carrier(const struct tenants *t, const char *sid);

/** Does this carrier take calls of and for this account? One of an account serves
 *  its subaccounts, too. */
bool tenants_carrier_serves(const struct tenants *t, const struct carrier *c,
                            const char *account_sid);

/** The carrier whose configured source addresses contain @p ip, or NULL. */
const struct carrier *tenants_carrier_by_source(const struct tenants *t,
                                                const char *ip);
/** Is @p ip an address of this carrier (BY…): one of its sources, or what a target
 *  of it names by number? */
bool tenants_carrier_has(const struct tenants *t, const char *sid,
                         const char *ip);
/** The carrier that signs in with this name, or NULL. */
const struct carrier *tenants_carrier_by_username(const struct tenants *t,
                                                  const char *username);
/** The n-th carrier, in order of priority; NULL past the last. */
const struct carrier *tenants_carrier_nth(const struct tenants *t, size_t n);

/** What calls of this account cost: by its own table, else by the one named
 *  `default`; NULL = nobody says. */
const struct rate_table *tenants_rates(const struct tenants *t,
                                       const char *account_sid);

/** Does this access list (AL…) contain @p ip? */
bool tenants_access_list_has(const struct tenants *t, const char *sid,
                             const char *ip);

#endif
