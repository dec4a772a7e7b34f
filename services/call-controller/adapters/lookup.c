/*
 * lookup.c - where a dialled thing is: bindings, carriers, foreign URIs
 *
 *   number ─┬─ one of ours ─► an INVITE to ourselves, a new inbound call
 *           └─ any other ───► carriers, by priority and prefix
 *   911 ───────────────────► carriers with `emergency`, whatever rules say
 *   URI ────┬─ our domain ──► LookupRequest ─► all bindings at once
 *           └─ any other ───► that URI, through an edge
 */
#include "lookup.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "app.h"
#include "ask.h"
#include "base/service.h"
#include "bus/bus.h"
#include "carriers.h"
#include "loop/loop.h"
#include "sip.h"
#include "store/rules.h"
#include "store/tenants.h"
#include "uri.h"

enum { LOOKUP_MS = 3000 };
enum { AWAY_MS = 4000 }; /* so long may Redis stand still */
enum { AGAIN_MS = 300 }; /* from "Redis is away" to the next question */
enum { EDGE_MAX = 128 }; /* bytes of a Route value to an edge */

struct resolve {
	struct ask ask;
	char child[SID_SIZE];
	char account_sid[SID_SIZE];
	char *what;             /**< +E.164 or URI */
	char *domain;           /**< host of From, "" = ours */
	char carrier[SID_SIZE]; /**< only over this one; "" = any */
	enum resolve_kind kind;
	bool redirect;
	bool verification;
	bool caller_owned;
	lookup_h *handler; /* of lookup_ask(); NULL: the call is stepped */
	void *arg;
	char *caller;                     /**< user part of From */
	struct rules_emergency emergency; /**< of RESOLVE_EMERGENCY */
	uint64_t since_us;                /* monotonic */
};

/* ---- the answer -------------------------------------------------------------- */

static void answer(struct resolve *r, enum resolution resolution,
                   const struct target *targets, size_t n)
{
	struct app *app = r->ask.app;
	struct event ev = app_event(EV_RESOLVED, 0);
	char sid[SID_SIZE];

	memcpy(sid, r->ask.call_sid, sizeof(sid));
	ev.child = r->child;
	ev.resolution = resolution;
	ev.caller_owned = r->caller_owned;
	if (r->kind == RESOLVE_EMERGENCY)
		ev.caller = r->emergency.caller;
	ev.targets = targets;
	ev.n_targets = n;
	if (r->handler)
		r->handler(r->arg, &ev);
	else
		app_step(app, sid, &ev);
	ask_free(&r->ask);
}

static struct target plain_target(const struct resolve *r, const char *uri)
{
	const struct settings *settings = r->ask.app->settings;
	const char *host = settings->host[0]
	                           ? settings->host
	                           : service_address(r->ask.app->service);

	return (struct target){
		.uri = uri,
		.to = "",
		.from_host = r->domain[0] ? r->domain : host,
		.username = "",
		.password = "",
		.carrier = "",
		.source_ip = "",
	};
}

/* Any edge sends to where the Request-URI says. */
static bool edge_route(const struct resolve *r, char out[EDGE_MAX])
{
	const struct peer *edge =
		peers_pick(bus_peers(r->ask.app->bus), "sip-edge", r->child);

	if (!edge || !edge->sip[0])
		return false;
	(void)snprintf(out, EDGE_MAX, "<sip:%s;lr>", edge->sip);
	return true;
}

/* ---- numbers ------------------------------------------------------------------ */

static void to_ourselves(struct resolve *r)
{
	char uri[CARRIERS_URI_MAX];
	struct target target;

	(void)snprintf(uri, sizeof(uri), "sip:%s@%s", r->what,
	               sip_address(r->ask.app->sip));
	target = plain_target(r, uri);
	target.own_number = true;
	answer(r, RESOLVED_FAILOVER, &target, 1);
}

static enum resolution resolution_of(enum rule rule)
{
	switch (rule) {
	case RULE_OPEN: break;
	case RULE_NO_COUNTRY: return RESOLVED_NO_COUNTRY;
	case RULE_CLOSED: return RESOLVED_CLOSED;
	case RULE_TRIAL: return RESOLVED_TRIAL;
	case RULE_NO_EMERGENCY: return RESOLVED_NO_EMERGENCY;
	case RULE_EMERGENCY_OFF: return RESOLVED_EMERGENCY_OFF;
	}
	return RESOLVED_FAILOVER;
}

static enum resolution no_carrier(const struct resolve *r)
{
	if (r->kind == RESOLVE_EMERGENCY)
		return RESOLVED_NO_EMERGENCY_CARRIER;
	return carriers_target_missing(r->ask.app->tenants, r->account_sid,
	                               r->carrier)
	               ? RESOLVED_NO_TARGET
	               : RESOLVED_NO_CARRIER;
}

