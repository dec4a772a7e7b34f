/*
 * step.c - one message: read, judged, sent on or answered
 */
#include "step.h"

#include <stdio.h>

#include "base/log.h"
#include "base/service.h"
#include "bus/bus.h"
#include "core/branch.h"
#include "loop/loop.h"
#include "send.h"
#include "store/tenants.h"

#define NO_DOMAIN "32002 " /* what X-Trestle-Error begins with */

enum { HEADERS_SIZE = 1024 };
enum { HOST_MAX = 253 }; /* longer than any domain of ours */
enum { LAG_MS = 500, LAG_HOLDS_MS = 1000 };

static void settle(struct app *app, const struct message *m,
                   const struct flow *from, const struct route *r)
{
	struct answer a = {.status = r->answer.status,
	                   .phrase = r->answer.phrase,
	                   .headers = r->headers};
	char headers[HEADERS_SIZE];

	if (r->unsupported.n > 0 && r->unsupported.n < HEADERS_SIZE / 2) {
		(void)snprintf(headers, sizeof(headers),
		               "Unsupported: %.*s\r\n", (int)r->unsupported.n,
		               r->unsupported.p);
		a.headers = headers;
	}
	send_answer(app, m, from, &a);
}

static void unavailable(struct app *app, const struct message *m,
                        const struct flow *from)
{
	struct answer a = {.status = 503, .phrase = "Service Unavailable"};

	send_answer(app, m, from, &a);
}

/* The owner when the dialog has one; else the one that had this Call-ID; else
 * the one that the hash names. */
static const struct peer *pick(struct app *app, const struct message *m,
                               const struct route *r)
{
	const struct peers *peers = bus_peers(service_bus(app->service));
	const struct peer *p = NULL;
	uint64_t now = loop_now_ms();
	char name[STICKY_NAME_MAX + 1];

	if (r->action == ROUTE_REGISTRAR)
		return peers_pick(peers, "registrar", r->key);
	if (r->dialog && r->owner.n < sizeof(name)) {
		(void)snprintf(name, sizeof(name), "%.*s", (int)r->owner.n,
		               r->owner.p);
		p = peers_find(peers, "call-controller", name);
	} else if (!r->dialog) {
		const char *last = sticky_find(app->sticky, m->call_id, now);

		p = last ? peers_find(peers, "call-controller", last) : NULL;
	}
	if (!p || !p->alive)
		p = peers_pick(peers, "call-controller", r->key);
	if (p && !r->dialog)
		sticky_put(app->sticky, m->call_id, p->instance, now);
	return p;
}

/* @return false: nobody is there */
static bool to_service(struct app *app, const struct message *m,
                       const struct flow *from, const struct route *r)
{
	const struct peer *p = pick(app, m, r);
	struct address to;

	if (!p || !address_parse(&to, slice_str(p->sip)))
		return false;
	if (branch_loops(app->key, m)) {
		struct answer loop = {.status = 482, .phrase = "Loop Detected"};

		send_answer(app, m, from, &loop);
	} else {
		send_inside(app, m, from, r, &to);
	}
	return true;
}

bool step_held(struct app *app, const struct flow *from, struct slice text,
               bool late)
{
	struct message m;
	struct route r;

	if (message_parse(&m, text.p, text.n) != MESSAGE_REQUEST)
		return true;
	route_outside(&r, &m, &app->self);
	if (r.action == ROUTE_ANSWER) { /* we were asked to end */
		settle(app, &m, from, &r);
		return true;
	}
	if (to_service(app, &m, from, &r))
		return true;
	if (late)
		unavailable(app, &m, from);
	return late;
}

/* A carrier is known like a house of phones; it is asked for only when a
 * stranger would have to wait. */
static bool may_pass(struct app *app, enum limiter_kind kind,
                     const struct address *source)
{
	uint64_t now = loop_now_ms();

	if (limiter_take(app->limiter, kind, source, now))
		return true;
	if (!app_carrier(app, source))
		return false;
	limiter_known(app->limiter, source, now);
	return limiter_take(app->limiter, kind, source, now);
}

/* Five messages of a scanner, and its address is banned, unless somebody of
 * ours is there too. */
static void on_scanner(struct app *app, const struct address *source)
{
	if (!app_carrier(app, source) &&
	    limiter_scan(app->limiter, source, loop_now_ms()))
		stats_banned(app->stats, source);
}

/* When messages wait too long to be read, new calls and registrations are
 * refused until that is over: what goes on goes on, and nobody is served so
 * late that it has asked again. What is known of datagrams holds for a while
 * for connections, whose bytes carry no time. */
