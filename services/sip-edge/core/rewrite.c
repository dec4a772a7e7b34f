/*
 * rewrite.c - the text that leaves for a message that came (RFC 3261 16.6, 16.7)
 *
 * Pure: no I/O, no clock, no log.
 */
#include "rewrite.h"

#include <stdio.h>

struct text {
	char *p;
	size_t n, size;
	bool full;
};

static void add(struct text *t, struct slice s)
{
	if (t->size - t->n < s.n) {
		t->full = true;
		return;
	}
	if (s.n > 0)
		memcpy(t->p + t->n, s.p, s.n);
	t->n += s.n;
}

static void add_header(struct text *t, const char *name, struct slice value)
{
	if (value.n == 0)
		return;
	add(t, slice_str(name));
	add(t, value);
	add(t, SLICE("\r\n"));
}

static size_t done(const struct text *t)
{
	return t->full ? 0 : t->n;
}

/* The topmost Via with where it really came from: received when that is not
 * what it says (RFC 3261 18.2.1), the port when it asks for it (RFC 3581 4).
 * What the sender says about either itself is not believed. */
static void add_top_via(struct text *t, const struct message *m,
                        const struct address *source)
{
	const struct via *via = &m->via;
	char text[ADDRESS_TEXT_SIZE];
	struct slice ip = slice_str(address_print_ip(source, text));
	struct slice rest = via->params;
	bool other;

	if (ip.p[0] == '[')
		ip = (struct slice){ip.p + 1, ip.n - 2};
	other = !slice_same(ip, via->host);
	add(t, (struct slice){via->text.p, via->text.n - via->params.n});
	while (rest.n > 0) {
		size_t end = 1 + slice_find(slice_from(rest, 1), ';');
		struct slice one = {rest.p, end};
		struct slice name = slice_trim((struct slice){
			one.p + 1, slice_find(slice_from(one, 1), '=')});

		if (!slice_same(name, SLICE("received")) &&
		    !slice_same(name, SLICE("rport")))
			add(t, slice_trim(one));
		rest = slice_from(rest, end);
	}
	if (other || via->rport) {
		add(t, SLICE(";received="));
		add(t, ip);
	}
	if (via->rport) {
		char port[16];

		(void)snprintf(port, sizeof(port), ";rport=%u", source->port);
		add(t, slice_str(port));
	}
}

/* The first Via header field, from its second value on when `skip` */
static void add_first_via(struct text *t, const struct message *m,
                          const struct address *source, bool skip)
{
	struct slice rest = slice_from(m->first[HEADER_VIA], m->via_used);

	if (skip) {
		rest = rest.n > 0 ? slice_from(rest, 1) : rest;
		add_header(t, "Via: ", slice_ltrim(rest));
		return;
	}
	add(t, SLICE("Via: "));
	if (source && m->via.transport.n > 0)
		add_top_via(t, m, source);
	else
		add(t, (struct slice){m->first[HEADER_VIA].p, m->via_used});
	add(t, rest);
	add(t, SLICE("\r\n"));
}

static void add_request_line(struct text *t, const struct message *m,
                             const struct rewrite *r)
{
	if (r->uri.n == 0) {
		add(t, m->start_line);
		return;
	}
	add(t, m->method_name);
	add(t, SLICE(" "));
	add(t, r->uri);
	add(t, SLICE(" SIP/2.0\r\n"));
}

static void add_max_forwards(struct text *t, const struct message *m)
{
	char text[32];
	uint32_t left = m->has_max_forwards ? m->max_forwards - 1 : 70;

	(void)snprintf(text, sizeof(text), "Max-Forwards: %u\r\n", left);
	add(t, slice_str(text));
}

static void add_routes(struct text *t, const struct message *m, size_t from)
{
	for (size_t i = from; i < m->n_routes; i++)
		add_header(t, "Route: ", m->route_text[i]);
}

static bool stripped(const struct header *h, const struct rewrite *r)
{
	switch (h->id) {
	case HEADER_TRESTLE:
	case HEADER_PATH: return r->strip;
	case HEADER_IDENTITY: return r->strip_identity;
	case HEADER_MAX_FORWARDS: return r->decrement;
	case HEADER_ROUTE: return r->routes > 0;
	case HEADER_OTHER:
	case HEADER_VIA:
	case HEADER_FROM:
	case HEADER_TO:
	case HEADER_CALL_ID:
	case HEADER_CSEQ:
	case HEADER_RECORD_ROUTE:
	case HEADER_CONTACT:
	case HEADER_CONTENT_LENGTH:
	case HEADER_USER_AGENT:
	case HEADER_EVENT:
	case HEADER_REQUIRE:
	case HEADER_PROXY_REQUIRE:
	case HEADER_IDS: break;
	}
	return false;
}

