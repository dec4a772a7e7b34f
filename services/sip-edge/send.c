/*
 * send.c - messages leave: on a flow, to one of our processes, to a URI
 */
#include "send.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/service.h"
#include "bus/bus.h"
#include "core/branch.h"
#include "loop/loop.h"
#include "step.h"

enum { VALUE_SIZE = 512, TAG_SIZE = TOKEN_HASH + 1 };
enum { RETRY_S = 5, RETRY_SIZE = 32 }; /* Retry-After: 5 to 10 s */

/* A URI to be called: the message waits for the name server */
struct waiting {
	struct app *app;
	struct flow from;
	size_t n;
	char text[];
};

struct values {
	char via[VALUE_SIZE];
	char public[VALUE_SIZE];   /* Record-Route of the outside */
	char internal[VALUE_SIZE]; /* Record-Route of the inside  */
	char path[VALUE_SIZE];
	char source[VALUE_SIZE];
};

static const char *const upper[] = {"UDP", "TCP", "TLS"};
static const char *const lower[] = {"udp", "tcp", "tls"};

static char buffer[REWRITE_MAX]; /* one thread; nothing outlives a message */

int send_on_flow(struct app *app, const struct flow *flow, struct slice text)
{
	if (flow->internal)
		return udp_send(app->internal, &flow->peer, text);
	if (flow->transport == TRANSPORT_UDP)
		return flow->socket < app->n_public
		               ? udp_send(app->public[flow->socket],
		                          &flow -> peer, text)
		               : ENOTCONN;
	if (flow->boot != app->boot)
		return ENOTCONN;
	return streams_send(app->streams, flow->connection, text);
}

void send_answer(struct app *app, const struct message *m,
                 const struct flow *from, const struct answer *answer)
{
	struct slice parts[] = {SLICE("tag"), m->call_id, m->via.branch};
	struct answer a = *answer;
	char tag[TAG_SIZE];
	char later[RETRY_SIZE];
	size_t n;

	if (m->method == METHOD_ACK)
		return;
	if (!from->internal && !limiter_take(app->limiter, LIMITER_ANSWER,
	                                     &from->peer, loop_now_ms())) {
		stats_dropped(app->stats, DROP_RATE, &from->peer);
		return;
	}
	token_hash(app->key, parts, sizeof(parts) / sizeof(parts[0]), tag);
	a.to_tag = slice_str(tag);
	a.source = &from->peer;
	if (a.status == 503) { /* not all at once */
		(void)snprintf(later, sizeof(later), "Retry-After: %d\r\n",
		               RETRY_S + tag[0] % (RETRY_S + 1));
		a.headers = later;
	}
	n = rewrite_answer(buffer, sizeof(buffer), m, &a);
	if (n > 0)
		(void)send_on_flow(app, from, (struct slice){buffer, n});
	stats_answered(app->stats, a.status);
}

static void refuse(struct app *app, const struct message *m,
                   const struct flow *from, unsigned status, const char *phrase)
{
	struct answer a = {.status = status, .phrase = phrase};

	send_answer(app, m, from, &a);
}

static uint32_t public_port(const struct app *app, enum transport transport)
{
	return transport == TRANSPORT_TLS ? app->conf->sips_port
	                                  : app->conf->port;
}

static struct slice print_public(const struct app *app, const struct message *m,
                                 enum transport transport, char *out)
{
	if (m->uri.scheme == URI_SIPS && transport == TRANSPORT_TLS)
		(void)snprintf(out, VALUE_SIZE, "<sips:%s:%u;lr>",
		               app->advertise, app->conf->sips_port);
	else
		(void)snprintf(out, VALUE_SIZE, "<sip:%s:%u;transport=%s;lr>",
		               app->advertise, public_port(app, transport),
		               lower[transport]);
	return slice_str(out);
}

/* `<sip:TOKEN@edge-internal:port;lr>`; without a flow no token */
static struct slice print_internal(const struct app *app,
                                   const struct flow *flow, char *out)
{
	char token[TOKEN_SIZE] = "";

	if (flow)
		token_make(app->key, TOKEN_ROUTE, flow, token);
	(void)snprintf(out, VALUE_SIZE, "<sip:%s%s%s;lr>", token,
	               flow ? "@" : "", app->internal_text);
	return slice_str(out);
}

