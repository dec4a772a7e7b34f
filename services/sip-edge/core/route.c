/*
 * route.c - what happens to a request: answered here, or sent where
 *
 * Pure: no I/O, no clock, no log.
 */
#include "route.h"

#include <stdio.h>

#define ALLOW                                                                  \
	"Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, REGISTER, INFO, UPDATE, "   \
	"PRACK, REFER, NOTIFY\r\n"

static const char capabilities[] =
	ALLOW "Accept: application/sdp\r\nAccept-Encoding: identity\r\n"
	      "Accept-Language: en\r\nSupported: path\r\n";

/* What looks for victims says so in its User-Agent, if it is not ashamed */
static const struct slice scanners[] = {
	{"friendly-scanner", 16},
	{"sipvicious", 10},
	{"sipcli", 6},
	{"sundayddr", 9},
	{"sipsak", 6},
	{"VaxSIPUserAgent", 15},
	{"pplsip", 6},
	{"friendly-request", 16},
	{"sip-scan", 8},
	{"iWar", 4},
	{"smap ", 5},
};

static void answer(struct route *r, unsigned status, const char *phrase,
                   const char *headers)
{
	r->action = ROUTE_ANSWER;
	r->answer = (struct fault){status, phrase};
	r->headers = headers;
}

static void drop(struct route *r, enum drop reason)
{
	r->action = ROUTE_DROP;
	r->answer = (struct fault){0, NULL};
	r->reason = reason;
}

static bool scanner(const struct message *m)
{
	for (size_t i = 0; i < sizeof(scanners) / sizeof(scanners[0]); i++) {
		if (slice_starts(m->first[HEADER_USER_AGENT], scanners[i]))
			return true;
	}
	return false;
}

/* Faults and the rules for every proxy (RFC 3261 16.3).
 * @return true when that settled it */
static bool check(struct route *r, const struct message *m)
{
	if (m->fault.status != 0)
		answer(r, m->fault.status, m->fault.phrase, NULL);
	else if (m->has_max_forwards && m->max_forwards == 0)
		answer(r, 483, "Too Many Hops", NULL);
	else if (m->uri.scheme == URI_OTHER)
		answer(r, 416, "Unsupported URI Scheme", NULL);
	else if (m->count[HEADER_PROXY_REQUIRE] > 0 &&
	         m->method != METHOD_CANCEL) {
		r->unsupported = m->first[HEADER_PROXY_REQUIRE];
		answer(r, 420, "Bad Extension", NULL);
	} else {
		return false;
	}
	if (m->method == METHOD_ACK) /* nobody answers an ACK */
		drop(r, DROP_BAD_ACK);
	else if (m->via.text.n == 0)
		drop(r, DROP_UNANSWERABLE);
	return true;
}

static bool host_is_us(const struct uri *uri, const struct route_self *self)
{
	struct address a;

	if (slice_same(uri->host, self->advertise))
		return true;
	return address_parse_ip(&a, uri->host) &&
	       address_same_ip(&a, &self->internal) &&
	       uri->port == self->internal.port;
}

static void key_aor(struct route *r, const struct uri *aor)
{
	size_t at;
	int n = snprintf(
		r->key, sizeof(r->key), "%.*s@%.*s",
		(int)(aor->user.n & 0xffff), aor->user.p ? aor->user.p : "",
		(int)(aor->host.n & 0xffff), aor->host.p ? aor->host.p : "");

	at = aor->user.n + 1;
	for (; n > 0 && at < (size_t)n && at < sizeof(r->key); at++) {
		if (r->key[at] >= 'A' && r->key[at] <= 'Z')
			r->key[at] = (char)(r->key[at] + ('a' - 'A'));
	}
}

static void key_text(struct route *r, struct slice s)
{
	size_t n = s.n < sizeof(r->key) - 1 ? s.n : sizeof(r->key) - 1;

	memcpy(r->key, s.p, n);
	r->key[n] = '\0';
}

/* The controller put its name and the CallSid into its Contact, which is the
 * Request-URI now: `sip:CALLSID-LEG@…;owner=INSTANCE`. */