static bool sheds(const struct app *app, const struct message *m,
                  const struct route *r)
{
	return r->fresh && r->action != ROUTE_ANSWER &&
	       m->method != METHOD_ACK && app->waited_ms > LAG_MS &&
	       loop_now_ms() - app->waited_at < LAG_HOLDS_MS;
}

/* Copies of the registrar count for themselves how often they tell a source that
 * there is no such domain: here it is told a few times in all. */
static bool is_lost(const struct app *app, const struct message *m,
                    const struct route *r, const struct address *source)
{
	char host[HOST_MAX + 1];

	if (!r->fresh || m->uri.host.n >= sizeof(host) ||
	    !limiter_is_lost(app->limiter, source, loop_now_ms()))
		return false;
	(void)snprintf(host, sizeof(host), "%.*s", (int)m->uri.host.n,
	               m->uri.host.p);
	return !tenants_domain(app->tenants, host) && !app_carrier(app, source);
}

/* A CANCEL must not overtake its INVITE. */
static bool is_behind_held(const struct app *app, const struct message *m)
{
	return m->method == METHOD_CANCEL && !held_empty(app->held);
}

static void request_outside(struct app *app, const struct message *m,
                            const struct flow *from, struct slice text)
{
	struct route r;

	route_outside(&r, m, &app->self);
	if (r.action == ROUTE_DROP) {
		stats_dropped(app->stats, r.reason, &from->peer);
		if (r.reason == DROP_SCANNER)
			on_scanner(app, &from->peer);
		if (from->connection != 0)
			streams_end(app->streams, from->connection);
		return;
	}
	if (!may_pass(app, r.fresh ? LIMITER_REQUEST : LIMITER_DIALOG,
	              &from->peer)) {
		stats_dropped(app->stats, DROP_RATE, &from->peer);
		return;
	}
	if (r.action == ROUTE_ANSWER) {
		settle(app, m, from, &r);
	} else if (is_lost(app, m, &r, &from->peer)) {
		stats_dropped(app->stats, DROP_LOST, &from->peer);
	} else if (sheds(app, m, &r)) {
		stats_shed(app->stats);
		unavailable(app, m, from);
	} else if (is_behind_held(app, m) || !to_service(app, m, from, &r)) {
		if (!held_put(app->held, from, text))
			unavailable(app, m, from);
	}
}

/* A response from outside to a request of one of our processes */
static void response_outside(struct app *app, const struct message *m,
                             const struct flow *from)
{
	static char text[REWRITE_MAX]; /* one thread, not kept */
	char source[SEND_SOURCE_SIZE];
	struct flow to;
	size_t n;

	if (!token_read(app->key, TOKEN_VIA, m->via.flow, &to) ||
	    !to.internal) {
		stats_dropped(app->stats, DROP_FOREIGN, &from->peer);
		return;
	}
	outages_answered(app->outages, slice_sum(m->via.branch));
	n = m->fault.status == 0
	            ? rewrite_response(text, sizeof(text), m,
	                               send_print_source(from, source))
	            : 0;
	if (n == 0) {
		stats_dropped(app->stats, DROP_BAD_RESPONSE, &from->peer);
		return;
	}
	if (send_on_flow(app, &to, (struct slice){text, n}) == 0)
		stats_passed(app->stats, PASSED_RESPONSE_IN);
	else
		stats_dropped(app->stats, DROP_SEND, &to.peer);
}

void step_outside(struct app *app, const struct flow *from, struct slice text)
{
	struct message m;

	app->forwarded_at = loop_now_ms();
	if (limiter_banned(app->limiter, &from->peer, app->forwarded_at)) {
		stats_dropped(app->stats, DROP_BANNED, &from->peer);
		if (from->connection != 0)
			streams_end(app->streams, from->connection);
		return;
	}
	switch (message_parse(&m, text.p, text.n)) {
	case MESSAGE_JUNK:
		stats_dropped(app->stats, DROP_JUNK, &from->peer);
		if (from->connection != 0)
			streams_end(app->streams, from->connection);
		break;
	case MESSAGE_REQUEST: request_outside(app, &m, from, text); break;
	case MESSAGE_RESPONSE: response_outside(app, &m, from); break;
	}
}

/* A registrar accepted it: whoever is there is a phone of ours. */
static void accepted(struct app *app, const struct message *m,
                     const struct flow *to)
{
	if (m->status != 200 || !slice_eq(m->cseq_method, SLICE("REGISTER")))
		return;
	limiter_known(app->limiter, &to->peer, loop_now_ms());
	if (to->connection != 0)
		streams_registered(app->streams, to->connection);
}