/* Our Via names the way back for the response */
static struct slice print_via(const struct app *app, const struct message *m,
                              const struct flow *from, enum transport transport,
                              char *out)
{
	char branch[BRANCH_SIZE];
	char token[TOKEN_SIZE];

	branch_make(app->key, m, branch);
	token_make(app->key, TOKEN_VIA, from, token);
	if (from->internal)
		(void)snprintf(out, VALUE_SIZE,
		               "SIP/2.0/%s %s:%u;branch=%s;rport;flow=%s",
		               upper[transport], app->advertise,
		               public_port(app, transport), branch, token);
	else
		(void)snprintf(out, VALUE_SIZE,
		               "SIP/2.0/UDP %s;branch=%s;flow=%s",
		               app->internal_text, branch, token);
	return slice_str(out);
}

static bool makes_dialog(const struct message *m)
{
	return m->to_tag.n == 0 && m->method == METHOD_INVITE;
}

void send_inside(struct app *app, const struct message *m,
                 const struct flow *from, const struct route *r,
                 const struct address *to)
{
	struct values v;
	char peer[ADDRESS_TEXT_SIZE];
	struct rewrite w = {
		.source = &from->peer,
		.uri = r->uri,
		.routes = r->routes,
		.decrement = true,
		.strip = true,
		.strip_identity = m->count[HEADER_IDENTITY] > 0 &&
	                          !app_carrier(app, &from->peer),
	};
	size_t n;

	w.via = print_via(app, m, from, TRANSPORT_UDP, v.via);
	if (m->method == METHOD_REGISTER)
		w.path = print_internal(app, from, v.path);
	if (makes_dialog(m)) {
		w.record_route[0] = print_internal(app, from, v.internal);
		w.record_route[1] =
			print_public(app, m, from->transport, v.public);
	}
	(void)snprintf(v.source, sizeof(v.source), "%s;transport=%s",
	               address_print(&from->peer, peer),
	               lower[from->transport]);
	w.trestle_source = slice_str(v.source);
	n = rewrite_request(buffer, sizeof(buffer), m, &w);
	if (n == 0) {
		refuse(app, m, from, 513, "Message Too Large");
		return;
	}
	if (udp_send(app->internal, to, (struct slice){buffer, n}) == 0)
		stats_passed(app->stats, PASSED_REQUEST_IN);
	else
		stats_dropped(app->stats, DROP_SEND, to);
}

/* The text that leaves for the outside. @return its length, 0: too large */
static size_t print_outward(struct app *app, const struct message *m,
                            const struct flow *from, const struct route *r,
                            enum transport transport, const struct flow *flow)
{
	struct values v;
	struct rewrite w = {
		.routes = r->routes, .decrement = true, .strip = true};

	w.via = print_via(app, m, from, transport, v.via);
	if (makes_dialog(m)) {
		w.record_route[0] = print_public(app, m, transport, v.public);
		w.record_route[1] = print_internal(app, flow, v.internal);
	}
	return rewrite_request(buffer, sizeof(buffer), m, &w);
}

void send_outside(struct app *app, const struct message *m,
                  const struct flow *from, const struct route *r)
{
	size_t n = print_outward(app, m, from, r, r->flow.transport, &r->flow);
	int err;

	if (n == 0) {
		refuse(app, m, from, 513, "Message Too Large");
		return;
	}
	err = send_on_flow(app, &r->flow, (struct slice){buffer, n});
	if (err == 0)
		stats_passed(app->stats, PASSED_REQUEST_OUT);
	else /* RFC 5626 5.3.1 */
		refuse(app, m, from, 430, "Flow Failed");
}

static bool endpoint_is(const char *endpoint, const struct address *to)
{
	struct address a;
	struct slice s = slice_str(endpoint);

	if (slice_starts(s, SLICE("tcp://")))
		s = slice_from(s, 6);
	return address_parse(&a, s) && address_same(&a, to);
}

static bool peer_is(const struct peer *p, const struct address *to)
{
	return endpoint_is(p->endpoint, to) || endpoint_is(p->http, to) ||
	       endpoint_is(p->sip, to);
}

/* A call must not reach what only we may speak to: SIP over TCP to the port of
 * Redis is a command to Redis. */
