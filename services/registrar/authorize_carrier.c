/*
 * authorize_carrier.c - a call that is not for a SIP domain: a carrier's?
 */
#include "authorizing.h"

#include <stdio.h>
#include <string.h>

#include "app.h"
#include "core/e164.h"
#include "core/uri.h"
#include "store/tenants.h"

/* A local number of a tel: URI begins with the digits of its context (RFC 3966
 * 5.1.5). @return false when there is none, or it is a domain */
static bool in_context(char out[E164_TEXT_MAX], const struct uri *u,
                       const char *number)
{
	struct piece context = {"", 0};
	int n;

	if (u->scheme == URI_TEL && *number != '+')
		context = uri_param(u, "phone-context");
	if (context.n < 2 || context.p[0] != '+')
		return false;
	n = snprintf(out, E164_TEXT_MAX, "%.*s%s", (int)context.n, context.p,
	             number + (*number == '0'));
	return n < E164_TEXT_MAX;
}

/* A telephone number as +E.164; "" when the URI has none. */
static void number_of(char out[E164_SIZE], const struct uri *u,
                      const char *country)
{
	char text[E164_TEXT_MAX], global[E164_TEXT_MAX];

	out[0] = '\0';
	if (uri_unescape(u->user, text, sizeof(text)) == 0)
		return;
	if (in_context(global, u, text))
		(void)e164_read(out, global, "");
	else
		(void)e164_read(out, text, country);
}

/* Who calls: a number where it is one, else the user part as it came; without
 * one `unknown`. */
static void caller_of(char out[E164_TEXT_MAX], const char *from_uri,
                      const char *country)
{
	char number[E164_SIZE];
	struct uri u;
	bool parsed = uri_parse(&u, from_uri);

	number[0] = '\0';
	if (parsed)
		number_of(number, &u, country);
	if (number[0])
		(void)snprintf(out, E164_TEXT_MAX, "%s", number);
	else if (!parsed || uri_unescape(u.user, out, E164_TEXT_MAX) == 0)
		(void)snprintf(out, E164_TEXT_MAX, "unknown");
}

static void authorize_carrier(struct authorizing *z, const struct carrier *c)
{
	Trestle__AuthorizeReply r = TRESTLE__AUTHORIZE_REPLY__INIT;
	const struct tenants *t = z->app->tenants;
	char caller[E164_TEXT_MAX], what[80];
	const struct number *ours;

	number_of(z->number, &z->uri, c->country);
	ours = z->number[0] ? tenants_number(t, z->number) : NULL;
	if (!ours && tenants_lost(t)) {
		authorizing_unavailable(z);
		return;
	}
	z->whose = c->account_sid;
	if (!ours || !tenants_carrier_serves(t, c, ours->account_sid)) {
		authorizing_reject(z, REJECT_NO_NUMBER, NULL);
		return;
	}
	if (!authorizing_active(z->app, ours->account_sid)) {
		z->whose = ours->account_sid;
		authorizing_reject(z, REJECT_INACTIVE_CALLED, NULL);
		return;
	}
	caller_of(caller, z->req->from_uri, c->country);
	r.verdict = TRESTLE__AUTHORIZE_REPLY__VERDICT__CARRIER;
	r.account_sid = (char *)ours->account_sid;
	r.carrier_sid = (char *)c->sid;
	r.number = z->number;
	r.caller = caller;
	(void)snprintf(what, sizeof(what), "carrier %s for %s", c->sid,
	               z->number);
	authorizing_log(z, what);
	authorizing_reply(z, &r, OUTCOME_OK);
}

/* Who will sign in is not known when it is asked to. */
static bool any_md5_only(const struct tenants *t)
{
	const struct carrier *c;

	for (size_t i = 0; (c = tenants_carrier_nth(t, i)); i++)
		if (c->username[0] && c->md5_only)
			return true;
	return false;
}

static void on_carrier(void *arg, enum auth_result result, const char *username)
{
	struct authorizing *z = arg;
	const struct carrier *c =
		tenants_carrier(z->app->tenants, z->carrier_sid);
	bool md5_only = any_md5_only(z->app->tenants);

	(void)username;
	if (!c) {
		authorizing_stranger(z);
		return;
	}
	z->whose = c->account_sid;
	switch (result) {
	case AUTH_RIGHT:
	case AUTH_RESENT: authorize_carrier(z, c); break;
	case AUTH_CHALLENGE: authorizing_challenge(z, md5_only, false); break;
	case AUTH_STALE: authorizing_challenge(z, md5_only, true); break;
	case AUTH_WRONG: authorizing_reject(z, REJECT_WRONG, NULL); break;
	case AUTH_BLOCKED: authorizing_reject(z, REJECT_BLOCKED, NULL); break;
	case AUTH_SILENT: authorizing_drop(z, "wrong too often"); break;
	case AUTH_MALFORMED:
		authorizing_reject(z, REJECT_BAD_CREDENTIALS, NULL);
		break;
	case AUTH_AWAY: authorizing_unavailable(z); break;
	}
}

/* The carrier whose name is in the credentials, or the first that has one at
 * all: it may be that one's call without credentials yet. */
static const struct carrier *carrier_that_signs_in(const struct authorizing *z)
{
	const struct carrier *c = NULL;
	struct digest d;

	for (size_t i = 0; i < z->req->n_credentials; i++)
		if (digest_parse(&d, z->req->credentials[i]) == DIGEST_OK &&
		    strcmp(d.realm, z->realm) == 0)
			c = tenants_carrier_by_username(z->app->tenants,
			                                d.username);
	for (size_t i = 0; !c; i++) {
		const struct carrier *nth =
			tenants_carrier_nth(z->app->tenants, i);

		if (!nth)
			return NULL;
		if (nth->username[0])
			c = nth;
	}
	return c;
}

static void copy_hex(char *out, size_t size, const char *hex)
{
	(void)snprintf(out, size, "%s", hex ? hex : "");
}

static void authenticate_carrier(struct authorizing *z, const struct carrier *c)
{
	struct auth_req req = authorizing_request(z);

	copy_hex(z->secret.md5, sizeof(z->secret.md5), c->ha1_md5);
	copy_hex(z->secret.sha256, sizeof(z->secret.sha256), c->ha1_sha256);
	copy_hex(z->carrier_sid, sizeof(z->carrier_sid), c->sid);
	req.secret = &z->secret;
	req.username = c->username;
	auth_check(z->app->auth, &req, on_carrier, z);
}

void authorizing_as_carrier(struct authorizing *z)
{
	const struct tenants *t = z->app->tenants;
	const struct carrier *c =
		tenants_carrier_by_source(t, z->req->source_ip);

	if (z->req->simulate && z->req->carrier_sid[0])
		c = tenants_carrier(t, z->req->carrier_sid);
	if (c) {
		authorize_carrier(z, c);
		return;
	}
	if (z->req->simulate) { /* nobody signs in */
		authorizing_stranger(z);
		return;
	}
	(void)snprintf(z->realm, sizeof(z->realm), "%s", TENANTS_CARRIER_REALM);
	c = carrier_that_signs_in(z);
	if (c)
		authenticate_carrier(z, c);
	else
		authorizing_stranger(z);
}
