/*
 * uri.c - SIP and tel URIs taken apart, and compared (RFC 3261 19.1, RFC 3966)
 *
 * Pure: no I/O, no clock, no log. Nothing is copied and nothing allocated.
 */
#include "uri.h"

#include <string.h>
#include <strings.h>

#include "base/percent.h"

/* The next character with its escape undone; -1 when the escape is broken. */
static int next_char(const char **p, const char *end)
{
	int high, low;

	if (**p != '%')
		return (unsigned char)*(*p)++;
	if (end - *p < 3)
		return -1;
	high = percent_digit((*p)[1]);
	low = percent_digit((*p)[2]);
	*p += 3;
	return high < 0 || low < 0 || high + low == 0 ? -1 : high * 16 + low;
}

static bool clean(const char *text, size_t n)
{
	const char *p = text, *end = text + n;

	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c <= ' ' || c == 0x7f || c == '<' || c == '>' || c == '"')
			return false;
	}
	while (p < end)
		if (next_char(&p, end) < 0)
			return false;
	return true;
}

static bool strip_scheme(struct uri *u, const char **text)
{
	static const struct {
		const char *prefix;
		enum uri_scheme scheme;
	} schemes[] = {
		{"sip:", URI_SIP}, {"sips:", URI_SIPS}, {"tel:", URI_TEL}};

	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		size_t n = strlen(schemes[i].prefix);

		if (strncasecmp(*text, schemes[i].prefix, n) != 0)
			continue;
		u->scheme = schemes[i].scheme;
		*text += n;
		return true;
	}
	return false;
}

static bool parse_port(struct uri *u, const char *p, const char *end)
{
	u->port = 0;
	if (p == end)
		return true;
	if (*p++ != ':' || p == end || end - p > 5)
		return false;
	for (; p < end; p++) {
		if (*p < '0' || *p > '9')
			return false;
		u->port = u->port * 10 + (uint32_t)(*p - '0');
	}
	return u->port > 0 && u->port <= 65535;
}

static bool host_char(char c)
{
	char low = piece_lower(c);

	return (c >= '0' && c <= '9') || (low >= 'a' && low <= 'z') ||
	       (c != '\0' && strchr("[]:-._", c));
}

static bool parse_host(struct uri *u, const char *p, const char *end)
{
	const char *stop = p;

	if (p < end && *p == '[') {
		stop = memchr(p, ']', (size_t)(end - p));
		if (!stop)
			return false;
		stop++;
	} else {
		while (stop < end && *stop != ':')
			stop++;
	}
	u->host = (struct piece){p, (size_t)(stop - p)};
	for (; p < stop; p++)
		if (!host_char(*p))
			return false;
	return u->host.n > 0 && parse_port(u, stop, end);
}

/* Cut the parameters and headers off; what remains ends at the result. */
static const char *cut_tail(struct uri *u, const char *from, const char *end)
{
	const char *question = memchr(from, '?', (size_t)(end - from));
	const char *semicolon;

	u->params = u->headers = (struct piece){end, 0};
	if (question) {
		u->headers.p = question + 1;
		u->headers.n = (size_t)(end - question - 1);
		end = question;
	}
	semicolon = memchr(from, ';', (size_t)(end - from));
	if (semicolon) {
		u->params.p = semicolon + 1;
		u->params.n = (size_t)(end - semicolon - 1);
		end = semicolon;
	}
	return end;
}