/* A registrar knows no such domain. */
static void unknown(struct app *app, const struct message *m,
                    const struct flow *to)
{
	if (m->status == 404 &&
	    slice_starts(m->first[HEADER_TRESTLE], SLICE(NO_DOMAIN)))
		limiter_lost(app->limiter, &to->peer, loop_now_ms());
}

static void response_inside(struct app *app, const struct message *m)
{
	static char text[REWRITE_MAX]; /* one thread, not kept */
	struct flow to;
	size_t n;

	if (!token_read(app->key, TOKEN_VIA, m->via.flow, &to) || to.internal) {
		stats_dropped(app->stats, DROP_FOREIGN, NULL);
		return;
	}
	n = m->fault.status == 0
	            ? rewrite_response(text, sizeof(text), m, (struct slice){0})
	            : 0;
	if (n == 0) {
		stats_dropped(app->stats, DROP_BAD_RESPONSE, NULL);
		return;
	}
	if (send_on_flow(app, &to, (struct slice){text, n}) != 0) {
		stats_dropped(app->stats, DROP_FLOW, &to.peer);
		return;
	}
	stats_passed(app->stats, PASSED_RESPONSE_OUT);
	accepted(app, m, &to);
	unknown(app, m, &to);
}

static bool is_ours(const struct app *app, const struct address *from)
{
	static const char *const services[] = {"registrar", "call-controller"};
	const struct peers *peers = bus_peers(service_bus(app->service));
	char text[ADDRESS_TEXT_SIZE];

	address_print(from, text);
	for (size_t i = 0; i < 2; i++) {
		const struct peer *p;

		for (size_t n = 0; (p = peers_nth(peers, services[i], n));
		     n++) {
			if (strcmp(p->sip, text) == 0)
				return true;
		}
	}
	return false;
}

static void request_inside(struct app *app, const struct message *m,
                           const struct flow *from)
{
	struct route r;

	route_inside(&r, m, &app->self, app->key);
	switch (r.action) {
	case ROUTE_DROP: stats_dropped(app->stats, r.reason, NULL); break;
	case ROUTE_ANSWER: settle(app, m, from, &r); break;
	case ROUTE_FLOW: send_outside(app, m, from, &r); break;
	case ROUTE_URI: send_to_uri(app, m, from, &r); break;
	case ROUTE_REGISTRAR:
	case ROUTE_CONTROLLER: break;
	}
}

void step_inside(struct app *app, const struct flow *from, struct slice text)
{
	struct message m;

	if (!is_ours(app, &from->peer)) {
		stats_dropped(app->stats, DROP_STRANGER, &from->peer);
		return;
	}
	app->forwarded_at = loop_now_ms();
	switch (message_parse(&m, text.p, text.n)) {
	case MESSAGE_JUNK:
		stats_dropped(app->stats, DROP_JUNK, &from->peer);
		break;
	case MESSAGE_REQUEST: request_inside(app, &m, from); break;
	case MESSAGE_RESPONSE: response_inside(app, &m); break;
	}
}

void step_bad(struct app *app, const struct flow *from, struct slice text)
{
	struct message m;
	struct answer bad = {.status = 400, .phrase = "Bad Framing"};

	if (message_parse(&m, text.p, text.n) == MESSAGE_REQUEST &&
	    m.via.text.n > 0)
		send_answer(app, &m, from, &bad);
	else
		stats_dropped(app->stats, DROP_JUNK, &from->peer);
}

void step_undelivered(struct app *app, const struct flow *flow,
                      struct slice text)
{
	struct message m;

	if (message_parse(&m, text.p, text.n) == MESSAGE_REQUEST)
		send_again(app, &m, flow);
}

void step_undeliverable(struct app *app, struct slice text)
{
	static char answer[REWRITE_MAX]; /* one thread, not kept */
	struct message m;
	struct message reply;
	struct flow from;
	size_t n;

	if (message_parse(&m, text.p, text.n) != MESSAGE_REQUEST ||
	    m.method == METHOD_ACK)
		return;
	n = rewrite_answer(answer, sizeof(answer), &m,
	                   &(struct answer){.status = 503,
	                                    .phrase = "Service Unavailable"});
	/* To ourselves as it were: our own Via is on top */
	from = (struct flow){.peer = app->self.internal};
	if (n > 0 && message_parse(&reply, answer, n) == MESSAGE_RESPONSE)
		response_outside(app, &reply, &from);
}
