/*
 * register.c - one REGISTER, from request to answer (RFC 3261 10.3)
 *
 *   request ─ domain? ─ options? ─ account, registration on? ─ To in it?
 *     ─ auth_check() ─┬─ challenge 401, refuse 403
 *                     └─ own address? ─ plan ─┬─ refuse 400, 403, 423
 *                                             └─ location_apply() ─ 200
 *
 * Everything about the user comes after the password was right: a stranger is
 * answered the same for each name, whether it exists or not.
 */
#include "register.h"

#include <stdlib.h>
#include <string.h>

#include "adapters/location.h"
#include "adapters/sip.h"
#include "app.h"
#include "auth.h"
#include "base/hash.h"
#include "core/scanner.h"
#include "loop/loop.h"
#include "registering.h"
#include "store/tenants.h"

enum { HOLD_MS = 2000, HOLD_STEP_MS = 20 }; /* until a new process is ready */

static void on_applied(void *arg, enum location_result result,
                       const struct location_binding *bindings, size_t n)
{
	struct registering *g = arg;
	struct sip_answer stale = {.status = 500,
	                           .phrase = "CSeq Out Of Order"};

	switch (result) {
	case LOCATION_OK: registering_end_ok(g, bindings, n); break;
	case LOCATION_STALE: registering_end_plain(g, &stale); break;
	case LOCATION_FULL: registering_end_refused(g, REJECT_FULL); break;
	case LOCATION_UNAVAILABLE: registering_end_unavailable(g); break;
	}
}

static void apply(struct registering *g, const struct registration *plan)
{
	const struct sip_request *r = g->request;
	const struct location_req req = {
		.aor = &g->aor,
		.plan = plan,
		.call_id = r->call_id,
		.cseq = r->cseq,
		.paths = r->paths,
		.n_paths = r->n_paths,
		.source = &r->source,
		.user_agent = r->user_agent,
	};

	for (size_t i = 0; i < plan->n; i++)
		if (plan->changes[i].reg_id > 0 && plan->changes[i].expires > 0)
			g->flows = true;
	if (location_apply(g->app->location, &req, on_applied, g) != 0)
		registering_end_unavailable(g);
}

static void plan(struct registering *g, const struct domain *d, bool resent)
{
	const struct sip_request *r = g->request;
	const struct register_req req = {
		.star = r->star,
		.n_contacts = resent ? 0 : r->n_contacts,
		.contacts = r->contacts,
		.expires = r->expires,
		.expires_min = d->expires_min,
		.expires_default = d->expires_default,
		.expires_max = d->expires_max,
		.random = (uint32_t)random_take(&g->app->random),
	};
	struct registration plan;

	switch (registration_plan(&plan, &req)) {
	case REGISTRATION_OK: apply(g, &plan); break;
	case REGISTRATION_BAD:
		registering_end_refused(g, REJECT_BAD_CONTACT);
		break;
	case REGISTRATION_TOO_BRIEF:
		registering_end_too_brief(g, d->expires_min);
		break;
	case REGISTRATION_TOO_MANY:
		registering_end_refused(g, REJECT_FULL);
		break;
	}
}

static void on_right(struct registering *g, const char *username, bool resent)
{
	const struct domain *d = app_domain(g->app, g->request->uri_host);

	if (!resent && app_too_often(g->app, &g->aor))
		registering_end_refused(g, REJECT_TOO_OFTEN);
	else if (!d) /* it was removed while we asked for the password */
		registering_end_refused(g, REJECT_NO_DOMAIN);
	else if (strcmp(username, g->aor.user) != 0)
		registering_end_refused(g, REJECT_OTHER_USER);
	else
		plan(g, d, resent);
}

