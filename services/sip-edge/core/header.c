/*
 * header.c - header fields of a message: where each is and which (RFC 3261 7.3)
 *
 * Pure: no I/O, no clock, no log.
 */
#include "header.h"

static const struct {
	struct slice name, compact;
	enum header_id id;
} names[] = {
	{{"Via", 3}, {"v", 1}, HEADER_VIA},
	{{"From", 4}, {"f", 1}, HEADER_FROM},
	{{"To", 2}, {"t", 1}, HEADER_TO},
	{{"Call-ID", 7}, {"i", 1}, HEADER_CALL_ID},
	{{"CSeq", 4}, {"", 0}, HEADER_CSEQ},
	{{"Max-Forwards", 12}, {"", 0}, HEADER_MAX_FORWARDS},
	{{"Route", 5}, {"", 0}, HEADER_ROUTE},
	{{"Record-Route", 12}, {"", 0}, HEADER_RECORD_ROUTE},
	{{"Contact", 7}, {"m", 1}, HEADER_CONTACT},
	{{"Content-Length", 14}, {"l", 1}, HEADER_CONTENT_LENGTH},
	{{"Path", 4}, {"", 0}, HEADER_PATH},
	{{"User-Agent", 10}, {"", 0}, HEADER_USER_AGENT},
	{{"Event", 5}, {"o", 1}, HEADER_EVENT},
	{{"Require", 7}, {"", 0}, HEADER_REQUIRE},
	{{"Proxy-Require", 13}, {"", 0}, HEADER_PROXY_REQUIRE},
	{{"P-Asserted-Identity", 19}, {"", 0}, HEADER_IDENTITY},
};

static enum header_id identify(struct slice name)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (slice_same(name, names[i].name) ||
		    (name.n == 1 && slice_same(name, names[i].compact)))
			return names[i].id;
	}
	if (slice_starts(name, SLICE("X-Trestle-")))
		return HEADER_TRESTLE;
	return HEADER_OTHER;
}

/* A line to its CRLF; 0 when it is cut off, `*bad` when CR or LF stands alone:
 * one parser would end the line there and another would not. */
static size_t line_span(struct slice s, bool *bad)
{
	size_t lf = slice_find(s, '\n');
	size_t cr = slice_find((struct slice){s.p, lf}, '\r');

	*bad = (lf < s.n && cr + 1 != lf) || (lf == s.n && cr + 1 < s.n);
	return lf < s.n ? lf + 1 : 0;
}

static bool blank(char c)
{
	return c == ' ' || c == '\t';
}

enum header_result header_next(struct slice *rest, struct header *h)
{
	size_t n = 0;
	size_t colon;
	struct slice name;

	if (rest->n >= 2 && rest->p[0] == '\r' && rest->p[1] == '\n') {
		*rest = slice_from(*rest, 2);
		return HEADER_END;
	}
	do {
		bool bad;
		size_t line = line_span(slice_from(*rest, n), &bad);

		if (bad)
			return HEADER_BAD;
		if (line == 0)
			return HEADER_CUT;
		n += line;
	} while (n < rest->n && blank(rest->p[n]));

	h->line = (struct slice){rest->p, n};
	*rest = slice_from(*rest, n);
	colon = slice_find(h->line, ':');
	name = slice_trim((struct slice){h->line.p, colon});
	if (colon == n || !uri_token(name) || slice_space(h->line.p[0]))
		return HEADER_BAD;
	h->id = identify(name);
	h->value = slice_trim(slice_from(h->line, colon + 1));
	return HEADER_FOUND;
}
