/*
 * rules.c - whom an account may call, and whom it may show as the caller
 */
#include "store/rules.h"

#include <stddef.h>
#include <string.h>

#include "numbering/country.h"
#include "store/snapshot.h"
#include "store/value.h"

const char *rules_number_sid(const struct snapshot *s, const char *account_sid,
                             const char *number)
{
	const struct number *n = s ? snapshot_number(s, number) : NULL;

	if (n && strcmp(n->account_sid, account_sid) == 0)
		return n->sid;
	return s ? snapshot_caller_id(s, account_sid, number) : NULL;
}

static bool owns(const struct snapshot *s, const char *account_sid,
                 const char *number)
{
	return rules_number_sid(s, account_sid, number) != NULL;
}

static const struct account *owner_of(const struct snapshot *s,
                                      const struct account *a)
{
	return a && *a->owner ? snapshot_account(s, a->owner) : NULL;
}

/* What an account has to obey, its subaccounts have to. */
static bool is_trial(const struct snapshot *s, const struct account *a)
{
	const struct account *owner = owner_of(s, a);

	return (a && a->trial) || (owner && owner->trial);
}

enum rule rules_number(const struct snapshot *s, const char *account_sid,
                       const char *e164, const char *defaults)
{
	const struct account *a = s ? snapshot_account(s, account_sid) : NULL;

	if (!s)
		return RULE_CLOSED;
	if (!country_of(e164, NULL) && strcmp(defaults, COUNTRY_ANY) != 0)
		return RULE_NO_COUNTRY;
	if (!snapshot_may_dial(s, account_sid, e164, defaults))
		return RULE_CLOSED;
	if (is_trial(s, a) && !owns(s, account_sid, e164))
		return RULE_TRIAL;
	return RULE_OPEN;
}

bool rules_caller(const struct snapshot *s, const char *account_sid,
                  const char *caller)
{
	const struct account *a = s ? snapshot_account(s, account_sid) : NULL;

	if (!s)
		return false;
	if (a && a->any_caller && !is_trial(s, a))
		return !value_e164(caller) &&
		       strlen(caller) > RULES_CALLER_DIGITS_MIN;
	return owns(s, account_sid, caller);
}

/* What is shown, best first: the number that was set for this, the caller itself,
 * the default of the domain. A name is better than no call. */
static const char *emergency_caller(const struct snapshot *s,
                                    const char *account_sid,
                                    const struct domain *d, const char *caller)
{
	const struct number *n =
		snapshot_number_by_sid(s, d->emergency_caller_sid);

	if (n && strcmp(n->account_sid, account_sid) == 0)
		return n->number;
	if (*d->default_caller_id && !rules_caller(s, account_sid, caller))
		return d->default_caller_id;
	return caller;
}

enum rule rules_emergency(const struct snapshot *s, const char *account_sid,
                          const char *domain, const char *dialled,
                          const char *caller, struct rules_emergency *out)
{
	const struct domain *d = NULL;
	const struct country *country;

	if (s && *domain)
		d = snapshot_domain(s, domain);
	else if (s)
		d = snapshot_emergency_domain(s, account_sid);
	out->caller = d ? emergency_caller(s, account_sid, d, caller) : caller;
	country =
		value_e164(out->caller) ? NULL : country_of(out->caller, NULL);
	if (!emergency_find(dialled, country ? country->iso : "", out->number))
		return RULE_NO_EMERGENCY;
	return d && d->emergency ? RULE_OPEN : RULE_EMERGENCY_OFF;
}

bool rules_emergency_carrier(const struct snapshot *s, const char *account_sid)
{
	const struct account *a = s ? snapshot_account(s, account_sid) : NULL;
	const struct carrier *c;

	for (size_t i = 0; a && (c = snapshot_carrier_nth(s, i)); i++)
		if (c->emergency && c->n_targets &&
		    (!*c->account_sid ||
		     strcmp(c->account_sid, account_sid) == 0 ||
		     strcmp(c->account_sid, a->owner) == 0))
			return true;
	return false;
}

/* Of two limits the one that stands; 0 = none */
static uint32_t lower(uint32_t a, uint32_t b)
{
	return !a || (b && b < a) ? b : a;
}

bool rules_trial(const struct snapshot *s, const char *account_sid)
{
	return s && is_trial(s, snapshot_account(s, account_sid));
}

uint32_t rules_calls_max(const struct snapshot *s, const char *account_sid)
{
	const struct account *a = s ? snapshot_account(s, account_sid) : NULL;
	const struct account *owner = owner_of(s, a);

	if (!a)
		return 0;
	return lower(lower(a->calls_max, owner ? owner->calls_max : 0),
	             is_trial(s, a) ? RULES_TRIAL_CALLS_MAX : 0);
}

uint32_t rules_calls_per_second(const struct snapshot *s,
                                const char *account_sid)
{
	const struct account *a = s ? snapshot_account(s, account_sid) : NULL;
	const struct account *owner = owner_of(s, a);

	return a ? lower(a->calls_per_second,
	                 owner ? owner->calls_per_second : 0)
	         : 0;
}

uint32_t rules_call_s(const struct snapshot *s, const char *account_sid)
{
	return rules_trial(s, account_sid) ? RULES_TRIAL_CALL_S : 0;
}
