/*
 * rules.h - whom an account may call, and whom it may show as the caller
 *
 * Contract 1.9, 4.8, 9.3, 9.4: of every call to the phone network, whether a document
 * dials it or the API places it. Pure: decided by the configuration in memory
 * (tenants_snapshot()), which may be NULL before it was read: then nothing is open.
 */
#ifndef STORE_RULES_H
#define STORE_RULES_H

#include <stdbool.h>
#include <stdint.h>

#include "numbering/emergency.h"

struct account;
struct snapshot;

enum { RULES_CALLER_DIGITS_MIN = 7 }; /* of any number that may be shown */
enum { RULES_TRIAL_CALLS_MAX = 5 };   /* contract 9.3: at a time */
enum { RULES_TRIAL_CALL_S = 600 };    /* contract 9.3: ten minutes, 13805 */

enum rule {
	RULE_OPEN,       /**< it may                                       */
	RULE_NO_COUNTRY, /**< the number is of no country: 13226, 21211    */
	RULE_CLOSED, /**< country or kind is not open: 13227, 21215        */
	RULE_TRIAL,  /**< a trial account, not verified: 32100, 21219      */
	RULE_NO_EMERGENCY, /**< that is no emergency number where the caller
	                    *   is: 13223, 21211                           */
	RULE_EMERGENCY_OFF /**< emergency calls are not switched on: 13224,
	                    *   21216                                      */
};

/**
 * May the account call this number of the phone network?
 *
 * @param e164     "+442071838750"; not one of its own installation
 * @param defaults countries that are open to it when it says nothing
 *                 (TRESTLE_DIALING, numbering/country.h)
 * @return RULE_OPEN, _NO_COUNTRY, _CLOSED or _TRIAL
 */
enum rule rules_number(const struct snapshot *s, const char *account_sid,
                       const char *e164, const char *defaults);

/** May it show this caller to the phone network: a number of its own, one that
 *  it verified, or with the policy `any` every number? */
bool rules_caller(const struct snapshot *s, const char *account_sid,
                  const char *caller);

/** A number of the account, or one that it verified: its sid, PN…; NULL = it is
 *  neither. Borrowed of @p s. */
const char *rules_number_sid(const struct snapshot *s, const char *account_sid,
                             const char *number);

/** An emergency call as it is to be made */
struct rules_emergency {
	char number[EMERGENCY_SIZE]; /**< "911"                             */
	const char *caller; /**< +E.164, to be shown whatever else was to be;
	                     *   borrowed of @p s, or @p caller */
};

/**
 * May the account call this emergency number? No other rule holds for it: no
 * country, no trial, no caller id stands between a person and help.
 *
 * @param domain  SIP domain that the call came in on; "" = none, then one of the
 *                account's that has emergency calling switched on
 * @param dialled as emergency_find() takes it
 * @param caller  who is calling, +E.164 or any name
 * @return RULE_OPEN, _NO_EMERGENCY or _EMERGENCY_OFF
 */
enum rule rules_emergency(const struct snapshot *s, const char *account_sid,
                          const char *domain, const char *dialled,
                          const char *caller, struct rules_emergency *out);

/* Limits of an account. Those of its owner hold for a subaccount, too. @p s may be
 * NULL, and the account nobody's: then there are none. */

/** Is it one that only calls numbers that it verified? */
bool rules_trial(const struct snapshot *s, const char *account_sid);

/** Parent calls that the account may have at a time; 0 = any number. A call with
 *  all that it dials is one. */
uint32_t rules_calls_max(const struct snapshot *s, const char *account_sid);

/** Calls that the API may place in a second; 0 = any number */
uint32_t rules_calls_per_second(const struct snapshot *s,
                                const char *account_sid);

/** How long each of its calls may last from the answer on [s]; 0 = for ever */
uint32_t rules_call_s(const struct snapshot *s, const char *account_sid);

/** Is there a carrier for it, which has `emergency`? */
bool rules_emergency_carrier(const struct snapshot *s, const char *account_sid);

#endif
