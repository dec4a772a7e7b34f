/*
 * authorize_explain.c - a call that is only simulated: who would let it in?
 *
 * All that refuses a call without a password is judged as ever (authorize.c); in
 * the place of the password each list is asked whether it has the user.
 */
#include "authorizing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "base/sid.h"
#include "store/credential.h"
#include "store/tenants.h"

struct explained {
	char username[CREDENTIAL_USERNAME_MAX + 1];
	size_t at; /* of the domain's lists */
	size_t n;
	char lists[EXPLAINED_LISTS_MAX][SID_SIZE];
};

static void next_list(struct authorizing *z, const struct domain *d);

static void on_list(void *arg, int err, const struct credential *c)
{
	struct authorizing *z = arg;
	struct explained *x = z->explained;
	const struct domain *d = tenants_domain(z->app->tenants, z->host);

	if (err) {
		authorizing_unavailable(z);
		return;
	}
	if (!d || x->at >= d->n_call_lists) { /* it changed meanwhile */
		authorizing_reject(z, d ? REJECT_WRONG : REJECT_NO_DOMAIN, d);
		return;
	}
	if (c->found && x->n < EXPLAINED_LISTS_MAX)
		(void)snprintf(x->lists[x->n++], SID_SIZE, "%s",
		               d->call_lists[x->at]);
	x->at++;
	next_list(z, d);
}

static void next_list(struct authorizing *z, const struct domain *d)
{
	struct explained *x = z->explained;
	const struct credential_query query = {&d->call_lists[x->at], 1,
	                                       z->realm, x->username};

	if (x->at < d->n_call_lists)
		credentials_find(z->app->credentials, &query, on_list, z);
	else if (x->n == 0)
		authorizing_reject(z, REJECT_WRONG, d);
	else
		authorizing_user(z, d, x->username, "");
}

void authorizing_explain(struct authorizing *z, const struct domain *d)
{
	z->explained = calloc(1, sizeof(*z->explained));
	if (!z->explained) {
		authorizing_unavailable(z);
		return;
	}
	authorizing_from_user(z, z->explained->username);
	next_list(z, d);
}

size_t authorizing_lists(const struct authorizing *z, const struct domain *d,
                         char *out[EXPLAINED_LISTS_MAX])
{
	const struct explained *x = z->explained;
	const char *by_address;
	size_t n = 0;

	if (!z->req->simulate)
		return 0;
	by_address = authorizing_access_list(z->app, d, z->req->source_ip);
	if (by_address)
		out[n++] = (char *)(uintptr_t)by_address;
	for (size_t i = 0; x && i < x->n && n < EXPLAINED_LISTS_MAX; i++)
		out[n++] = z->explained->lists[i];
	return n;
}