bool uri_parse(struct uri *u, const char *text)
{
	size_t n = strnlen(text, URI_MAX + 1);
	const char *end = text + n, *at;

	memset(u, 0, sizeof(*u));
	u->user = u->host = u->params = u->headers = (struct piece){end, 0};
	if (n > URI_MAX || !clean(text, n) || !strip_scheme(u, &text))
		return false;

	if (u->scheme == URI_TEL) {
		end = cut_tail(u, text, end);
		u->user = (struct piece){text, (size_t)(end - text)};
		return u->user.n > 0;
	}
	/* ';' and '?' may stand in the user part, '@' only escaped. */
	at = memchr(text, '@', (size_t)(end - text));
	if (at) {
		const char *colon = memchr(text, ':', (size_t)(at - text));

		u->user.p = text;
		u->user.n = (size_t)((colon ? colon : at) - text);
		if (u->user.n == 0)
			return false;
		text = at + 1;
	}
	end = cut_tail(u, text, end);
	return parse_host(u, text, end);
}

/* Take the next parameter off @p rest. */
static bool next_param(struct piece *rest, struct piece *name,
                       struct piece *value)
{
	const char *stop, *equals;

	while (rest->n > 0 && *rest->p == ';') {
		rest->p++;
		rest->n--;
	}
	if (rest->n == 0)
		return false;
	stop = memchr(rest->p, ';', rest->n);
	if (!stop)
		stop = rest->p + rest->n;
	name->p = rest->p;
	equals = memchr(rest->p, '=', (size_t)(stop - rest->p));
	name->n = (size_t)((equals ? equals : stop) - rest->p);
	value->p = equals ? equals + 1 : stop;
	value->n = (size_t)(stop - value->p);
	rest->n -= (size_t)(stop - rest->p);
	rest->p = stop;
	return true;
}

static struct piece find_param(const struct uri *u, struct piece name)
{
	struct piece rest = u->params, key, value;

	for (int i = 0; i < URI_PARAMS_MAX; i++) {
		if (!next_param(&rest, &key, &value))
			break;
		if (key.n == name.n && strncasecmp(key.p, name.p, key.n) == 0)
			return value;
	}
	return (struct piece){NULL, 0};
}

struct piece uri_param(const struct uri *u, const char *name)
{
	return find_param(u, piece_of(name));
}

size_t uri_unescape(struct piece p, char *out, size_t size)
{
	const char *s = p.p, *end = p.p + p.n;
	size_t n = 0;

	while (s < end) {
		int c = next_char(&s, end);

		if (c < 0 || n + 1 >= size)
			return 0;
		out[n++] = (char)c;
	}
	if (size > 0)
		out[n] = '\0';
	return n;
}

/* Same text but for escapes, and for case when @p fold. */
static bool same_text(struct piece a, struct piece b, bool fold)
{
	const char *x = a.p, *y = b.p;
	const char *x_end = a.p + a.n, *y_end = b.p + b.n;

	while (x < x_end && y < y_end) {
		int c = next_char(&x, x_end), d = next_char(&y, y_end);

		if (fold && c >= 'A' && c <= 'Z')
			c += 'a' - 'A';
		if (fold && d >= 'A' && d <= 'Z')
			d += 'a' - 'A';
		if (c != d)
			return false;
	}
	return x == x_end && y == y_end;
}

static bool significant(struct piece name)
{
	static const char *const names[] = {"transport", "user", "ttl",
	                                    "method", "maddr"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (name.n == strlen(names[i]) &&
		    strncasecmp(name.p, names[i], name.n) == 0)
			return true;
	return false;
}

/* Does @p b agree with every parameter of @p a? */
static bool params_agree(const struct uri *a, const struct uri *b)
{
	struct piece rest = a->params, name, value, other;

	for (int i = 0; i < URI_PARAMS_MAX; i++) {
		if (!next_param(&rest, &name, &value))
			return true;
		other = find_param(b, name);
		if (other.p ? !same_text(value, other, true)
		            : significant(name))
			return false;
	}
	return false; /* too many to say */
}

bool uri_same(const struct uri *a, const struct uri *b)
{
	return a->scheme == b->scheme && a->port == b->port &&
	       same_text(a->user, b->user, false) &&
	       same_text(a->host, b->host, true) && params_agree(a, b) &&
	       params_agree(b, a) && same_text(a->headers, b->headers, false);
}
