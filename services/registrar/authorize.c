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
#include "authorizing.h"
#include "base/log.h"
#include "base/metrics.h"
#include "bus/copy.h"
#include "core/aor.h"
#include "core/uri.h"
#include "rejected.h"
#include "store/tenants.h"

/* --- replies ------------------------------------------------------------- */

void authorizing_log(const struct authorizing *z, const char *what)
{
	struct log by_call = {z->app->log, "call_sid", z->from.call_sid};
	struct log by_id = {&by_call, "call_id", z->req->call_id};
	struct log by_source = {&by_id, "source", z->req->source_ip};

	log_info(&by_source, "%s %s: %s%s", z->req->method, z->req->request_uri,
	         what, z->req->simulate ? " (simulated)" : "");
}

static void close_authorizing(struct authorizing *z)
{
	z->app->waiting--;
	trestle__authorize_request__free_unpacked(z->req, NULL);
	free(z->explained);
	free(z);
}

void authorizing_reply(struct authorizing *z, Trestle__AuthorizeReply *r,
                       enum outcome outcome)
{
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;

	env.body_case = TRESTLE__ENVELOPE__BODY_AUTHORIZE_REPLY;
	env.authorize_reply = r;
	if (!z->req->simulate)
		metric_add(z->app->calls[outcome], 1);
	bus_reply(z->app->bus, &z->from, &env);
	close_authorizing(z);
}

void authorizing_from_user(const struct authorizing *z,
                           char out[CREDENTIAL_USERNAME_MAX + 1])
{
	struct uri from;

	if (!uri_parse(&from, z->req->from_uri) ||
	    uri_unescape(from.user, out, CREDENTIAL_USERNAME_MAX + 1) == 0)
		out[0] = '\0';
}

/* Who calls: as it signed in, else as From says */
static void caller_of(const struct authorizing *z,
                      char user[CREDENTIAL_USERNAME_MAX + 1])
{
	struct digest digest;

	user[0] = '\0';
	for (size_t i = 0; i < z->req->n_credentials && !user[0]; i++)
		if (digest_parse(&digest, z->req->credentials[i]) == DIGEST_OK)
			(void)snprintf(user, CREDENTIAL_USERNAME_MAX + 1, "%s",
			               digest.username);
	if (!user[0])
		authorizing_from_user(z, user);
}

static void tell(const struct authorizing *z, enum reject reject,
                 const struct domain *d)
{
	char user[CREDENTIAL_USERNAME_MAX + 1];
	const struct rejected rejected = {
		.reject = reject,
		.account_sid = d ? d->account_sid : z->whose,
		.domain = d ? d->name : "",
		.user = user,
		.called = z->number,
		.source_ip = z->req->source_ip,
		.method = z->req->method,
		.status = reject_row(reject)->call_status,
	};

	caller_of(z, user);
	rejected_tell(z->app, &rejected);
}

void authorizing_reject(struct authorizing *z, enum reject reject,
                        const struct domain *d)
{
	Trestle__AuthorizeReply r = TRESTLE__AUTHORIZE_REPLY__INIT;
	const struct reject_row *row = reject_row(reject);
	char text[APP_ERROR_SIZE];

	app_error_text(reject, text);
	if (!z->req->simulate && (d || z->whose))
		tell(z, reject, d);
	r.text = (char *)row->text;
	r.verdict = TRESTLE__AUTHORIZE_REPLY__VERDICT__REJECT;
	r.status = row->call_status;
	r.error_code = row->code;
	r.reason = (char *)row->phrase;
	if (d) {
		r.account_sid = (char *)d->account_sid;
		r.domain_sid = (char *)d->sid;
		r.domain_name = (char *)d->name;
	}
	authorizing_log(z, text);
	authorizing_reply(z, &r, OUTCOME_REFUSED);
}

