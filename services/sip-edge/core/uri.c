/*
 * uri.c - a SIP URI and a name-addr, as slices (RFC 3261 19.1, 20.10, 25.1)
 *
 * Pure: no I/O, no clock, no log.
 */
#include "uri.h"

/* Sets of ASCII characters, one bit each: these are asked for each byte */
struct char_set {
	uint64_t bits[2];
};

static const struct char_set alphanumerics = {
	{0x03ff000000000000ULL, 0x07fffffe07fffffeULL}};
/* alphanumerics and -.!%*_+`'~ */
static const struct char_set token_chars = {
	{0x03ff6ca200000000ULL, 0x47ffffff87fffffeULL}};
/* alphanumerics and -_.!~*'() */
static const struct char_set unreserved = {
	{0x03ff678200000000ULL, 0x47fffffe87fffffeULL}};

static bool in(const struct char_set *set, char c)
{
	unsigned char u = (unsigned char)c;

	return u < 128 && (set->bits[u >> 6] >> (u & 63) & 1) != 0;
}

static bool one_of(char c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

static bool hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ||
	       (c >= 'A' && c <= 'F');
}

bool uri_token_char(char c)
{
	return in(&token_chars, c);
}

bool uri_token(struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (!uri_token_char(s.p[i]))
			return false;
	}
	return s.n > 0;
}

/* unreserved, escaped and the characters of `more` */
static bool only(struct slice s, const char *more)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c == '%') {
			if (s.n - i < 3 || !hex(s.p[i + 1]) || !hex(s.p[i + 2]))
				return false;
			i += 2;
		} else if (!in(&unreserved, c) && !one_of(c, more)) {
			return false;
		}
	}
	return true;
}

static bool host_name(struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (!in(&alphanumerics, s.p[i]) && !one_of(s.p[i], "-._"))
			return false;
	}
	return s.n > 0 && s.n <= 255;
}

static bool host_ipv6(struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (!hex(s.p[i]) && s.p[i] != ':' && s.p[i] != '.')
			return false;
	}
	return s.n >= 2 && s.n <= 45;
}

static bool parse_hostport(struct uri *uri, struct slice s)
{
	size_t end;
	uint32_t port = 0;

	if (s.n > 0 && s.p[0] == '[') {
		end = slice_find(s, ']');
		if (end == s.n)
			return false;
		uri->host = (struct slice){s.p + 1, end - 1};
		s = slice_from(s, end + 1);
		if (!host_ipv6(uri->host))
			return false;
	} else {
		end = slice_find(s, ':');
		uri->host = (struct slice){s.p, end};
		s = slice_from(s, end);
		if (!host_name(uri->host))
			return false;
	}
	if (s.n == 0)
		return true;
	if (s.p[0] != ':' || !slice_number(slice_from(s, 1), 65535, &port) ||
	    port == 0)
		return false;
	uri->port = (uint16_t)port;
	return true;
}

static bool parse_user(struct uri *uri, struct slice s)
{
	size_t colon = slice_find(s, ':');
	struct slice password = {NULL, 0};

	uri->user = (struct slice){s.p, colon};
	if (colon < s.n)
		password = slice_from(s, colon + 1);
	return uri->user.n > 0 && only(uri->user, "&=+$,;?/#") &&
	       only(password, "&=+$,");
}

static bool parse_sip(struct uri *uri, struct slice s)
{
	size_t at = slice_find(s, '@');
	size_t i;

	if (at < s.n) {
		if (!parse_user(uri, (struct slice){s.p, at}))
			return false;
		s = slice_from(s, at + 1);
	}
	i = slice_find(s, '?');
	if (i < s.n) {
		uri->headers = slice_from(s, i + 1);
		s.n = i;
	}
	i = slice_find(s, ';');
	if (i < s.n) {
		uri->params = slice_from(s, i + 1);
		s.n = i;
	}
	return only(uri->params, "[]/:&+$=;") &&
	       only(uri->headers, "[]/?:+$=&") && parse_hostport(uri, s);
}