static void to_controller(struct route *r, const struct message *m,
                          const struct uri *uri)
{
	r->action = ROUTE_CONTROLLER;
	if (uri_param(uri->params, SLICE("owner"), &r->owner) &&
	    uri->user.n > 0) {
		r->dialog = true;
		key_text(r, (struct slice){uri->user.p,
		                           slice_find(uri->user, '-')});
		return;
	}
	key_text(r, m->call_id);
}

static void options(struct route *r, const struct message *m,
                    const struct route_self *self)
{
	if (m->count[HEADER_REQUIRE] > 0) {
		r->unsupported = m->first[HEADER_REQUIRE];
		answer(r, 420, "Bad Extension", NULL);
	} else if (self->draining) {
		answer(r, 503, "Service Unavailable", NULL);
	} else {
		answer(r, 200, "OK", capabilities);
	}
}

/* Requests that belong to no dialog of ours. Nothing of this is ever relayed
 * to a phone. */
static void out_of_dialog(struct route *r, const struct message *m,
                          const struct route_self *self)
{
	switch (m->method) {
	case METHOD_REGISTER:
		r->action = ROUTE_REGISTRAR;
		key_aor(r, &m->to.uri);
		break;
	case METHOD_INVITE:
		if (self->draining)
			answer(r, 503, "Service Unavailable", NULL);
		else
			to_controller(r, m, &m->uri);
		break;
	case METHOD_ACK:
	case METHOD_CANCEL: to_controller(r, m, &m->uri); break;
	case METHOD_OPTIONS: options(r, m, self); break;
	case METHOD_NOTIFY:
		if (slice_same(m->first[HEADER_EVENT], SLICE("keep-alive")))
			answer(r, 200, "OK", NULL);
		else
			answer(r, 481, "Subscription Does Not Exist", ALLOW);
		break;
	case METHOD_SUBSCRIBE:
	case METHOD_PUBLISH: answer(r, 489, "Bad Event", ALLOW); break;
	case METHOD_BYE:
	case METHOD_INFO:
	case METHOD_UPDATE:
	case METHOD_PRACK:
		answer(r, 481, "Call/Transaction Does Not Exist", ALLOW);
		break;
	case METHOD_MESSAGE:
	case METHOD_REFER: answer(r, 405, "Method Not Allowed", ALLOW); break;
	case METHOD_OTHER: answer(r, 501, "Not Implemented", ALLOW); break;
	}
}

void route_outside(struct route *r, const struct message *m,
                   const struct route_self *self)
{
	struct uri uri = m->uri;

	*r = (struct route){.routes = m->n_routes};
	if (scanner(m)) {
		drop(r, DROP_SCANNER);
		return;
	}
	r->fresh = true;
	if (check(r, m))
		return;
	/* A strict router moved the Request-URI to the end of the route set
	 * (RFC 3261 16.4) */
	if (m->n_routes > 0 && host_is_us(&uri, self) &&
	    uri_param(uri.params, SLICE("lr"), NULL)) {
		uri = m->routes[m->n_routes - 1].uri;
		r->uri = uri.text;
	}
	r->fresh = m->to_tag.n == 0 && m->method != METHOD_CANCEL;
	if (m->to_tag.n == 0 || m->method == METHOD_REGISTER ||
	    m->method == METHOD_OTHER)
		out_of_dialog(r, m, self);
	else
		to_controller(r, m, &uri);
}

void route_inside(struct route *r, const struct message *m,
                  const struct route_self *self, const struct token_key *key)
{
	bool found = false;
	size_t i;

	*r = (struct route){.routes = 0};
	if (check(r, m))
		return;
	for (i = 0; i < m->n_routes; i++) {
		const struct uri *uri = &m->routes[i].uri;
		struct flow flow;
		bool token = uri->user.n > 0 &&
		             token_read(key, TOKEN_ROUTE, uri->user, &flow);

		if (token && !found && !flow.internal) {
			r->flow = flow;
			found = true;
		}
		if (!token && !host_is_us(uri, self))
			break;
	}
	r->routes = i;
	r->action = found ? ROUTE_FLOW : ROUTE_URI;
	r->target = i < m->n_routes ? m->routes[i].uri : m->uri;
	if (!found && r->target.scheme == URI_TEL)
		answer(r, 416, "Unsupported URI Scheme", NULL);
}
