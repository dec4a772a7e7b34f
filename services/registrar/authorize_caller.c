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
#include <string.h>
#include <strings.h>

#include "app.h"
#include "core/uri.h"
#include "store/credential.h"
#include "store/rules.h"
#include "store/tenants.h"

/* RFC 3261 19.1.2: what may not stand in a user part is escaped. */
static void write_user(const char *user, char out[AUTHORIZING_CALLER_SIZE])
{
	static const char hex[] = "0123456789ABCDEF";
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789-_.!~*'()&=+$,";
	size_t n = 0;

	for (; *user && n + 4 <= AUTHORIZING_CALLER_SIZE; user++) {
		unsigned char c = (unsigned char)*user;

		if (strchr(plain, *user)) {
			out[n++] = *user;
			continue;
		}
		out[n++] = '%';
		out[n++] = hex[c >> 4];
		out[n++] = hex[c & 15];
	}
	out[n] = '\0';
}

static void let_in(struct authorizing *z, const struct domain *d,
                   const char *caller)
{
	char written[AUTHORIZING_CALLER_SIZE];

	write_user(caller, written);
	authorizing_user(z, d, z->username, written);
}

static void from_user(const struct authorizing *z,
                      char out[CREDENTIAL_USERNAME_MAX + 1])
{
	struct uri from;

	if (!uri_parse(&from, z->req->from_uri) ||
	    uri_unescape(from.user, out, CREDENTIAL_USERNAME_MAX + 1) == 0)
		out[0] = '\0';
}

static void ask_users(struct authorizing *z, const struct domain *d);

static void on_other(void *arg, int err, const struct credential *c)
{
	struct authorizing *z = arg;
	const struct domain *d = tenants_domain(z->app->tenants, z->host);
	char from[CREDENTIAL_USERNAME_MAX + 1];

	from_user(z, from);
	if (!d) {
		authorizing_reject(z, REJECT_NO_DOMAIN, NULL);
	} else if (err || c->found) {
		let_in(z, d, z->username);
	} else if (!z->registering && d->n_registration_lists) {
		z->registering = true;
		ask_users(z, d);
	} else {
		let_in(z, d, from);
	}
}

/* Has another user that name? Those who may call are asked first, then those who
 * may register. */
static void ask_users(struct authorizing *z, const struct domain *d)
{
	char from[CREDENTIAL_USERNAME_MAX + 1];
	struct credential_query query = {d->call_lists, d->n_call_lists,
	                                 z->realm, from};

	from_user(z, from);
	if (z->registering) {
		query.lists = d->registration_lists;
		query.n_lists = d->n_registration_lists;
	}
	credentials_find(z->app->credentials, &query, on_other, z);
}

void authorizing_phone(struct authorizing *z, const struct domain *d,
                       const char *username)
{
	char from[CREDENTIAL_USERNAME_MAX + 1];

	(void)snprintf(z->username, sizeof(z->username), "%s", username);
	from_user(z, from);
	if (strcasecmp(from, username) == 0 ||
	    strcasecmp(from, "anonymous") == 0)
		let_in(z, d, from);
	else if (rules_number_sid(tenants_snapshot(z->app->tenants),
	                          d->account_sid, from))
		ask_users(z, d);
	else
		let_in(z, d, username);
}
