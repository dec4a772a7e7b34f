/*
 * route_simulation.c - what would happen to this call, and why?
 *
 *     SIP/RouteSimulations, Origin=
 *       phone, carrier ─► may it call? (registrar) ─► who is asked for a document
 *       api            ─► may it be placed? (core/call_allowed.h) ─┐
 *       dial           ────────────────────────────────────────────┴► whom would it
 *                                            reach? (call-controller)
 *
 * A resource of ours. Each part is asked of the code that decides it for a call; of
 * other tenants nothing is said but that they are others.
 */
#include "numbers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../app.h"
#include "ask.h"
#include "ask_bus.h"
#include "core/call_allowed.h"
#include "core/error.h"
#include "core/params.h"
#include "core/simulation.h"
#include "store/rules.h"
#include "store/tenants.h"

enum { ASK_MS = 5000, URI_SIZE = 1400 };
enum { NO_DOMAIN = 32002, NO_NUMBER = 32101 };

// clang-format off
static const struct param params[] = {
	{"Origin", "origin", PARAM_ENUM, false, false, 0, 0, "phone carrier api dial", "", 0},
	{"From", "from", PARAM_TEXT, false, false, 0, 255, NULL, "", 0},
	{"To", "to", PARAM_TEXT, true, false, 1, 1300, NULL, NULL, 0},
	{"DomainName", "domain", PARAM_DOMAIN, false, false, 0, 0, NULL, "", 0},
	{"CallerId", "caller_id", PARAM_TEXT, false, false, 0, 64, NULL, "", 0},
	{"Called", "called", PARAM_TEXT, false, false, 0, 255, NULL, "", 0},
	{"SourceIp", "source", PARAM_TEXT, false, false, 0, 45, NULL, "", 0},
	{"Transport", "transport", PARAM_ENUM, false, false, 0, 0, "udp tcp tls", "udp", 0},
	{"CarrierSid", "carrier", PARAM_SID, false, false, 0, 0, "BY", "", 0},
	{0},
};
// clang-format on

static const char *said(const struct ask *q, const char *field)
{
	return fields_text(&q->draft, field);
}

static char *lend(const char *text)
{
	return (char *)(uintptr_t)
		text; /* protobuf-c only reads what it packs */
}

static void answer(struct ask *q, const struct simulation *s)
{
	ask_ok(q, "RouteSimulation", simulation_json(s));
}

/* What was asked for; the rest is nothing yet */
static struct simulation simulation_of(const struct ask *q)
{
	return (struct simulation){
		.account_sid = ask_account(q),
		.origin = said(q, "origin"),
		.from = said(q, "from"),
		.to = said(q, "to"),
		.outcome = "refused",
	};
}

static void refuse(struct ask *q, struct simulation *s, uint32_t code,
                   const char *text)
{
	s->code = code;
	s->text = text;
	answer(q, s);
}

/* ---- whom would it reach? ------------------------------------------------------- */

static void add_targets(struct simulation *s, const struct app *app,
                        const Trestle__RouteReply *r)
{
	for (size_t i = 0; i < r->n_targets && i < SIMULATION_TARGETS_MAX;
	     i++) {
		const Trestle__RouteTarget *t = r->targets[i];
		const struct carrier *c =
			t->carrier_sid[0]
				? tenants_carrier(app->tenants, t->carrier_sid)
				: NULL;

		s->targets[s->n_targets++] = (struct simulation_target){
			.uri = t->uri,
			.carrier_sid = t->carrier_sid,
			.carrier = c ? c->name : "",
			.source_ip = t->source_ip,
		};
	}
}

/* Who answers a number of ours is asked: the account's own. */
static void add_own_number(struct simulation *s, const struct app *app,
                           const char *number)
{
	const struct number *n = tenants_number(app->tenants, number);

	if (!n || strcmp(n->account_sid, s->account_sid) != 0)
		return;
	s->number_sid = n->sid;
	s->voice = &n->voice;
}

static void on_route(struct ask *q, const Trestle__Envelope *reply)
{
	static const char *const kinds[] = {NULL,         "user", "number",
	                                    "own-number", "uri",  "emergency"};
	const Trestle__RouteReply *r = reply->route_reply;
	struct simulation s = simulation_of(q);

	if (reply->body_case != TRESTLE__ENVELOPE__BODY_ROUTE_REPLY) {
		ask_fail(q, ERROR_AWAY, NULL);
		return;
	}
	s.domain_name = said(q, "domain");
	if (r->kind < sizeof(kinds) / sizeof(kinds[0]))
		s.kind = kinds[r->kind];
	s.destination = r->destination;
	s.caller = r->caller;
	s.sip_status = r->sip_status;
	if (r->code) {
		refuse(q, &s, r->code, r->text);
		return;
	}
	s.outcome = "rings";
	add_targets(&s, q->app, r);
	if (r->kind == TRESTLE__ROUTE_REPLY__KIND__OWN_NUMBER)
		add_own_number(&s, q->app, r->destination);
	answer(q, &s);
}