/* @param number +E.164 or "911" */
static void to_carriers(struct resolve *r, const char *number)
{
	struct carriers_choice choices[TARGETS_MAX];
	struct target targets[TARGETS_MAX];
	char edge[EDGE_MAX];
	const char *routes[] = {edge};
	uint64_t random = 0;
	bool emergency = r->kind == RESOLVE_EMERGENCY;
	size_t n;

	if (getrandom(&random, sizeof(random), 0) < 0)
		random = 0; /* then the heaviest target is not preferred */
	n = carriers_choose(r->ask.app->tenants, r->account_sid, number,
	                    emergency ? "" : r->carrier, random, choices);
	carriers_settle(r->ask.app->ping, choices, n);
	if (n == 0) {
		answer(r, no_carrier(r), NULL, 0);
		return;
	}
	if (!edge_route(r, edge)) {
		answer(r, RESOLVED_UNAVAILABLE, NULL, 0);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		const struct carrier *c = choices[i].carrier;
		const struct carrier_target *t = &c->targets[choices[i].target];

		targets[i] = plain_target(r, choices[i].uri);
		if (c->host[0])
			targets[i].from_host = c->host;
		targets[i].routes = routes;
		targets[i].n_routes = 1;
		targets[i].username = t->username;
		targets[i].password = t->password;
		targets[i].carrier = c->sid;
		targets[i].any_media_source = c->any_media_source;
	}
	answer(r, RESOLVED_FAILOVER, targets, n);
}

static void to_number(struct resolve *r)
{
	const struct app *app = r->ask.app;
	enum rule rule;

	if (!r->carrier[0] && tenants_number(app->tenants, r->what)) {
		to_ourselves(r);
		return;
	}
	rule = rules_number(tenants_snapshot(app->tenants), r->account_sid,
	                    r->what, app->settings->dialing);
	if (rule == RULE_TRIAL && r->verification)
		rule = RULE_OPEN; /* how else would it be verified? */
	if (rule == RULE_OPEN)
		to_carriers(r, r->what);
	else
		answer(r, resolution_of(rule), NULL, 0);
}

static void to_emergency(struct resolve *r)
{
	enum rule rule = rules_emergency(tenants_snapshot(r->ask.app->tenants),
	                                 r->account_sid, r->domain, r->what,
	                                 r->caller, &r->emergency);

	if (r->verification) /* nobody there reads codes out */
		rule = RULE_NO_EMERGENCY;
	if (rule == RULE_OPEN)
		to_carriers(r, r->emergency.number);
	else
		answer(r, resolution_of(rule), NULL, 0);
}

/* ---- URIs --------------------------------------------------------------------- */

static void to_foreign(struct resolve *r, const struct uri *uri)
{
	char edge[EDGE_MAX];
	const char *routes[] = {edge};
	struct target target = plain_target(r, r->what);

	if (!uri_may_be_dialled(r->ask.app->allow_private, uri->host)) {
		answer(r, RESOLVED_FORBIDDEN, NULL, 0);
		return;
	}
	if (!edge_route(r, edge)) {
		answer(r, RESOLVED_UNAVAILABLE, NULL, 0);
		return;
	}
	target.routes = routes;
	target.n_routes = 1;
	answer(r, RESOLVED_FAILOVER, &target, 1);
}

static void to_bindings(struct resolve *r, const Trestle__LookupReply *l)
{
	struct target targets[TARGETS_MAX];
	struct uri uri;
	char to[CARRIERS_URI_MAX];
	size_t n = 0;

	if (!l->domain_known || !l->user_known) {
		answer(r, RESOLVED_NOT_FOUND, NULL, 0);
		return;
	}
	(void)uri_parse(r->what, &uri);
	(void)snprintf(to, sizeof(to), "sip:%s@%s", uri.user, uri.host);
	for (size_t i = 0; i < l->n_bindings && n < TARGETS_MAX; i++) {
		const Trestle__Binding *b = l->bindings[i];

		if (b->n_path > TARGET_ROUTES_MAX)
			continue;
		targets[n] = plain_target(r, b->contact);
		targets[n].to = to;
		targets[n].from_host = uri.host;
		targets[n].routes = (const char *const *)b->path;
		targets[n].n_routes = b->n_path;
		targets[n++].source_ip = b->source_ip;
	}
	answer(r, n ? RESOLVED_FORK : RESOLVED_NOT_REGISTERED, targets, n);
}

