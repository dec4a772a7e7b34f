/*
 * rules.c - whom an account may call, and whom it may show as the caller
 *
 * Contract 1.9, 9.3, 9.4. What the configuration says is in store/tenants.h.
 */
#include "rules.h"

#include <string.h>

#include "app.h"
#include "core/e164.h"
#include "numbering/country.h"
#include "store/tenants.h"

static bool owns(const struct tenants *t, const char *account_sid,
                 const char *number)
{
	const struct number *n = tenants_number(t, number);

	return (n && strcmp(n->account_sid, account_sid) == 0) ||
	       tenants_caller_id(t, account_sid, number);
}

enum resolution rules_number(const struct app *app, const char *account_sid,
                             const char *number)
{
	const struct account *a = tenants_account(app->tenants, account_sid);
	const char *defaults = app->settings->dialing;

	if (!country_of(number, NULL) && strcmp(defaults, COUNTRY_ANY) != 0)
		return RESOLVED_NO_COUNTRY;
	if (!tenants_may_dial(app->tenants, account_sid, number, defaults))
		return RESOLVED_CLOSED;
	if (a && a->trial && !owns(app->tenants, account_sid, number))
		return RESOLVED_TRIAL;
	return RESOLVED_FAILOVER;
}

bool rules_caller(const struct app *app, const char *account_sid,
                  const char *caller)
{
	const struct account *a = tenants_account(app->tenants, account_sid);

	if (a && a->any_caller && !a->trial)
		return e164_valid(caller);
	return owns(app->tenants, account_sid, caller);
}
