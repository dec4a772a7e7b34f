/*
 * message.c - one SIP message, looked at in place (RFC 3261 7, 8.1.1, 18.3)
 *
 * Pure: no I/O, no clock, no log.
 */
#include "message.h"

#include "header.h"

static const struct {
	struct slice name;
	enum method method;
} methods[] = {
	{{"INVITE", 6}, METHOD_INVITE},
	{{"ACK", 3}, METHOD_ACK},
	{{"BYE", 3}, METHOD_BYE},
	{{"CANCEL", 6}, METHOD_CANCEL},
	{{"REGISTER", 8}, METHOD_REGISTER},
	{{"OPTIONS", 7}, METHOD_OPTIONS},
	{{"INFO", 4}, METHOD_INFO},
	{{"UPDATE", 6}, METHOD_UPDATE},
	{{"PRACK", 5}, METHOD_PRACK},
	{{"REFER", 5}, METHOD_REFER},
	{{"NOTIFY", 6}, METHOD_NOTIFY},
	{{"MESSAGE", 7}, METHOD_MESSAGE},
	{{"SUBSCRIBE", 9}, METHOD_SUBSCRIBE},
	{{"PUBLISH", 7}, METHOD_PUBLISH},
};

static void blame(struct message *m, unsigned status, const char *phrase)
{
	if (m->fault.status == 0)
		m->fault = (struct fault){status, phrase};
}

static enum method method_of(struct slice name)
{
	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		if (slice_eq(name, methods[i].name))
			return methods[i].method;
	}
	return METHOD_OTHER;
}

/* `INVITE sip:a@b SP SIP/2.0`: exactly one space, RFC 3261 25.1 */
static bool parse_request_line(struct message *m, struct slice line)
{
	size_t a = slice_find(line, ' ');
	size_t b = line.n;
	struct slice version;

	while (b > a && line.p[b - 1] != ' ')
		b--;
	if (a == 0 || b <= a + 1)
		return false;
	m->method_name = (struct slice){line.p, a};
	m->uri_text = (struct slice){line.p + a + 1, b - 1 - (a + 1)};
	version = slice_from(line, b);
	if (!uri_token(m->method_name))
		return false;
	m->method = method_of(m->method_name);
	if (version.n == 0) { /* spaces at the end of the line */
		blame(m, 400, "Bad Request-Line");
		return true;
	}
	if (!slice_starts(version, SLICE("SIP/")))
		return false;
	if (!slice_same(version, SLICE("SIP/2.0")))
		blame(m, 505, "Version Not Supported");
	else if (!uri_parse(&m->uri, m->uri_text) || m->uri.headers.n > 0)
		blame(m, 400, "Bad Request-URI");
	return true;
}

static bool parse_status_line(struct message *m, struct slice line)
{
	struct slice code = {line.p + 8, 3};

	return line.n >= 12 && line.p[7] == ' ' && line.p[11] == ' ' &&
	       slice_number(code, 699, &m->status) && m->status >= 100;
}

static enum message_kind parse_start(struct message *m, struct slice *rest)
{
	size_t lf = slice_find(*rest, '\n');
	struct slice line = {rest->p, lf};

	if (lf == rest->n || lf < 12 || rest->p[lf - 1] != '\r' ||
	    slice_find(line, '\r') != lf - 1)
		return MESSAGE_JUNK;
	m->start_line = (struct slice){rest->p, lf + 1};
	*rest = slice_from(*rest, lf + 1);
	line.n = lf - 1;
	if (slice_starts(line, SLICE("SIP/2.0 ")))
		return parse_status_line(m, line) ? MESSAGE_RESPONSE
		                                  : MESSAGE_JUNK;
	return parse_request_line(m, line) ? MESSAGE_REQUEST : MESSAGE_JUNK;
}

/* @return false when there is nothing more to read: no body can be found */
static bool index_headers(struct message *m, struct slice *rest)
{
	for (;;) {
		struct header h;

		switch (header_next(rest, &h)) {
		case HEADER_FOUND: break;
		case HEADER_END: return true;
		case HEADER_BAD:
		case HEADER_CUT: blame(m, 400, "Bad Header"); return false;
		}
		if (m->n_headers == MESSAGE_HEADERS_MAX ||
		    h.line.n > MESSAGE_HEADER_MAX) {
			blame(m, 513, "Message Too Large");
			return false;
		}
		m->headers[m->n_headers++] = h;
		if (m->count[h.id]++ == 0)
			m->first[h.id] = h.value;
	}
}

static void parse_length(struct message *m, size_t left, const char *body)
{
	m->body = (struct slice){body, left};
	if (m->count[HEADER_CONTENT_LENGTH] == 0)
		return;
	m->has_length = true;
	if (!slice_number(m->first[HEADER_CONTENT_LENGTH], MESSAGE_MAX,
	                  &m->length) ||
	    m->length > left)
		blame(m, 400, "Bad Content-Length");
	else
		m->body.n = m->length; /* RFC 3261 18.3: ignore the rest */
}

static void check_once(struct message *m)
{
	static const enum header_id once[] = {HEADER_FROM, HEADER_TO,
	                                      HEADER_CALL_ID, HEADER_CSEQ};

	for (size_t i = 0; i < sizeof(once) / sizeof(once[0]); i++) {
		if (m->count[once[i]] == 0)
			blame(m, 400, "Missing Header");
		if (m->count[once[i]] > 1)
			blame(m, 400, "Duplicate Header");
	}
	if (m->count[HEADER_MAX_FORWARDS] > 1 ||
	    m->count[HEADER_CONTENT_LENGTH] > 1)
		blame(m, 400, "Duplicate Header");
}

