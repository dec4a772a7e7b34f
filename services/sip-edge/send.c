/*
 * send.c - messages leave: on a flow, or to one of our processes
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

struct values {
	char via[VALUE_SIZE];
	char public[VALUE_SIZE];   /* Record-Route of the outside */
	char internal[VALUE_SIZE]; /* Record-Route of the inside  */
	char path[VALUE_SIZE];
	char source[SEND_SOURCE_SIZE];
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
	if (a.status == 503 && !a.headers) { /* not all at once */
		(void)snprintf(later, sizeof(later), "Retry-After: %d\r\n",
		               RETRY_S + tag[0] % (RETRY_S + 1));
		a.headers = later;
	}
	n = rewrite_answer(buffer, sizeof(buffer), m, &a);
	if (n > 0)
		(void)send_on_flow(app, from, (struct slice){buffer, n});
	stats_answered(app->stats, a.status);
}

void send_refuse(struct app *app, const struct message *m,
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

	branch_make(app->key, m, from, branch);
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

struct slice send_print_source(const struct flow *from,
                               char out[SEND_SOURCE_SIZE])
{
	char peer[ADDRESS_TEXT_SIZE];

	(void)snprintf(out, SEND_SOURCE_SIZE, "%s;transport=%s",
	               address_print(&from->peer, peer),
	               lower[from->transport]);
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
	w.trestle_source = send_print_source(from, v.source);
	n = rewrite_request(buffer, sizeof(buffer), m, &w);
	if (n == 0) {
		send_refuse(app, m, from, 513, "Message Too Large");
		return;
	}
	if (udp_send(app->internal, to, (struct slice){buffer, n}) == 0)
		stats_passed(app->stats, PASSED_REQUEST_IN);
	else
		stats_dropped(app->stats, DROP_SEND, to);
}

struct slice send_print(struct app *app, const struct message *m,
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
	return (struct slice){buffer,
	                      rewrite_request(buffer, sizeof(buffer), m, &w)};
}

void send_outside(struct app *app, const struct message *m,
                  const struct flow *from, const struct route *r)
{
	struct slice text =
		send_print(app, m, from, r, r->flow.transport, &r->flow);
	int err;

	if (text.n == 0) {
		send_refuse(app, m, from, 513, "Message Too Large");
		return;
	}
	err = send_on_flow(app, &r->flow, text);
	if (err == 0)
		stats_passed(app->stats, PASSED_REQUEST_OUT);
	else /* RFC 5626 5.3.1 */
		send_refuse(app, m, from, 430, "Flow Failed");
}