void authorizing_drop(struct authorizing *z, const char *why)
{
	Trestle__AuthorizeReply r = TRESTLE__AUTHORIZE_REPLY__INIT;

	r.verdict = TRESTLE__AUTHORIZE_REPLY__VERDICT__DROP;
	authorizing_log(z, why);
	authorizing_reply(z, &r, OUTCOME_DROPPED);
}

void authorizing_unavailable(struct authorizing *z)
{
	metric_add(z->app->calls[OUTCOME_UNAVAILABLE], 1);
	bus_refuse(z->app->bus, &z->from, TRESTLE__REFUSAL__REASON__UNAVAILABLE,
	           "Redis is away, or has no configuration");
	close_authorizing(z);
}

/* This process just started: another registrar can tell. */
static void refuse_new(struct authorizing *z)
{
	metric_add(z->app->calls[OUTCOME_UNAVAILABLE], 1);
	bus_refuse(z->app->bus, &z->from, TRESTLE__REFUSAL__REASON__OVERLOADED,
	           "the configuration was not read yet");
	close_authorizing(z);
}

void authorizing_challenge(struct authorizing *z, bool md5_only, bool stale)
{
	Trestle__AuthorizeReply r = TRESTLE__AUTHORIZE_REPLY__INIT;
	struct auth_challenges challenges;
	char *values[2];

	auth_challenge(z->app->auth, &challenges, z->realm, z->req->source_ip,
	               md5_only, stale);
	for (size_t i = 0; i < challenges.n; i++)
		values[i] = challenges.v[i];
	r.verdict = TRESTLE__AUTHORIZE_REPLY__VERDICT__CHALLENGE;
	r.status = 407;
	r.reason = "Proxy Authentication Required";
	r.n_challenges = challenges.n;
	r.challenges = values;
	authorizing_reply(z, &r, OUTCOME_CHALLENGED);
}

void authorizing_stranger(struct authorizing *z)
{
	if (tenants_lost(z->app->tenants))
		authorizing_unavailable(z);
	else if (z->req->simulate || app_stranger(z->app, z->req->source_ip))
		authorizing_reject(z, REJECT_NO_DOMAIN, NULL);
	else
		authorizing_drop(z, "unknown domain once more");
}

/* --- a phone of a SIP domain --------------------------------------------- */

void authorizing_user(struct authorizing *z, const struct domain *d,
                      const char *username, const char *caller)
{
	Trestle__AuthorizeReply r = TRESTLE__AUTHORIZE_REPLY__INIT;
	char *lists[EXPLAINED_LISTS_MAX];
	char what[DIGEST_USERNAME_MAX + 16];

	r.verdict = TRESTLE__AUTHORIZE_REPLY__VERDICT__USER;
	r.account_sid = (char *)d->account_sid;
	r.domain_sid = (char *)d->sid;
	r.domain_name = (char *)d->name;
	r.username = (char *)username;
	r.caller = (char *)caller;
	r.n_lists = authorizing_lists(z, d, lists);
	r.lists = lists;
	(void)snprintf(what, sizeof(what), "user %s",
	               *username ? username : "by address");
	authorizing_log(z, what);
	authorizing_reply(z, &r, OUTCOME_OK);
}

static void on_user(void *arg, enum auth_result result, const char *username)
{
	struct authorizing *z = arg;
	const struct domain *d = tenants_domain(z->app->tenants, z->host);

	if (!d) {
		authorizing_reject(z, REJECT_NO_DOMAIN, NULL);
		return;
	}
	switch (result) {
	case AUTH_RIGHT:
	case AUTH_RESENT: authorizing_phone(z, d, username); break;
	case AUTH_CHALLENGE:
		authorizing_challenge(z, d->md5_only, false);
		break;
	case AUTH_STALE: authorizing_challenge(z, d->md5_only, true); break;
	case AUTH_WRONG: authorizing_reject(z, REJECT_WRONG, d); break;
	case AUTH_BLOCKED: authorizing_reject(z, REJECT_BLOCKED, d); break;
	case AUTH_SILENT: authorizing_drop(z, "wrong too often"); break;
	case AUTH_MALFORMED:
		authorizing_reject(z, REJECT_BAD_CREDENTIALS, d);
		break;
	case AUTH_AWAY: authorizing_unavailable(z); break;
	}
}