static void ask_route(struct ask *q, bool by_api)
{
	const struct bus_req req = {.service = "call-controller",
	                            .timeout_ms = ASK_MS,
	                            .retry = true};
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
	Trestle__RouteQuery r = TRESTLE__ROUTE_QUERY__INIT;
	char account[SID_SIZE];

	(void)snprintf(account, sizeof(account), "%.34s", ask_account(q));
	r.account_sid = account;
	r.to = lend(*said(q, "help") ? said(q, "help") : said(q, "to"));
	r.sip = call_is_sip(r.to) || strchr(r.to, '@');
	r.caller = lend(said(q, "caller_id"));
	r.from = lend(said(q, "from"));
	r.called = lend(said(q, "called"));
	r.domain = lend(by_api ? "" : said(q, "domain"));
	r.carrier = lend(by_api ? said(q, "carrier") : "");
	r.by_api = by_api;
	env.body_case = TRESTLE__ENVELOPE__BODY_ROUTE_QUERY;
	env.route_query = &r;
	ask_bus(q, &req, &env, on_route);
}

/* ---- the API places it ---------------------------------------------------------- */

static void by_api(struct ask *q)
{
	const struct snapshot *snapshot = tenants_snapshot(q->app->tenants);
	struct simulation s = simulation_of(q);
	struct param_error error = {.code = 0};
	struct call_parties parties;
	char text[512];

	call_parties_read(&q->draft, &parties);
	parties.account_sid = ask_account(q);
	if (call_parties_fit(&parties, &error) &&
	    call_allowed(snapshot, &parties, q->app->dialing, &error)) {
		ask_route(q, true);
		return;
	}
	error_text(error.code, error.detail, text, sizeof(text));
	s.destination = said(q, "to");
	refuse(q, &s, error.code, text);
}

/* ---- a phone or a carrier calls -------------------------------------------------- */

/* A phone's emergency call is dialled without asking anybody. @return whether it
 * is one: it goes on */
static bool emergency(struct ask *q, const struct domain *d)
{
	struct rules_emergency e;
	char user[64];

	(void)snprintf(user, sizeof(user), "%.*s",
	               (int)strcspn(said(q, "dialled"), "@"),
	               said(q, "dialled"));
	if (rules_emergency(tenants_snapshot(q->app->tenants), ask_account(q),
	                    d->name, user, said(q, "user"), &e) != RULE_OPEN)
		return false;
	fields_set(&q->draft, "help", e.number);
	fields_set(&q->draft, "domain", d->name);
	ask_route(q, false);
	return true;
}

static void on_judged(struct ask *q, const Trestle__Envelope *reply)
{
	const Trestle__AuthorizeReply *r = reply->authorize_reply;
	const struct tenants *t = q->app->tenants;
	struct simulation s = simulation_of(q);
	const struct domain *d;
	const struct number *n;

	if (reply->body_case != TRESTLE__ENVELOPE__BODY_AUTHORIZE_REPLY) {
		ask_fail(q, ERROR_AWAY, NULL);
		return;
	}
	d = r->domain_name[0] ? tenants_domain(t, r->domain_name) : NULL;
	n = r->number[0] ? tenants_number(t, r->number) : NULL;
	s.sip_status = r->status;
	s.domain_name = r->domain_name;
	s.domain_sid = r->domain_sid;
	s.username = r->username;
	s.carrier_sid = r->carrier_sid;
	s.lists = (const char *const *)r->lists;
	s.n_lists = r->n_lists;
	if (r->verdict == TRESTLE__AUTHORIZE_REPLY__VERDICT__REJECT) {
		refuse(q, &s, r->error_code, r->text);
		return;
	}
	if (n && strcmp(n->account_sid, ask_account(q)) != 0) {
		s = simulation_of(q);
		refuse(q, &s, NO_NUMBER, "The number is none of this account");
		return;
	}
	if (d && emergency(q, d))
		return;
	s.outcome = "asks";
	s.voice = d ? &d->voice : n ? &n->voice : NULL;
	s.destination = n ? n->number : "";
	s.number_sid = n ? n->sid : NULL;
	s.caller = n ? r->caller : "";
	answer(q, &s);
}

