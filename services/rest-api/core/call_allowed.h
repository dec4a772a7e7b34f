/*
 * call_allowed.h - may the API place this call? (contract 6.4, 9.3, 9.4)
 *
 * Answered before anything is placed. A call-controller goes by the same rules
 * (store/rules.h) once more when it dials.
 *
 * Pure: no I/O.
 */
#ifndef API_CORE_CALL_ALLOWED_H
#define API_CORE_CALL_ALLOWED_H

#include <stdbool.h>

#include "params.h"

struct snapshot;

/** Who calls whom; no string is NULL */
struct call_parties {
	const char *account_sid;
	const char *from; /**< +E.164, or a name where `to` is a SIP URI  */
	const char *to;   /**< +E.164, SIP URI, or an emergency number    */
	const char
		*caller_id; /**< shown in the place of `from`; "" = none    */
	bool over_carrier;  /**< even to a number of this installation      */
};

bool call_is_sip(const char *to);

struct fields;
/**
 * Take them out of a draft's fields `to`, `from`, `caller_id` and `carrier`, where
 * numbers that people wrote ("+1 (415) 555-0100") become +E.164.
 *
 * @param out all but account_sid, borrowed of @p draft
 */
void call_parties_read(struct fields *draft, struct call_parties *out);

/** Is each a number, a name or a URI, as it must be? @return true, or false and
 *  @p error: 21211, 21212 */
bool call_parties_fit(const struct call_parties *p, struct param_error *error);

/**
 * @param dialing countries that are open by default (TRESTLE_DIALING)
 * @return true, or false and @p error: 21210, 21211, 21215, 21216, 21219
 */
bool call_allowed(const struct snapshot *s, const struct call_parties *p,
                  const char *dialing, struct param_error *error);

#endif