static void on_lookup(void *arg, int err, const Trestle__Envelope *reply)
{
	struct resolve *r = arg;

	if (!err && ask_is_away(reply) &&
	    loop_now_us() + AGAIN_MS * 1000 < r->since_us + AWAY_MS * 1000)
		timer_start(r->ask.timer, AGAIN_MS);
	else if (err ||
	         reply->body_case != TRESTLE__ENVELOPE__BODY_LOOKUP_REPLY)
		answer(r, RESOLVED_UNAVAILABLE, NULL, 0);
	else
		to_bindings(r, reply->lookup_reply);
}

static void ask_registrar(struct resolve *r, const struct uri *uri)
{
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
	Trestle__LookupRequest request = TRESTLE__LOOKUP_REQUEST__INIT;
	char aor[CARRIERS_URI_MAX];
	struct bus_req req = {
		.service = "registrar",
		.key = aor,
		.timeout_ms = LOOKUP_MS,
		.retry = true,
	};

	(void)snprintf(aor, sizeof(aor), "%s@%s", uri->user, uri->host);
	env.call_sid = r->ask.call_sid;
	env.body_case = TRESTLE__ENVELOPE__BODY_LOOKUP_REQUEST;
	env.lookup_request = &request;
	request.aor = aor;
	if (bus_request(r->ask.app->bus, &req, &env, on_lookup, r))
		answer(r, RESOLVED_UNAVAILABLE, NULL, 0);
}

static void resolve_uri(struct resolve *r)
{
	const struct tenants *t = r->ask.app->tenants;
	const struct domain *d;
	struct uri uri;

	if (!uri_parse(r->what, &uri)) {
		answer(r, RESOLVED_FORBIDDEN, NULL, 0);
		return;
	}
	d = tenants_domain(t, uri.host);
	if (!d)
		to_foreign(r, &uri);
	else if (r->redirect)
		answer(r, RESOLVED_FORBIDDEN, NULL, 0);
	else if (strcmp(d->account_sid, r->account_sid) != 0)
		answer(r, RESOLVED_OTHER_TENANT, NULL, 0);
	else if (uri.user[0] == 0)
		answer(r, RESOLVED_NO_USER, NULL, 0);
	else
		ask_registrar(r, &uri);
}

/* ---- begin -------------------------------------------------------------------- */

static void resolve(void *arg)
{
	struct resolve *r = arg;

	switch (r->kind) {
	case RESOLVE_NUMBER: to_number(r); break;
	case RESOLVE_EMERGENCY: to_emergency(r); break;
	case RESOLVE_URI: resolve_uri(r); break;
	}
}

static void close_resolve(struct ask *ask)
{
	struct resolve *r = (struct resolve *)ask;

	free(r->what);
	free(r->domain);
	free(r->caller);
}

static struct resolve *begin(struct app *app, const char *call_sid,
                             const struct lookup_question *q)
{
	struct resolve *r = ask_alloc(app, sizeof(*r), call_sid);
	const struct cmd_resolve *c = q->cmd;

	if (!r)
		return NULL;
	r->ask.close = close_resolve;
	r->since_us = loop_now_us();
	r->what = strdup(c->what);
	r->domain = strdup(q->domain);
	r->caller = strdup(c->caller);
	r->kind = c->kind;
	(void)snprintf(r->carrier, sizeof(r->carrier), "%s", c->carrier);
	r->redirect = c->redirect;
	r->verification = c->verification;
	(void)snprintf(r->child, sizeof(r->child), "%s", c->child);
	(void)snprintf(r->account_sid, sizeof(r->account_sid), "%s",
	               q->account_sid);
	r->caller_owned = rules_caller(tenants_snapshot(app->tenants),
	                               r->account_sid, c->caller);
	if (!r->what || !r->domain || !r->caller ||
	    timer_alloc(&r->ask.timer, app->loop, resolve, r)) {
		ask_free(&r->ask);
		return NULL;
	}
	/* From the loop: the step that asked is still under way. */
	timer_start(r->ask.timer, 0);
	return r;
}

void lookup_resolve(struct app *app, struct owned *o, const struct command *cmd)
{
	const struct lookup_question question = {
		.account_sid = call_account_sid(o->call),
		.domain = o->domain,
		.cmd = &cmd->resolve,
	};

	if (!begin(app, o->sid, &question))
		log_error(&o->log, "out of memory: can not look up a target");
}

int lookup_ask(struct app *app, const struct lookup_question *question,
               lookup_h *handler, void *arg)
{
	struct resolve *r = begin(app, "", question);

	if (!r)
		return ENOMEM;
	r->handler = handler;
	r->arg = arg;
	return 0;
}
