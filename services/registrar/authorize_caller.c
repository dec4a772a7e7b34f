/*
 * authorize_caller.c - as whom does a phone that signed in call?
 *
 *   From user is its user name, or anonymous ──────────────── so
 *   a number of the account that is no other user's name ──── so (a PBX)
 *   anything else ─────────────────────────────────────────── its user name
 *
 * A From is no proof: without this, a user with any password could call in the
 * name of another one (RFC 3325 section 4 leaves it to us).
 */
#include "authorizing.h"

#include <stdio.h>
#include <strings.h>

#include "app.h"
#include "base/percent.h"
#include "store/credential.h"
#include "store/rules.h"
#include "store/tenants.h"

static void let_in(struct authorizing *z, const struct domain *d,
                   const char *caller)
{
	char written[AUTHORIZING_CALLER_SIZE];

	percent_user(caller, written, sizeof(written));
	authorizing_user(z, d, z->username, written);
}

static void ask_users(struct authorizing *z, const struct domain *d);

static void on_other(void *arg, int err, const struct credential *c)
{
	struct authorizing *z = arg;
	const struct domain *d = tenants_domain(z->app->tenants, z->host);

	if (!d) {
		authorizing_reject(z, REJECT_NO_DOMAIN, NULL);
	} else if (err || c->found) {
		let_in(z, d, z->username);
	} else if (!z->registering && d->n_registration_lists) {
		z->registering = true;
		ask_users(z, d);
	} else {
		let_in(z, d, z->from_user);
	}
}

/* Has another user that name? Those who may call are asked first, then those who
 * may register. */
static void ask_users(struct authorizing *z, const struct domain *d)
{
	struct credential_query query = {d->call_lists, d->n_call_lists,
	                                 z->realm, z->from_user};

	if (z->registering) {
		query.lists = d->registration_lists;
		query.n_lists = d->n_registration_lists;
	}
	credentials_find(z->app->credentials, &query, on_other, z);
}

void authorizing_phone(struct authorizing *z, const struct domain *d,
                       const char *username)
{
	const char *from = z->from_user;

	(void)snprintf(z->username, sizeof(z->username), "%s", username);
	authorizing_from_user(z, z->from_user);
	if (strcasecmp(from, username) == 0 ||
	    strcasecmp(from, "anonymous") == 0)
		let_in(z, d, from);
	else if (rules_number_sid(tenants_snapshot(z->app->tenants),
	                          d->account_sid, from))
		ask_users(z, d);
	else
		let_in(z, d, username);
}