static void on_auth(void *arg, enum auth_result result, const char *username)
{
	struct registering *g = arg;

	switch (result) {
	case AUTH_RIGHT: on_right(g, username, false); break;
	case AUTH_RESENT: on_right(g, username, true); break;
	case AUTH_CHALLENGE: registering_end_challenged(g, false); break;
	case AUTH_STALE: registering_end_challenged(g, true); break;
	case AUTH_WRONG: registering_end_refused(g, REJECT_WRONG); break;
	case AUTH_BLOCKED: registering_end_refused(g, REJECT_BLOCKED); break;
	case AUTH_SILENT: registering_end_silent(g, "wrong too often"); break;
	case AUTH_MALFORMED:
		registering_end_refused(g, REJECT_BAD_CREDENTIALS);
		break;
	case AUTH_AWAY: registering_end_unavailable(g); break;
	}
}

/* May phones register with this domain at all? */
static bool refuse_domain(struct registering *g, const struct domain *d)
{
	const struct account *account =
		tenants_account(g->app->tenants, d->account_sid);
	bool tls = strcmp(g->request->source.transport, "tls") == 0;

	if (!account || !account->active)
		registering_end_refused(g, REJECT_INACTIVE);
	else if (!d->registration)
		registering_end_refused(g, REJECT_REGISTRATION_OFF);
	else if (d->secure && !tls)
		registering_end_refused(g, REJECT_INSECURE);
	else if (d->n_registration_lists == 0)
		registering_end_refused(g, REJECT_NO_USERS);
	else if (strcmp(g->aor.domain, d->name) != 0)
		registering_end_refused(g, REJECT_NOT_IN_DOMAIN);
	else
		return false;
	return true;
}

static void authenticate(struct registering *g, const struct domain *d)
{
	const struct sip_request *r = g->request;
	const struct auth_req req = {
		.method = "REGISTER",
		.uri = r->uri,
		.realm = g->realm,
		.source = r->source.ip,
		.request = hash_bytes(r->call_id, strlen(r->call_id), r->cseq),
		.n_credentials = r->n_credentials,
		.credentials = r->credentials,
		.n_lists = d->n_registration_lists,
		.lists = d->registration_lists,
	};

	app_realm(g->app, d, g->realm);
	auth_check(g->app->auth, &req, on_auth, g);
}

static void start(struct registering *g);

static void on_hold(void *arg)
{
	start(arg);
}

/* Secret and configuration come milliseconds after the start: a request waits
 * for them. @return false when it has waited long enough */
static bool hold(struct registering *g)
{
	if (!g->hold) {
		if (timer_alloc(&g->hold, g->app->loop, on_hold, g) != 0)
			return false;
		g->hold_until = loop_now_ms() + HOLD_MS;
	}
	if (loop_now_ms() >= g->hold_until)
		return false;
	timer_start(g->hold, HOLD_STEP_MS);
	return true;
}

static void start(struct registering *g)
{
	const struct sip_request *r = g->request;
	const struct domain *d = app_domain(g->app, r->uri_host);
	struct sip_answer bad = {.status = 420, .phrase = "Bad Extension"};

	if (!g->app->auth || !tenants_ready(g->app->tenants)) {
		if (!hold(g))
			registering_end_unavailable(g);
	} else if (!d && tenants_lost(g->app->tenants)) {
		registering_end_unavailable(g);
	} else if (!d) {
		if (app_stranger(g->app, r->source.ip))
			registering_end_refused(g, REJECT_NO_DOMAIN);
		else
			registering_end_silent(g, "unknown domain once more");
	} else if (r->required) {
		sip_answer_add(&bad, "Unsupported", r->required);
		registering_end_plain(g, &bad);
	} else if (!aor_make(&g->aor, r->to_user, r->to_host)) {
		registering_end_refused(g, REJECT_BAD_URI);
	} else if (!refuse_domain(g, d)) {
		authenticate(g, d);
	}
}

void register_on_request(void *arg, struct sip_request *r)
{
	struct registering *g = calloc(1, sizeof(*g));

	if (!g) {
		sip_drop(r); /* the phone sends it again */
		return;
	}
	g->app = arg;
	g->request = r;
	if (scanner_is(r->user_agent))
		registering_end_silent(g, "a scanner");
	else
		start(g);
}