bool uri_parse(struct uri *uri, struct slice text)
{
	size_t colon = slice_find(text, ':');
	struct slice scheme = {text.p, colon};
	struct slice rest;

	*uri = (struct uri){.scheme = URI_OTHER, .text = text};
	if (colon == 0 || colon == text.n)
		return false;
	for (size_t i = 0; i < colon; i++) {
		if (!in(&alphanumerics, text.p[i]) && !one_of(text.p[i], "+-."))
			return false;
	}
	rest = slice_from(text, colon + 1);
	if (slice_same(scheme, SLICE("sip")))
		uri->scheme = URI_SIP;
	else if (slice_same(scheme, SLICE("sips")))
		uri->scheme = URI_SIPS;
	else if (slice_same(scheme, SLICE("tel")))
		uri->scheme = URI_TEL;
	if (uri->scheme == URI_SIP || uri->scheme == URI_SIPS)
		return parse_sip(uri, rest);
	if (uri->scheme == URI_TEL)
		uri->user = (struct slice){rest.p, slice_find(rest, ';')};
	return rest.n > 0 && only(rest, ";/?:@&=+$,[]#");
}

bool uri_param(struct slice params, struct slice name, struct slice *value)
{
	while (params.n > 0) {
		size_t end = slice_find(params, ';');
		struct slice one = {params.p, end};
		size_t eq = slice_find(one, '=');

		if (slice_same(slice_trim((struct slice){one.p, eq}), name)) {
			if (value)
				*value = slice_trim(slice_from(
					one, eq < one.n ? eq + 1 : one.n));
			return true;
		}
		params = slice_from(params, end < params.n ? end + 1 : end);
	}
	return false;
}

/* The length of a quoted string with its quotes; 0 when it does not end.
 * Control characters may stand in it escaped (RFC 4475 3.1.1.2), line ends
 * only as a fold. */
static size_t quoted_span(struct slice s)
{
	for (size_t i = 1; i < s.n; i++) {
		if (s.p[i] == '\\')
			i++;
		else if (s.p[i] == '"')
			return i + 1;
	}
	return 0;
}

static size_t space_span(struct slice s, size_t i)
{
	while (i < s.n && slice_space(s.p[i]))
		i++;
	return i;
}

static size_t token_span(struct slice s, size_t i, const char *more)
{
	while (i < s.n && (uri_token_char(s.p[i]) || one_of(s.p[i], more)))
		i++;
	return i;
}

/* A value: token, quoted string or host; UTF-8 as it is */
static size_t value_span(struct slice s, size_t i)
{
	size_t quoted;

	if (i == s.n || s.p[i] != '"')
		return token_span(s, i, "[]:/@?&=$()<>{}\\");
	quoted = quoted_span(slice_from(s, i));
	return i + quoted;
}

bool uri_params_span(struct slice s, size_t *used)
{
	size_t i = space_span(s, 0);
	size_t from;

	while (i < s.n && s.p[i] == ';') {
		i = space_span(s, i + 1);
		from = i;
		i = token_span(s, i, "");
		if (i == from)
			return false;
		i = space_span(s, i);
		if (i < s.n && s.p[i] == '=') {
			from = space_span(s, i + 1);
			i = value_span(s, from);
			if (i == from)
				return false;
			i = space_span(s, i);
		}
	}
	*used = i;
	return i == s.n || s.p[i] == ',';
}

/* `name` before `<`: tokens and spaces, or one quoted string. @return where
 * the `<` is, or the length of s when it is not of that form */
static size_t display_span(struct slice s)
{
	size_t i = space_span(s, 0);

	if (i < s.n && s.p[i] == '"') {
		size_t quoted = quoted_span(slice_from(s, i));

		if (quoted == 0)
			return s.n;
		i = space_span(s, i + quoted);
		return i < s.n && s.p[i] == '<' ? i : s.n;
	}
	while (i < s.n && s.p[i] != '<') {
		if (!uri_token_char(s.p[i]) && !slice_space(s.p[i]) &&
		    (unsigned char)s.p[i] < 0x80)
			return s.n;
		i++;
	}
	return i;
}

bool name_addr_parse(struct name_addr *addr, struct slice list, size_t *used)
{
	size_t start = space_span(list, 0);
	size_t open = display_span(list);
	size_t end;
	size_t more = 0;

	if (open < list.n) {
		start = open + 1;
		end = start + slice_find(slice_from(list, start), '>');
		if (end == list.n)
			return false;
	} else {
		end = start;
		while (end < list.n && !one_of(list.p[end], ";,?<>\" \t\r\n"))
			end++;
	}
	if (!uri_parse(&addr->uri, (struct slice){list.p + start, end - start}))
		return false;
	if (open < list.n)
		end++;
	if (!uri_params_span(slice_from(list, end), &more))
		return false;
	addr->params = slice_ltrim((struct slice){list.p + end, more});
	if (addr->params.n > 0)
		addr->params = slice_ltrim(slice_from(addr->params, 1));
	*used = end + more;
	return true;
}