static void add_body(struct text *t, const struct message *m)
{
	char length[40];

	if (m->has_length) {
		add(t, SLICE("\r\n"));
	} else {
		/* a datagram may go without; a stream may not */
		(void)snprintf(length, sizeof(length),
		               "Content-Length: %zu\r\n\r\n", m->body.n);
		add(t, slice_str(length));
	}
	add(t, m->body);
}

size_t rewrite_request(char *out, size_t size, const struct message *m,
                       const struct rewrite *r)
{
	struct text t = {.p = out, .size = size};
	bool first_via = true;

	add_request_line(&t, m, r);
	add_header(&t, "Via: ", r->via);
	add_header(&t, "Record-Route: ", r->record_route[0]);
	add_header(&t, "Record-Route: ", r->record_route[1]);
	add_header(&t, "Path: ", r->path);
	add_header(&t, "X-Trestle-Source: ", r->trestle_source);
	if (r->decrement)
		add_max_forwards(&t, m);
	if (r->routes > 0)
		add_routes(&t, m, r->routes);
	for (size_t i = 0; i < m->n_headers; i++) {
		const struct header *h = &m->headers[i];

		if (stripped(h, r))
			continue;
		if (h->id == HEADER_VIA && first_via)
			add_first_via(&t, m, r->source, false);
		else
			add(&t, h->line);
		first_via = first_via && h->id != HEADER_VIA;
	}
	add_body(&t, m);
	return done(&t);
}

size_t rewrite_response(char *out, size_t size, const struct message *m,
                        struct slice source)
{
	struct text t = {.p = out, .size = size};
	bool first_via = true;

	if (m->count[HEADER_VIA] < 2 && m->via_used == m->first[HEADER_VIA].n)
		return 0;
	add(&t, m->start_line);
	add_header(&t, "X-Trestle-Source: ", source);
	for (size_t i = 0; i < m->n_headers; i++) {
		const struct header *h = &m->headers[i];

		if (source.n > 0 && h->id == HEADER_TRESTLE)
			continue;
		if (h->id == HEADER_VIA && first_via)
			add_first_via(&t, m, NULL, true);
		else
			add(&t, h->line);
		first_via = first_via && h->id != HEADER_VIA;
	}
	add_body(&t, m);
	return done(&t);
}

static void add_to(struct text *t, const struct message *m, struct slice tag)
{
	add(t, SLICE("To: "));
	add(t, m->first[HEADER_TO]);
	if (m->to_tag.n == 0 && tag.n > 0) {
		add(t, SLICE(";tag="));
		add(t, tag);
	}
	add(t, SLICE("\r\n"));
}

size_t rewrite_answer(char *out, size_t size, const struct message *m,
                      const struct answer *a)
{
	struct text t = {.p = out, .size = size};
	bool first_via = true;
	char line[96];

	(void)snprintf(line, sizeof(line), "SIP/2.0 %u %s\r\n", a->status,
	               a->phrase);
	add(&t, slice_str(line));
	for (size_t i = 0; i < m->n_headers; i++) {
		const struct header *h = &m->headers[i];

		if (h->id == HEADER_VIA && first_via)
			add_first_via(&t, m, a->source, false);
		else if (h->id == HEADER_VIA || h->id == HEADER_RECORD_ROUTE)
			add(&t, h->line);
		first_via = first_via && h->id != HEADER_VIA;
	}
	add_header(&t, "From: ", m->first[HEADER_FROM]);
	if (m->count[HEADER_TO] > 0)
		add_to(&t, m, a->to_tag);
	add_header(&t, "Call-ID: ", m->first[HEADER_CALL_ID]);
	add_header(&t, "CSeq: ", m->first[HEADER_CSEQ]);
	if (a->headers)
		add(&t, slice_str(a->headers));
	add(&t, SLICE("Content-Length: 0\r\n\r\n"));
	return done(&t);
}
