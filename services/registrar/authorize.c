/*
 * authorize.c - may this INVITE make a call? (proto/registrar.proto)
 *
 *   host is a SIP domain of ours ── account active? ─ secure? ─ access lists
 *        ─ credential lists ── USER, CHALLENGE, REJECT
 *   else source is a carrier's, or it signs in as one ── number ours? ─ CARRIER
 *   else ── REJECT 404, and after some DROP
 *
 * The host decides first: a phone that sits at a carrier's address and calls
 * through its SIP domain has to prove who it is as any phone.
 */
#include "authorize.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "auth.h"
#include "base/log.h"
#include "base/metrics.h"
#include "core/aor.h"
#include "core/e164.h"
#include "core/uri.h"
#include "store/tenants.h"

/* An authorisation under way */
struct authorizing {
	struct app *app;
	struct bus_return from;
	Trestle__AuthorizeRequest *req; /* a copy of ours */
	struct uri uri;                 /* Request-URI, into req */
	char host[AOR_DOMAIN_MAX + 1];  /* of it, lower case: the realm */
	struct digest_secret secret;    /* of a carrier */
	char carrier_sid[40];           /* that signs in */
};

/* --- replies ------------------------------------------------------------- */

static void log_end(const struct authorizing *z, const char *what)
{
	struct log by_call = {z->app->log, "call_sid", z->from.call_sid};
	struct log by_source = {&by_call, "source", z->req->source_ip};

	log_info(&by_source, "%s %s: %s", z->req->method, z->req->request_uri,
	         what);
}

static void close_authorizing(struct authorizing *z)
{
	z->app->waiting--;
	trestle__authorize_request__free_unpacked(z->req, NULL);
	free(z);
}

static void reply(struct authorizing *z, Trestle__AuthorizeReply *r,
                  enum outcome outcome)
{
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;

	env.body_case = TRESTLE__ENVELOPE__BODY_AUTHORIZE_REPLY;
	env.authorize_reply = r;
	metric_add(z->app->calls[outcome], 1);
	bus_reply(z->app->bus, &z->from, &env);
	close_authorizing(z);
}

static void reply_reject(struct authorizing *z, enum reject reject,
                         const struct domain *d)
{
	Trestle__AuthorizeReply r = TRESTLE__AUTHORIZE_REPLY__INIT;
	const struct reject_row *row = reject_row(reject);
	char text[APP_ERROR_SIZE];

	app_error_text(reject, text);
	app_alert(z->app, reject, d, z->req->source_ip);
	r.verdict = TRESTLE__AUTHORIZE_REPLY__VERDICT__REJECT;
	r.status = row->call_status;
	r.error_code = row->code;
	r.reason = (char *)row->phrase;
	if (d) {
		r.account_sid = (char *)d->account_sid;
		r.domain_sid = (char *)d->sid;
		r.domain_name = (char *)d->name;
	}
	log_end(z, text);
	reply(z, &r, OUTCOME_REFUSED);
}

static void reply_drop(struct authorizing *z, const char *why)
{
	Trestle__AuthorizeReply r = TRESTLE__AUTHORIZE_REPLY__INIT;

	r.verdict = TRESTLE__AUTHORIZE_REPLY__VERDICT__DROP;
	log_end(z, why);
	reply(z, &r, OUTCOME_DROPPED);
}

static void refuse_unavailable(struct authorizing *z)
{
	metric_add(z->app->calls[OUTCOME_UNAVAILABLE], 1);
	bus_refuse(z->app->bus, &z->from, TRESTLE__REFUSAL__REASON__UNAVAILABLE,
	           "Redis is away");
	close_authorizing(z);
}

static void reply_challenge(struct authorizing *z, bool md5_only, bool stale)
{
	Trestle__AuthorizeReply r = TRESTLE__AUTHORIZE_REPLY__INIT;
	struct auth_challenges challenges;
	char *values[2];

	auth_challenge(z->app->auth, &challenges, z->host, z->req->source_ip,
	               md5_only, stale);
	for (size_t i = 0; i < challenges.n; i++)
		values[i] = challenges.v[i];
	r.verdict = TRESTLE__AUTHORIZE_REPLY__VERDICT__CHALLENGE;
	r.status = 407;
	r.reason = "Proxy Authentication Required";
	r.n_challenges = challenges.n;
	r.challenges = values;
	reply(z, &r, OUTCOME_CHALLENGED);
}

static void reply_stranger(struct authorizing *z)
{
	if (app_stranger(z->app, z->req->source_ip))
		reply_reject(z, REJECT_NO_DOMAIN, NULL);
	else
		reply_drop(z, "unknown domain once more");
}