struct auth_req authorizing_request(const struct authorizing *z)
{
	return (struct auth_req){
		.method = z->req->method,
		.uri = z->req->request_uri,
		.realm = z->realm,
		.source = z->req->source_ip,
		.n_credentials = z->req->n_credentials,
		.credentials = (const char *const *)z->req->credentials,
	};
}

/* The first access list of the domain with this address; NULL = none */
const char *authorizing_access_list(const struct app *app,
                                    const struct domain *d, const char *ip)
{
	for (size_t i = 0; i < d->n_access_lists; i++)
		if (tenants_access_list_has(app->tenants, d->access_lists[i],
		                            ip))
			return d->access_lists[i];
	return NULL;
}

bool authorizing_active(const struct app *app, const char *account_sid)
{
	const struct account *a = tenants_account(app->tenants, account_sid);

	return a && a->active;
}

/* Access lists first, so that a stranger learns nothing from a challenge.
 * @return whether it is refused before anybody asks for a password */
static bool refused(const struct authorizing *z, const struct domain *d,
                    enum reject *why)
{
	if (!authorizing_active(z->app, d->account_sid))
		*why = REJECT_INACTIVE;
	else if (d->secure && strcmp(z->req->transport, "tls") != 0)
		*why = REJECT_INSECURE;
	else if (d->n_access_lists == 0 && d->n_call_lists == 0)
		*why = REJECT_NO_CALL_AUTH;
	else if (d->n_access_lists > 0 &&
	         !authorizing_access_list(z->app, d, z->req->source_ip))
		*why = REJECT_NOT_IN_ACL;
	else
		return false;
	return true;
}

static void authorize_user(struct authorizing *z, const struct domain *d)
{
	struct auth_req req = authorizing_request(z);
	enum reject why;

	if (refused(z, d, &why)) {
		authorizing_reject(z, why, d);
	} else if (d->n_call_lists == 0) {
		authorizing_user(z, d, "", "");
	} else if (z->req->simulate) {
		authorizing_explain(z, d);
	} else {
		req.lists = d->call_lists;
		req.n_lists = d->n_call_lists;
		auth_check(z->app->auth, &req, on_user, z);
	}
}

/* --- start --------------------------------------------------------------- */

/* What a tel: URI is for does not say: a carrier's call is for its number, a
 * phone's for the domain of that phone. @return "" = none of ours */
static void read_host(struct authorizing *z)
{
	struct uri from;

	if (z->uri.scheme != URI_TEL)
		(void)aor_domain(z->host, z->uri.host);
	else if (!tenants_carrier_by_source(z->app->tenants,
	                                    z->req->source_ip) &&
	         uri_parse(&from, z->req->from_uri))
		(void)aor_domain(z->host, from.host);
}

static void start(struct authorizing *z)
{
	const struct tenants *t = z->app->tenants;
	const struct domain *d;

	if (!uri_parse(&z->uri, z->req->request_uri)) {
		authorizing_reject(z, REJECT_BAD_URI, NULL);
		return;
	}
	read_host(z);
	d = z->host[0] ? tenants_domain(t, z->host) : NULL;
	memcpy(z->realm, z->host, sizeof(z->realm));
	if (d) {
		app_realm(z->app, d, z->realm);
		authorize_user(z, d);
		return;
	}
	authorizing_as_carrier(z);
}

void authorize_start(struct app *app, const struct bus_return *from,
                     const Trestle__AuthorizeRequest *req)
{
	struct authorizing *z = calloc(1, sizeof(*z));

	if (z)
		z->req = message_copy(&req->base);
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
		refuse_new(z);
	else
		start(z);
}
