/*
 * send_uri.c - requests to a URI of others: which server, and another one when
 * that does not answer (RFC 3263)
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
	if (!address_among(&app->allow_private, to) ||
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

/* An INVITE over UDP that leaves a third time: its server does not answer. */
static bool is_silent(struct app *app, const struct message *m,
                      const struct flow *from, const struct address *to)
{
	char branch[BRANCH_SIZE];

	if (m->method != METHOD_INVITE)
		return false;
	branch_make(app->key, m, from, branch);
	return outages_count(app->outages, slice_sum(slice_str(branch)), to,
	                     loop_now_ms());
}

/* There is no address that may be called: the controller tells the tenant. */
static void refuse_target(struct app *app, const struct message *m,
                          const struct flow *from, unsigned status,
                          const char *phrase)
{
	struct answer a = {.status = status,
	                   .phrase = phrase,
	                   .headers = "X-Trestle-Error: 13254 the host has no "
	                              "address that may be called\r\n"};

	send_answer(app, m, from, &a);
}

/* The target has an address now. */
static void send_to_address(struct app *app, const struct message *m,
                            const struct flow *from, const struct route *r,
                            const struct address *to, enum transport transport)
{
	char name[RESOLVE_NAME_MAX + 1];
	struct slice text;
	int err;

	if (!allowed(app, to)) {
		log_warn(app->log,
		         "refused to call %.*s: the address is private; "
		         "TRESTLE_SIP_ALLOW_PRIVATE permits networks",
		         (int)r->target.host.n, r->target.host.p);
		refuse_target(app, m, from, 403, "Forbidden Target");
		return;
	}
	text = send_print(app, m, from, r, transport, NULL);
	if (text.n == 0) {
		send_refuse(app, m, from, 513, "Message Too Large");
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
		send_refuse(app, m, from, 503, "Service Unavailable");
}

/* --- names ------------------------------------------------------------------- */

/* A URI to be called: the message waits for the name server */
struct waiting {
	struct app *app;
	struct flow from;
	bool passed_over; /* a server was, for this message */
	size_t n;
	char text[];
};

static void on_resolved(void *arg, int err, const struct address *to,
                        enum transport transport);

static int ask(struct app *app, const struct message *m, const struct uri *uri,
               resolve_h *handler, struct waiting *w)
{
	struct resolve_req req = {
		.name = uri->host,
		.port = uri->port,
		.transport = transport_of(uri),
		.free_transport =
			uri->scheme == URI_SIP &&
			!uri_param(uri->params, SLICE("transport"), NULL),
		.tls = app->tls != NULL,
		.key = slice_sum(m->call_id),
	};

	for (size_t i = 0; i < app->n_public; i++)
		req.ipv6 =
			req.ipv6 || !address_is_ipv4(udp_local(app->public[i]));
	return resolve(app->resolver, &req, handler, w);
}

static struct waiting *make_waiting(struct app *app, const struct message *m,
                                    const struct flow *from)
{
	size_t n = (size_t)(m->body.p + m->body.n - m->start_line.p);
	struct waiting *w = malloc(sizeof(*w) + n);

	if (!w)
		return NULL;
	w->app = app;
	w->from = *from;
	w->passed_over = false;
	w->n = n;
	memcpy(w->text, m->start_line.p, n);
	return w;
}

static void on_resolved(void *arg, int err, const struct address *to,
                        enum transport transport)
{
	struct waiting *w = arg;
	struct app *app = w->app;
	struct message m;
	struct route r;

	(void)message_parse(&m, w->text, w->n);
	route_inside(&r, &m, &app->self, app->key);
	if (!err && transport == TRANSPORT_UDP && !w->passed_over &&
	    is_silent(app, &m, &w->from, to)) {
		w->passed_over = true;
		outages_note(app->outages, to, loop_now_ms());
		if (ask(app, &m, &r.target, on_resolved, w) == 0)
			return;
		err = ENOMEM;
	}
	if (err)
		refuse_target(app, &m, &w->from, 503, "No Such Host");
	else
		send_to_address(app, &m, &w->from, &r, to, transport);
	free(w);
}

static void resolve_first(struct app *app, const struct message *m,
                          const struct flow *from, const struct route *r)
{
	struct waiting *w = make_waiting(app, m, from);

	if (!w || ask(app, m, &r->target, on_resolved, w) != 0) {
		free(w);
		send_refuse(app, m, from, 503, "Service Unavailable");
	}
}

void send_to_uri(struct app *app, const struct message *m,
                 const struct flow *from, const struct route *r)
{
	enum transport transport = transport_of(&r->target);
	struct slice maddr;
	struct address to;

	if (uri_param(r->target.params, SLICE("maddr"), &maddr)) {
		send_refuse(app, m, from, 400, "No Multicast Here");
		return;
	}
	if (!address_parse_ip(&to, r->target.host)) {
		resolve_first(app, m, from, r);
		return;
	}
	to.port = r->target.port               ? r->target.port
	          : transport == TRANSPORT_TLS ? 5061
	                                       : 5060;
	send_to_address(app, m, from, r, &to, transport);
}

/* --- a connection that could not be opened ----------------------------------- */

/* It is our own text, with our Via: what it is sent to has to be of the same
 * transport, and one that was not down when this was asked. */
static void on_resolved_again(void *arg, int err, const struct address *to,
                              enum transport transport)
{
	struct waiting *w = arg;
	struct app *app = w->app;
	struct slice text = {w->text, w->n};
	char name[RESOLVE_NAME_MAX + 1];
	struct message m;
	struct uri *uri;

	(void)message_parse(&m, w->text, w->n);
	uri = m.n_routes > 0 ? &m.routes[0].uri : &m.uri;
	(void)snprintf(name, sizeof(name), "%.*s", (int)(uri->host.n & 0xff),
	               uri->host.p);
	if (err || transport != w->from.transport || !allowed(app, to) ||
	    outages_has(app->outages, to, loop_now_ms()) ||
	    streams_send_to(app->streams, transport, to, name, text) != 0)
		step_undeliverable(app, text);
	free(w);
}

void send_again(struct app *app, const struct message *m,
                const struct flow *failed)
{
	const struct uri *uri = m->n_routes > 0 ? &m->routes[0].uri : &m->uri;
	struct waiting *w = NULL;
	struct address ip;

	outages_note(app->outages, &failed->peer, loop_now_ms());
	if (!address_parse_ip(&ip, uri->host))
		w = make_waiting(app, m, failed);
	if (!w || ask(app, m, uri, on_resolved_again, w) != 0) {
		step_undeliverable(
			app, (struct slice){m->start_line.p,
		                            (size_t)(m->body.p + m->body.n -
		                                     m->start_line.p)});
		free(w);
	}
}