bool message_next_via(const struct message *m, struct via_cursor *cursor,
                      struct via *via)
{
	size_t used = 0;

	while (cursor->rest.n == 0) {
		if (cursor->header == m->n_headers)
			return false;
		if (m->headers[cursor->header].id == HEADER_VIA)
			cursor->rest = m->headers[cursor->header].value;
		cursor->header++;
	}
	if (!via_parse(via, cursor->rest, &used)) {
		cursor->bad = true;
		return false;
	}
	if (used < cursor->rest.n)
		used++; /* the comma */
	cursor->rest = slice_from(cursor->rest, used);
	return true;
}

static void parse_vias(struct message *m)
{
	struct via_cursor cursor = {.header = 0};
	struct via via;
	size_t n = 0;

	if (m->count[HEADER_VIA] == 0 ||
	    !via_parse(&m->via, m->first[HEADER_VIA], &m->via_used)) {
		/* Where to is known when at least its sent-by could be read */
		m->via.text = m->first[HEADER_VIA];
		if (m->via.host.n == 0)
			m->via.text.n = 0;
		m->via_used = m->first[HEADER_VIA].n;
		m->via.params.n = 0;
		blame(m, 400, "Bad Via Header");
		return;
	}
	while (message_next_via(m, &cursor, &via))
		n++;
	if (cursor.bad)
		blame(m, 400, "Bad Via Header");
	if (n > MESSAGE_VIAS_MAX)
		blame(m, 513, "Message Too Large");
}

static void parse_cseq(struct message *m)
{
	struct slice s = m->first[HEADER_CSEQ];
	size_t n = 0;

	while (n < s.n && !slice_space(s.p[n]))
		n++;
	m->cseq_method = slice_trim(slice_from(s, n));
	if (!slice_number((struct slice){s.p, n}, 0x7fffffff, &m->cseq) ||
	    !uri_token(m->cseq_method) ||
	    (m->kind == MESSAGE_REQUEST &&
	     !slice_eq(m->cseq_method, m->method_name)))
		blame(m, 400, "Bad CSeq Header");
}

static void parse_party(struct message *m, enum header_id id,
                        struct name_addr *addr, struct slice *tag)
{
	size_t used = 0;

	if (!name_addr_parse(addr, m->first[id], &used) ||
	    used != m->first[id].n)
		blame(m, 400,
		      id == HEADER_TO ? "Bad To Header" : "Bad From Header");
	else
		(void)uri_param(addr->params, SLICE("tag"), tag);
}

static void parse_contacts(struct message *m)
{
	for (size_t i = 0; i < m->n_headers; i++) {
		struct slice s = m->headers[i].value;

		if (m->headers[i].id != HEADER_CONTACT)
			continue;
		if (slice_eq(s, SLICE("*")) && m->count[HEADER_CONTACT] == 1)
			continue;
		do {
			struct name_addr addr;
			size_t used = 0;

			if (!name_addr_parse(&addr, s, &used)) {
				blame(m, 400, "Bad Contact Header");
				return;
			}
			s = slice_from(s, used < s.n ? used + 1 : used);
		} while (s.n > 0);
	}
}

static void add_route(struct message *m, struct slice *s)
{
	size_t used = 0;
	struct name_addr addr;

	if (m->n_routes == MESSAGE_ROUTES_MAX ||
	    !name_addr_parse(&addr, *s, &used)) {
		blame(m, 400, "Bad Route Header");
		s->n = 0;
		return;
	}
	m->routes[m->n_routes] = addr;
	m->route_text[m->n_routes++] = slice_trim((struct slice){s->p, used});
	*s = slice_from(*s, used < s->n ? used + 1 : used);
}

static void parse_routes(struct message *m)
{
	for (size_t i = 0; i < m->n_headers; i++) {
		struct slice s = m->headers[i].value;

		while (m->headers[i].id == HEADER_ROUTE && s.n > 0)
			add_route(m, &s);
	}
}

static void parse_max_forwards(struct message *m)
{
	if (m->count[HEADER_MAX_FORWARDS] == 0)
		return;
	m->has_max_forwards = true;
	if (!slice_number(m->first[HEADER_MAX_FORWARDS], 255, &m->max_forwards))
		blame(m, 400, "Bad Max-Forwards Header");
}

enum message_kind message_parse(struct message *m, const char *p, size_t n)
{
	struct slice rest = {p, n};
	struct name_addr from;

	/* headers[] and routes[] are large and guarded by their counts */
	memset(m, 0, offsetof(struct message, headers));
	memset(&m->first, 0,
	       offsetof(struct message, routes) -
	               offsetof(struct message, first));
	for (size_t i = 0; i < HEADER_IDS; i++)
		m->first[i].p = "";
	m->body = (struct slice){"", 0};
	m->has_length = false;
	m->length = 0;
	m->kind = parse_start(m, &rest);
	if (m->kind == MESSAGE_JUNK)
		return m->kind;
	if (index_headers(m, &rest))
		parse_length(m, rest.n, rest.p);
	check_once(m);
	parse_vias(m);
	m->call_id = m->first[HEADER_CALL_ID];
	if (m->call_id.n == 0)
		blame(m, 400, "Bad Call-ID Header");
	parse_cseq(m);
	parse_party(m, HEADER_FROM, &from, &m->from_tag);
	parse_party(m, HEADER_TO, &m->to, &m->to_tag);
	parse_max_forwards(m);
	if (m->kind == MESSAGE_REQUEST) {
		parse_contacts(m);
		parse_routes(m);
	}
	return m->kind;
}
