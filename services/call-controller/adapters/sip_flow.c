/*
 * sip_flow.c - a phone whose connection broke in mid-call: the way to it anew
 *
 *   430 ─► LookupRequest ─┬─► its new binding: that flow, the request again
 *                         ├─► the old one still: ask again in a second
 *                         └─► none, for long: its Contact, through any edge
 *
 * RFC 5626 5.3: an edge answers 430 when the connection that a flow token
 * names is gone. The phone connects and registers again (4.4.1), with the same
 * +sip.instance or Contact; until then there is no way to it.
 */
#include "sip_leg.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "bus/bus.h"
#include "loop/loop.h"
#include "uri.h"

enum { FLOW_LOOKUP_MS = 3000 };
enum { FLOW_WAIT_MS = 1000 }; /* from one look-up to the next */
enum { FLOW_TRIES_MAX = 15 }; /* look-ups for one leg; then its Contact */
enum { FLOW_ROUTES_MAX = 4 }; /* Path values of a binding */
enum { FLOW_AOR_MAX = 400 };  /* bytes of user@domain */
enum { FLOW_EDGE_MAX = 128 }; /* bytes of a Route value to an edge */

struct reflow {
	struct ask ask;
	unsigned leg;
	bool bye; /* the request that failed; else a re-INVITE */
	char aor[FLOW_AOR_MAX];
};

/* ---- which binding is the phone of this leg -------------------------------- */

/* The URN alone, of `"<urn:uuid:…>"` in whichever quotes */
struct urn {
	const char *s;
	size_t n;
};

static struct urn urn_of(const char *instance)
{
	const char *s = instance + strspn(instance, "\"<");

	return (struct urn){s, strcspn(s, "\">")};
}

static bool same_instance(const char *a, const char *b)
{
	struct urn x = urn_of(a), y = urn_of(b);

	return x.n > 0 && x.n == y.n && memcmp(x.s, y.s, x.n) == 0;
}

/* 0: another device. A TCP port changes with the connection and says nothing. */
static unsigned likeness(const struct sip_leg *leg, const char *target,
                         const Trestle__Binding *b)
{
	struct uri one, other;

	if (leg->instance && b->instance[0])
		return same_instance(leg->instance, b->instance) ? 3 : 0;
	if (!uri_parse(target, &one) || !uri_parse(b->contact, &other) ||
	    strcmp(one.user, other.user) != 0)
		return 0;
	return strcmp(one.host, other.host) == 0 ? 2 : 1;
}

static const Trestle__Binding *binding_of(const struct sip_leg *leg,
                                          const Trestle__LookupReply *l)
{
	su_home_t home[1] = {SU_HOME_INIT(home)};
	const Trestle__Binding *best = NULL;
	const sip_contact_t *target = NULL;
	const char *uri = NULL;
	unsigned most = 0;

	(void)nta_leg_get_route(leg->dialog, NULL, &target);
	if (target)
		uri = url_as_string(home, target->m_url);
	for (size_t i = 0; uri && i < l->n_bindings; i++) {
		unsigned like = likeness(leg, uri, l->bindings[i]);

		if (like > most) {
			most = like;
			best = l->bindings[i];
		}
	}
	su_home_deinit(home);
	return best;
}

/* ---- the new route ---------------------------------------------------------- */

/* nta turns the list round, as it does with a Record-Route. */
bool sip_flow_set(struct sip_leg *leg, const char *const *routes, size_t n)
{
	su_home_t home[1] = {SU_HOME_INIT(home)};
	sip_record_route_t *list = NULL;
	bool done = false;

	if (n == 0 || n > FLOW_ROUTES_MAX)
		goto out;
	for (size_t i = 0; i < n; i++) {
		sip_record_route_t *r = sip_record_route_make(home, routes[i]);

		if (!r)
			goto out;
		r->r_next = list;
		list = r;
	}
	done = nta_leg_client_reroute(leg->dialog, list, NULL, 1) >= 0;
out:
	su_home_deinit(home);
	return done;
}

static bool is_old(const struct sip_leg *leg, const Trestle__Binding *b)
{
	su_home_t home[1] = {SU_HOME_INIT(home)};
	const sip_route_t *route = NULL;
	const sip_route_t *path = sip_route_make(home, b->path[0]);
	bool same;

	(void)nta_leg_get_route(leg->dialog, &route, NULL);
	same = route && path && url_cmp(route->r_url, path->r_url) == 0;
	su_home_deinit(home);
	return same;
}