static bool allowed(const struct app *app, const struct address *to)
{
	static const char *const services[] = {"registrar", "call-controller"};
	const struct peers *peers = bus_peers(service_bus(app->service));

	if (to->port == 0 || address_same(to, &app->self.internal))
		return false;
	if (!address_private(to))
		return true;
	if (!address_nets_have(&app->allow_private, to) ||
	    to->port == app->redis_port)
		return false;
	for (size_t i = 0; i < 2; i++) {
		const struct peer *p;

		for (size_t n = 0; (p = peers_nth(peers, services[i], n));
		     n++) {
			if (peer_is(p, to))
				return false;
		}
	}
	return true;
}

static enum transport transport_of(const struct uri *uri)
{
	struct slice value;

	if (uri->scheme == URI_SIPS)
		return TRANSPORT_TLS;
	if (!uri_param(uri->params, SLICE("transport"), &value))
		return TRANSPORT_UDP;
	if (slice_same(value, SLICE("tls")))
		return TRANSPORT_TLS;
	return slice_same(value, SLICE("tcp")) ? TRANSPORT_TCP : TRANSPORT_UDP;
}

static int send_udp_to(struct app *app, const struct address *to,
                       struct slice text)
{
	for (size_t i = 0; i < app->n_public; i++) {
		if (address_is_ipv4(udp_local(app->public[i])) ==
		    address_is_ipv4(to))
			return udp_send(app->public[i], to, text);
	}
	return EAFNOSUPPORT;
}

/* The target has an address now. */
static void send_to_address(struct app *app, const struct message *m,
                            const struct flow *from, const struct route *r,
                            const struct address *to)
{
	enum transport transport = transport_of(&r->target);
	char name[RESOLVE_NAME_MAX + 1];
	struct slice text = {buffer, 0};
	int err;

	if (!allowed(app, to)) {
		log_warn(app->log,
		         "refused to call %.*s: the address is private; "
		         "TRESTLE_SIP_ALLOW_PRIVATE permits networks",
		         (int)r->target.host.n, r->target.host.p);
		refuse(app, m, from, 403, "Forbidden Target");
		return;
	}
	text.n = print_outward(app, m, from, r, transport, NULL);
	if (text.n == 0) {
		refuse(app, m, from, 513, "Message Too Large");
		return;
	}
	(void)snprintf(name, sizeof(name), "%.*s",
	               (int)(r->target.host.n & 0xff), r->target.host.p);
	if (transport == TRANSPORT_UDP)
		err = send_udp_to(app, to, text);
	else
		err = streams_send_to(app->streams, transport, to, name, text);
	if (err == 0)
		stats_passed(app->stats, PASSED_REQUEST_OUT);
	else
		refuse(app, m, from, 503, "Service Unavailable");
}

static void on_resolved(void *arg, int err, const struct address *to)
{
	struct waiting *w = arg;
	struct message m;
	struct route r;

	(void)message_parse(&m, w->text, w->n);
	route_inside(&r, &m, &w->app->self, w->app->key);
	if (err)
		refuse(w->app, &m, &w->from, 503, "No Such Host");
	else
		send_to_address(w->app, &m, &w->from, &r, to);
	free(w);
}

static void resolve_first(struct app *app, const struct message *m,
                          const struct flow *from, const struct route *r)
{
	struct resolve_req req = {
		.name = r->target.host,
		.port = r->target.port,
		.transport = transport_of(&r->target),
	};
	size_t n = (size_t)(m->body.p + m->body.n - m->start_line.p);
	struct waiting *w = malloc(sizeof(*w) + n);
	int err = ENOMEM;

	for (size_t i = 0; i < app->n_public; i++)
		req.ipv6 =
			req.ipv6 || !address_is_ipv4(udp_local(app->public[i]));
	if (w) {
		w->app = app;
		w->from = *from;
		w->n = n;
		memcpy(w->text, m->start_line.p, n);
		err = resolve(app->resolver, &req, on_resolved, w);
	}
	if (err) {
		free(w);
		refuse(app, m, from, 503, "Service Unavailable");
	}
}

void send_to_uri(struct app *app, const struct message *m,
                 const struct flow *from, const struct route *r)
{
	struct slice maddr;
	struct address to;

	if (uri_param(r->target.params, SLICE("maddr"), &maddr)) {
		refuse(app, m, from, 400, "No Multicast Here");
		return;
	}
	if (!address_parse_ip(&to, r->target.host)) {
		resolve_first(app, m, from, r);
		return;
	}
	to.port = r->target.port                              ? r->target.port
	          : transport_of(&r->target) == TRANSPORT_TLS ? 5061
	                                                      : 5060;
	send_to_address(app, m, from, r, &to);
}
