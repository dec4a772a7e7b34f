/*
 * simulate.c - whom would this reach, and why not? (proto/route.proto)
 */
#include "simulate.h"

#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "core/arena.h"
#include "core/caller.h"
#include "core/resolved.h"
#include "core/route.h"
#include "core/status.h"
#include "lookup.h"
#include "store/tenants.h"

struct simulation {
	struct app *app;
	struct bus_return from;
	struct arena arena;
	struct route route;
	struct caller_choice caller;
	bool by_api;
	char api_caller[CALLER_SIZE];
};

static void close_simulation(struct simulation *s)
{
	arena_close(&s->arena);
	free(s);
}

static void reply(struct simulation *s, Trestle__RouteReply *r)
{
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;

	r->destination = (char *)(uintptr_t)s->route.what;
	env.body_case = TRESTLE__ENVELOPE__BODY_ROUTE_REPLY;
	env.route_reply = r;
	bus_reply(s->app->bus, &s->from, &env);
	close_simulation(s);
}

static void refuse(struct simulation *s, Trestle__RouteReply *r,
                   const struct resolved_refusal *why)
{
	r->code = why->code;
	r->sip_status = s->by_api ? why->sip
	                          : status_to_caller(STATUS_FAILED, why->sip);
	r->text = (char *)(uintptr_t)why->text;
	reply(s, r);
}

static Trestle__RouteReply__Kind kind_of(const struct simulation *s,
                                         const struct event *ev)
{
	switch (s->route.kind) {
	case RESOLVE_EMERGENCY: return TRESTLE__ROUTE_REPLY__KIND__EMERGENCY;
	case RESOLVE_NUMBER:
		return ev->n_targets && ev->targets[0].own_number
		               ? TRESTLE__ROUTE_REPLY__KIND__OWN_NUMBER
		               : TRESTLE__ROUTE_REPLY__KIND__NUMBER;
	case RESOLVE_URI: break;
	}
	switch (ev->resolution) {
	case RESOLVED_FORK:
	case RESOLVED_NOT_REGISTERED:
	case RESOLVED_NOT_FOUND: return TRESTLE__ROUTE_REPLY__KIND__USER;
	default: return TRESTLE__ROUTE_REPLY__KIND__URI;
	}
}

static void fill_targets(const struct event *ev, Trestle__RouteTarget *targets,
                         Trestle__RouteTarget **out)
{
	for (size_t i = 0; i < ev->n_targets; i++) {
		const struct target *t = &ev->targets[i];

		trestle__route_target__init(&targets[i]);
		targets[i].uri = (char *)(uintptr_t)t->uri;
		targets[i].carrier_sid = (char *)(uintptr_t)t->carrier;
		targets[i].source_ip = (char *)(uintptr_t)t->source_ip;
		out[i] = &targets[i];
	}
}

static void on_resolved(void *arg, const struct event *ev)
{
	struct simulation *s = arg;
	Trestle__RouteReply r = TRESTLE__ROUTE_REPLY__INIT;
	Trestle__RouteTarget targets[TARGETS_MAX], *pointers[TARGETS_MAX];
	const char *caller =
		caller_shown(s->route.kind, &s->caller, ev->caller_owned);

	r.kind = kind_of(s, ev);
	if (!resolved_reachable(ev->resolution)) {
		refuse(s, &r, resolved_refusal(ev->resolution));
		return;
	}
	if (!caller) {
		refuse(s, &r, &caller_refusal);
		return;
	}
	r.caller = (char *)(uintptr_t)(*ev->caller ? ev->caller : caller);
	fill_targets(ev, targets, pointers);
	r.n_targets = ev->n_targets;
	r.targets = pointers;
	reply(s, &r);
}

static struct caller_facts facts_of(const struct app *app,
                                    const Trestle__RouteQuery *q,
                                    enum resolve_kind kind)
{
	const struct domain *d =
		q->domain[0] ? tenants_domain(app->tenants, q->domain) : NULL;

	return (struct caller_facts){
		.kind = kind,
		.wish = q->caller,
		.from = q->from,
		.to = q->called,
		.default_caller_id = d ? d->default_caller_id : "",
		.by_phone = q->domain[0] != '\0',
	};
}

static void look_up(struct simulation *s, const Trestle__RouteQuery *q)
{
	const struct cmd_resolve cmd = {
		.child = "",
		.kind = s->route.kind,
		.what = s->route.what,
		.caller = s->caller.caller,
		.carrier = q->carrier,
	};
	const struct lookup_question question = {
		.account_sid = q->account_sid,
		.domain = q->domain,
		.cmd = &cmd,
	};

	if (lookup_ask(s->app, &question, on_resolved, s)) {
		bus_refuse(s->app->bus, &s->from,
		           TRESTLE__REFUSAL__REASON__OVERLOADED,
		           "out of memory");
		close_simulation(s);
	}
}

static void begin(struct simulation *s, const Trestle__RouteQuery *q)
{
	Trestle__RouteReply r = TRESTLE__ROUTE_REPLY__INIT;
	const struct resolved_refusal *wrong = caller_wrong(q->caller);
	struct caller_facts facts;

	if (q->sip)
		route_sip(&s->arena, q->to, &s->route);
	else
		route_number(&s->arena, q->to, &s->route);
	if (s->route.refused) {
		const struct resolved_refusal why = {
			s->route.code, s->route.refused, s->route.text};

		refuse(s, &r, &why);
		return;
	}
	if (wrong && s->route.kind != RESOLVE_EMERGENCY) {
		refuse(s, &r, wrong);
		return;
	}
	facts = facts_of(s->app, q, s->route.kind);
	if (wrong)
		facts.wish = ""; /* help is called all the same */
	if (q->by_api) {
		caller_of_api(q->caller, q->from, s->api_caller);
		s->caller = (struct caller_choice){s->api_caller, "", true};
	} else if (!caller_pick(&s->arena, &facts, &s->caller)) {
		refuse(s, &r, caller_nobody(facts.wish));
		return;
	}
	look_up(s, q);
}

void simulate_on_request(struct app *app, const struct bus_return *from,
                         const Trestle__Envelope *env)
{
	struct simulation *s = calloc(1, sizeof(*s));

	if (!s) {
		bus_refuse(app->bus, from, TRESTLE__REFUSAL__REASON__OVERLOADED,
		           "out of memory");
		return;
	}
	s->app = app;
	s->from = *from;
	s->by_api = env->route_query->by_api;
	begin(s, env->route_query);
}