/* --- a phone of a SIP domain --------------------------------------------- */

static void reply_user(struct authorizing *z, const struct domain *d,
                       const char *username)
{
	Trestle__AuthorizeReply r = TRESTLE__AUTHORIZE_REPLY__INIT;
	char what[DIGEST_USERNAME_MAX + 16];

	r.verdict = TRESTLE__AUTHORIZE_REPLY__VERDICT__USER;
	r.account_sid = (char *)d->account_sid;
	r.domain_sid = (char *)d->sid;
	r.domain_name = (char *)d->name;
	r.username = (char *)username;
	(void)snprintf(what, sizeof(what), "user %s",
	               *username ? username : "by address");
	log_end(z, what);
	reply(z, &r, OUTCOME_OK);
}

static void on_user(void *arg, enum auth_result result, const char *username)
{
	struct authorizing *z = arg;
	const struct domain *d = tenants_domain(z->app->tenants, z->host);

	if (!d) {
		reply_reject(z, REJECT_NO_DOMAIN, NULL);
		return;
	}
	switch (result) {
	case AUTH_RIGHT:
	case AUTH_RESENT: reply_user(z, d, username); break;
	case AUTH_CHALLENGE: reply_challenge(z, d->md5_only, false); break;
	case AUTH_STALE: reply_challenge(z, d->md5_only, true); break;
	case AUTH_WRONG: reply_reject(z, REJECT_WRONG, d); break;
	case AUTH_BLOCKED: reply_reject(z, REJECT_BLOCKED, d); break;
	case AUTH_SILENT: reply_drop(z, "wrong too often"); break;
	case AUTH_MALFORMED: reply_reject(z, REJECT_BAD_CREDENTIALS, d); break;
	case AUTH_AWAY: refuse_unavailable(z); break;
	}
}

static struct auth_req request_of(const struct authorizing *z)
{
	return (struct auth_req){
		.method = z->req->method,
		.uri = z->req->request_uri,
		.realm = z->host,
		.source = z->req->source_ip,
		.n_credentials = z->req->n_credentials,
		.credentials = (const char *const *)z->req->credentials,
	};
}

static bool in_access_list(const struct app *app, const struct domain *d,
                           const char *ip)
{
	for (size_t i = 0; i < d->n_access_lists; i++)
		if (tenants_access_list_has(app->tenants, d->access_lists[i],
		                            ip))
			return true;
	return false;
}

static bool active(const struct app *app, const char *account_sid)
{
	const struct account *a = tenants_account(app->tenants, account_sid);

	return a && a->active;
}

/* Access lists first, so that a stranger learns nothing from a challenge. */
static void authorize_user(struct authorizing *z, const struct domain *d)
{
	struct auth_req req = request_of(z);

	if (!active(z->app, d->account_sid)) {
		reply_reject(z, REJECT_INACTIVE, d);
	} else if (d->secure && strcmp(z->req->transport, "tls") != 0) {
		reply_reject(z, REJECT_INSECURE, d);
	} else if (d->n_access_lists == 0 && d->n_call_lists == 0) {
		reply_reject(z, REJECT_NO_CALL_AUTH, d);
	} else if (d->n_access_lists > 0 &&
	           !in_access_list(z->app, d, z->req->source_ip)) {
		reply_reject(z, REJECT_NOT_IN_ACL, d);
	} else if (d->n_call_lists == 0) {
		reply_user(z, d, "");
	} else {
		req.lists = d->call_lists;
		req.n_lists = d->n_call_lists;
		auth_check(z->app->auth, &req, on_user, z);
	}
}

/* --- a carrier ----------------------------------------------------------- */

/* A telephone number as +E.164; "" when the URI has none. */
static void number_of(char out[E164_SIZE], const struct uri *u,
                      const char *country)
{
	char text[E164_TEXT_MAX];

	out[0] = '\0';
	if (uri_unescape(u->user, text, sizeof(text)) > 0)
		(void)e164_read(out, text, country);
}

/* Who calls: a number where it is one, else the user part as it came. */
static void caller_of(char out[E164_TEXT_MAX], const char *from_uri,
                      const char *country)
{
	char number[E164_SIZE];
	struct uri u;

	out[0] = '\0';
	if (!uri_parse(&u, from_uri))
		return;
	number_of(number, &u, country);
	if (number[0])
		(void)snprintf(out, E164_TEXT_MAX, "%s", number);
	else
		(void)uri_unescape(u.user, out, E164_TEXT_MAX);
}