static bool route_to_contact(struct sip_leg *leg)
{
	const struct peer *edge = peers_pick(bus_peers(leg->sip->app->bus),
	                                     "sip-edge", leg->owned->sid);
	char route[FLOW_EDGE_MAX];
	const char *routes[] = {route};

	if (!edge || !edge->sip[0])
		return false;
	(void)snprintf(route, sizeof(route), "<sip:%s;lr>", edge->sip);
	return sip_flow_set(leg, routes, 1);
}

/* ---- the request again ------------------------------------------------------ */

static void again(struct reflow *f, struct sip_leg *leg, bool rerouted)
{
	struct event ev = app_event(
		f->bye ? EV_LEG_ENDED : EV_LEG_REOFFER_FAILED, f->leg);
	struct app *app = f->ask.app;
	char sid[SID_SIZE];
	bool bye = f->bye;

	memcpy(sid, f->ask.call_sid, sizeof(sid));
	ask_free(&f->ask);
	if (bye && rerouted && sip_dialog_bye(leg, ""))
		return;
	/* 430 lets the core offer once more */
	ev.status = rerouted ? 430 : 503;
	app_step(app, sid, &ev);
}

static void by_contact(struct reflow *f, struct sip_leg *leg)
{
	leg->flow_tries = FLOW_TRIES_MAX;
	log_info(&leg->owned->log,
	         "leg %u: no flow to the phone, trying its Contact", f->leg);
	again(f, leg, route_to_contact(leg));
}

struct sip_leg *sip_flow_leg(const struct ask *ask, unsigned number)
{
	struct owned *o = app_find(ask->app, ask->call_sid);
	struct sip_leg *leg = o ? sip_leg_find(o, number) : NULL;

	return leg && leg->dialog ? leg : NULL;
}

static void look_up(void *arg);

static void on_lookup(void *arg, int err, const Trestle__Envelope *reply)
{
	struct reflow *f = arg;
	struct sip_leg *leg = sip_flow_leg(&f->ask, f->leg);
	const Trestle__LookupReply *l = NULL;
	const Trestle__Binding *b = NULL;

	if (!leg) {
		ask_free(&f->ask);
		return;
	}
	if (!err && reply->body_case == TRESTLE__ENVELOPE__BODY_LOOKUP_REPLY) {
		l = reply->lookup_reply;
		b = binding_of(leg, l);
	}
	if (b && b->n_path > 0 && !is_old(leg, b) &&
	    sip_flow_set(leg, (const char *const *)b->path, b->n_path)) {
		log_info(&leg->owned->log, "leg %u: the phone has a new flow",
		         f->leg);
		again(f, leg, true);
	} else if ((l && !l->domain_known) ||
	           leg->flow_tries >= FLOW_TRIES_MAX) {
		by_contact(f, leg);
	} else {
		timer_start(f->ask.timer, FLOW_WAIT_MS);
	}
}

static void look_up(void *arg)
{
	struct reflow *f = arg;
	struct sip_leg *leg = sip_flow_leg(&f->ask, f->leg);
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
	Trestle__LookupRequest request = TRESTLE__LOOKUP_REQUEST__INIT;
	struct bus_req req = {
		.service = "registrar",
		.key = f->aor,
		.timeout_ms = FLOW_LOOKUP_MS,
		.retry = true,
	};

	if (!leg) {
		ask_free(&f->ask);
		return;
	}
	leg->flow_tries++;
	env.call_sid = f->ask.call_sid;
	env.body_case = TRESTLE__ENVELOPE__BODY_LOOKUP_REQUEST;
	env.lookup_request = &request;
	request.aor = f->aor;
	if (bus_request(f->ask.app->bus, &req, &env, on_lookup, f))
		by_contact(f, leg);
}

bool sip_flow_again(struct sip_leg *leg, bool bye)
{
	struct app *app = leg->sip->app;
	struct reflow *f;
	struct uri uri;

	if (leg->flow_tries >= FLOW_TRIES_MAX || !uri_parse(leg->remote, &uri))
		return false;
	f = ask_alloc(app, sizeof(*f), leg->owned->sid);
	if (!f || timer_alloc(&f->ask.timer, app->loop, look_up, f)) {
		ask_free(f ? &f->ask : NULL);
		return false;
	}
	f->leg = leg->number;
	f->bye = bye;
	(void)snprintf(f->aor, sizeof(f->aor), "%s@%s", uri.user, uri.host);
	timer_start(f->ask.timer, 0);
	return true;
}