static void ask_registrar(struct ask *q, const char *to, const char *from)
{
	const struct bus_req req = {
		.service = "registrar", .timeout_ms = ASK_MS, .retry = true};
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
	Trestle__AuthorizeRequest r = TRESTLE__AUTHORIZE_REQUEST__INIT;

	r.method = "INVITE";
	r.request_uri = lend(to);
	r.from_uri = lend(from);
	r.source_ip = lend(said(q, "source"));
	r.transport = lend(said(q, "transport"));
	r.simulate = true;
	r.carrier_sid = lend(said(q, "carrier"));
	env.body_case = TRESTLE__ENVELOPE__BODY_AUTHORIZE_REQUEST;
	env.authorize_request = &r;
	ask_bus(q, &req, &env, on_judged);
}

/* "bob", "sip:bob", "sip:bob@host" as a URI at @p domain, or at its own host */
static void write_uri(const char *text, const char *domain, char out[URI_SIZE])
{
	if (strncasecmp(text, "sip:", 4) == 0)
		text += 4;
	(void)snprintf(out, URI_SIZE,
	               strchr(text, '@') ? "sip:%s" : "sip:%s@%s", text,
	               domain);
}

/* The host of a URI, in lower case as domains are */
static void host_of(const char *uri, char out[256])
{
	const char *host = strrchr(uri, '@');
	size_t n = 0;

	host = host ? host + 1 : uri;
	for (; host[n] && !strchr(":;?>", host[n]) && n + 1 < 256; n++)
		out[n] = (char)(host[n] >= 'A' && host[n] <= 'Z'
		                        ? host[n] - 'A' + 'a'
		                        : host[n]);
	out[n] = '\0';
}

/* A phone sends what it dials to its own domain. */
static void by_phone(struct ask *q)
{
	char to[URI_SIZE], from[URI_SIZE], host[256] = "";
	struct simulation s = simulation_of(q);
	const char *domain = said(q, "domain");
	const struct domain *d;

	if (strchr(said(q, "from"), '@'))
		host_of(said(q, "from"), host);
	write_uri(said(q, "to"), *domain ? domain : host, to);
	host_of(to, host);
	d = tenants_domain(q->app->tenants, host);
	if (!d || strcmp(d->account_sid, ask_account(q)) != 0) {
		s.domain_name = host;
		s.sip_status = 404;
		refuse(q, &s, NO_DOMAIN,
		       "No SIP domain of this account has that name: say "
		       "DomainName, or make it");
		return;
	}
	write_uri(said(q, "from"), host, from);
	fields_set(&q->draft, "dialled", to + 4);
	fields_set(&q->draft, "user", from + 4);
	ask_registrar(q, to, from);
}

static void by_carrier(struct ask *q)
{
	const char *sid = said(q, "carrier");
	const struct carrier *c =
		*sid ? tenants_carrier(q->app->tenants, sid) : NULL;
	char to[URI_SIZE], from[URI_SIZE];

	if (!*sid && !*said(q, "source")) {
		ask_fail(q, ERROR_PARAMETER,
		         "CarrierSid: say which carrier, or its SourceIp");
		return;
	}
	if (*sid && (!c || !tenants_carrier_serves(q->app->tenants, c,
	                                           ask_account(q)))) {
		ask_fail(q, ERROR_MISSING, sid);
		return;
	}
	write_uri(said(q, "to"), "simulated.invalid", to);
	write_uri(said(q, "from"), "simulated.invalid", from);
	ask_registrar(q, to, from);
}

/* ---- the request ----------------------------------------------------------------- */

static bool is_own_domain(const struct ask *q, const char *name)
{
	const struct domain *d = tenants_domain(q->app->tenants, name);

	return d && strcmp(d->account_sid, ask_account(q)) == 0;
}

/* Who says nothing of it means: a carrier where one is named, a phone where From is
 * a user of a domain or a domain is named, else the API. */
static const char *origin_of(const struct ask *q)
{
	char host[256];

	if (*said(q, "carrier") || *said(q, "source"))
		return "carrier";
	host_of(said(q, "from"), host);
	return *said(q, "domain") || is_own_domain(q, host) ? "phone" : "api";
}

void route_simulations(struct ask *q)
{
	struct param_error error = {.code = 0};
	const char *domain;

	if (!params_take(params, &q->params, true, &q->draft, &error)) {
		ask_fail(q, error.code, error.detail);
		return;
	}
	domain = said(q, "domain");
	if (!tenants_snapshot(q->app->tenants)) {
		ask_fail(q, ERROR_AWAY, NULL);
		return;
	}
	if (*domain && !is_own_domain(q, domain)) {
		ask_fail(q, ERROR_MISSING, domain);
		return;
	}
	if (!*said(q, "origin"))
		fields_set(&q->draft, "origin", origin_of(q));
	if (strcmp(said(q, "origin"), "phone") == 0)
		by_phone(q);
	else if (strcmp(said(q, "origin"), "carrier") == 0)
		by_carrier(q);
	else if (strcmp(said(q, "origin"), "api") == 0)
		by_api(q);
	else
		ask_route(q, false);
}