static void authorize_carrier(struct authorizing *z, const struct carrier *c)
{
	Trestle__AuthorizeReply r = TRESTLE__AUTHORIZE_REPLY__INIT;
	char number[E164_SIZE], caller[E164_TEXT_MAX], what[80];
	const struct number *ours;

	number_of(number, &z->uri, c->country);
	ours = number[0] ? tenants_number(z->app->tenants, number) : NULL;
	if (!ours || (c->account_sid[0] &&
	              strcmp(c->account_sid, ours->account_sid) != 0)) {
		reply_reject(z, REJECT_NO_NUMBER, NULL);
		return;
	}
	if (!active(z->app, ours->account_sid)) {
		reply_reject(z, REJECT_INACTIVE, NULL);
		return;
	}
	caller_of(caller, z->req->from_uri, c->country);
	r.verdict = TRESTLE__AUTHORIZE_REPLY__VERDICT__CARRIER;
	r.account_sid = (char *)ours->account_sid;
	r.carrier_sid = (char *)c->sid;
	r.number = number;
	r.caller = caller;
	(void)snprintf(what, sizeof(what), "carrier %s for %s", c->sid, number);
	log_end(z, what);
	reply(z, &r, OUTCOME_OK);
}

static void on_carrier(void *arg, enum auth_result result, const char *username)
{
	struct authorizing *z = arg;
	const struct carrier *c =
		tenants_carrier(z->app->tenants, z->carrier_sid);

	(void)username;
	if (!c) {
		reply_stranger(z);
		return;
	}
	switch (result) {
	case AUTH_RIGHT:
	case AUTH_RESENT: authorize_carrier(z, c); break;
	case AUTH_CHALLENGE: reply_challenge(z, false, false); break;
	case AUTH_STALE: reply_challenge(z, false, true); break;
	case AUTH_WRONG: reply_reject(z, REJECT_WRONG, NULL); break;
	case AUTH_BLOCKED: reply_reject(z, REJECT_BLOCKED, NULL); break;
	case AUTH_SILENT: reply_drop(z, "wrong too often"); break;
	case AUTH_MALFORMED:
		reply_reject(z, REJECT_BAD_CREDENTIALS, NULL);
		break;
	case AUTH_AWAY: refuse_unavailable(z); break;
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
		    strcmp(d.realm, z->host) == 0)
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
	struct auth_req req = request_of(z);

	copy_hex(z->secret.md5, sizeof(z->secret.md5), c->ha1_md5);
	copy_hex(z->secret.sha256, sizeof(z->secret.sha256), c->ha1_sha256);
	copy_hex(z->carrier_sid, sizeof(z->carrier_sid), c->sid);
	req.secret = &z->secret;
	req.username = c->username;
	auth_check(z->app->auth, &req, on_carrier, z);
}

/* --- start --------------------------------------------------------------- */

static Trestle__AuthorizeRequest *copy_of(const Trestle__AuthorizeRequest *req)
{
	size_t n = trestle__authorize_request__get_packed_size(req);
	uint8_t *packed = malloc(n + 1);
	Trestle__AuthorizeRequest *copy = NULL;

	if (packed) {
		(void)trestle__authorize_request__pack(req, packed);
		copy = trestle__authorize_request__unpack(NULL, n, packed);
	}
	free(packed);
	return copy;
}

static void start(struct authorizing *z)
{
	const struct tenants *t = z->app->tenants;
	const struct domain *d;
	const struct carrier *c;

	if (!uri_parse(&z->uri, z->req->request_uri)) {
		reply_reject(z, REJECT_BAD_URI, NULL);
		return;
	}
	(void)aor_domain(z->host, z->uri.host);
	d = z->host[0] ? tenants_domain(t, z->host) : NULL;
	if (d) {
		authorize_user(z, d);
		return;
	}
	c = tenants_carrier_by_source(t, z->req->source_ip);
	if (c) {
		authorize_carrier(z, c);
		return;
	}
	c = carrier_that_signs_in(z);
	if (c)
		authenticate_carrier(z, c);
	else
		reply_stranger(z);
}

void authorize_start(struct app *app, const struct bus_return *from,
                     const Trestle__AuthorizeRequest *req)
{
	struct authorizing *z = calloc(1, sizeof(*z));

	if (z)
		z->req = copy_of(req);
	if (!z || !z->req) {
		free(z);
		bus_refuse(app->bus, from, TRESTLE__REFUSAL__REASON__OVERLOADED,
		           "out of memory");
		return;
	}
	z->app = app;
	z->from = *from;
	app->waiting++;
	if (!app->auth || !tenants_ready(app->tenants))
		refuse_unavailable(z);
	else
		start(z);
}
