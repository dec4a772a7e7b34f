/*
 * route.c - what is written in a noun: a number, or a SIP URI with headers
 *
 * Pure.
 */
#include "route.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "e164.h"
#include "numbering/emergency.h"

static void refuse(struct route *out, uint32_t code, unsigned status,
                   const char *text)
{
	out->code = code;
	out->refused = status;
	out->text = text;
}

void route_number(struct arena *a, const char *text, struct route *out)
{
	char number[E164_SIZE], emergency[EMERGENCY_SIZE];

	memset(out, 0, sizeof(*out));
	out->kind = RESOLVE_NUMBER;
	out->text = "";
	out->what = arena_str(a, text);
	if (emergency_somewhere(text, emergency)) {
		out->kind = RESOLVE_EMERGENCY;
		out->what = arena_str(a, emergency);
		return;
	}
	if (!e164_parse(text, number)) {
		refuse(out, 13223, 484, "this is not a telephone number");
		return;
	}
	out->what = arena_str(a, number);
}

static bool is_token(const char *name)
{
	return *name &&
	       strspn(name,
	              "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	              "0123456789-_.!%*+`'~") == strlen(name);
}

/* Is it one that only we say? */
static bool reserved_header(const char *name)
{
	return strncasecmp(name, "X-Twilio", 8) == 0 ||
	       strncasecmp(name, "X-Trestle", 9) == 0;
}

static bool allowed_header(const char *name)
{
	static const char *const others[] = {
		"User-to-User",
		"Remote-Party-ID",
		"P-Preferred-Identity",
		"P-Called-Party-ID",
	};

	if (strncasecmp(name, "X-", 2) == 0)
		return name[2] != '\0';
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
		if (strcasecmp(name, others[i]) == 0)
			return true;
	}
	return false;
}

static int hex(char c)
{
	const char *digits = "0123456789abcdef";
	const char *at;

	if (c >= 'A' && c <= 'F')
		c = (char)(c - 'A' + 'a');
	at = c ? strchr(digits, c) : NULL;
	return at ? (int)(at - digits) : -1;
}

/* Undo %XX. Returns NULL when the result could break a header. */
static const char *decode(struct arena *a, const char *s, size_t n)
{
	char *out = arena_alloc(a, n + 1);
	size_t len = 0;

	if (!out)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		char c = s[i];

		if (c == '%' && i + 2 < n && hex(s[i + 1]) >= 0 &&
		    hex(s[i + 2]) >= 0) {
			c = (char)(hex(s[i + 1]) * 16 + hex(s[i + 2]));
			i += 2;
		}
		if ((unsigned char)c < ' ' || c == 0x7f)
			return NULL;
		out[len++] = c;
	}
	return out;
}

/* @return whether that may be sent; else @p out says why not */
static bool header_fits(const char *name, const char *value, struct route *out)
{
	if (!name || !is_token(name))
		refuse(out, 32111, 0,
		       "the name of a header has characters that may not be "
		       "sent: left out, use letters, digits and -");
	else if (!value)
		refuse(out, 32112, 0,
		       "the value of a header has control characters: left "
		       "out");
	else if (reserved_header(name))
		refuse(out, 32113, 0,
		       "names of headers that begin with X-Twilio or X-Trestle "
		       "are ours: left out, use another name");
	else if (!allowed_header(name))
		refuse(out, 13252, 0,
		       "the name of a header does not begin with x-: left "
		       "out");
	else if (out->n_headers == HEADERS_MAX - 4)
		refuse(out, 13251, 0, "too many headers: left out");
	else
		return true;
	return false;
}

/* "x-a=1&x-b=2". What may not be sent is left out, with a warning. */
static void read_headers(struct arena *a, const char *s, struct route *out)
{
	struct pair *headers = arena_alloc(a, HEADERS_MAX * sizeof(*headers));

	if (strlen(s) >= ROUTE_HEADERS_MAX) {
		refuse(out, 13253, 0, "the headers are too long: left out");
		return;
	}
	out->headers = headers;
	while (headers && *s) {
		size_t n = strcspn(s, "&");
		size_t name_len = strcspn(s, "=&");
		const char *name = decode(a, s, name_len);
		const char *value = "";

		if (name_len < n)
			value = decode(a, s + name_len + 1, n - name_len - 1);
		if (header_fits(name, value, out))
			headers[out->n_headers++] = (struct pair){name, value};
		s += n + (s[n] == '&' ? 1 : 0);
	}
}

/* Is every byte one that may stand in a Request-URI without brackets? */
static bool clean(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if ((unsigned char)s[i] <= ' ' || (unsigned char)s[i] > 0x7e ||
		    strchr("<>\"{}|\\^`,", s[i]))
			return false;
	}
	return true;
}

/* Parameters that only say where Twilio would leave its network from. */
static bool dropped(const char *param, size_t n)
{
	return (n >= 7 && strncasecmp(param, "region=", 7) == 0) ||
	       (n >= 5 && strncasecmp(param, "edge=", 5) == 0);
}

/* Does it ask for SRTP (contract 1.10)? */
static bool wants_secure(const char *params, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (strncasecmp(params + i, ";secure=true", 12) == 0 &&
		    (i + 12 == n || params[i + 12] == ';'))
			return true;
	}
	return false;
}

static const char *copy_params(struct arena *a, const char *s, size_t n,
                               bool tls)
{
	const char *params = tls ? ";transport=tls" : "";

	while (n && *s == ';') {
		size_t len = 1;

		while (len < n && s[len] != ';')
			len++;
		if (!dropped(s + 1, len - 1) &&
		    !(tls && len > 10 &&
		      strncasecmp(s + 1, "transport=", 10) == 0))
			params = arena_printf(a, "%s%.*s", params, (int)len, s);
		s += len;
		n -= len;
	}
	return params;
}

static const char *lower(struct arena *a, const char *s, size_t n)
{
	char *out = arena_alloc(a, n + 1);

	for (size_t i = 0; out && i < n; i++)
		out[i] = (char)(s[i] >= 'A' && s[i] <= 'Z' ? s[i] - 'A' + 'a'
		                                           : s[i]);
	return out ? out : "";
}

static bool other_scheme(const char *s, size_t n)
{
	size_t at = strcspn(s, ":@;?");

	/* "kate:5070" is a host with a port, "tel:…" and "http:…" are not */
	return at < n && s[at] == ':' &&
	       (s[at + 1] == '/' || strncasecmp(s, "tel:", 4) == 0 ||
	        strncasecmp(s, "client:", 7) == 0);
}

void route_sip(struct arena *a, const char *text, struct route *out)
{
	size_t n = strcspn(text, "?");
	size_t user, host;
	const char *question = text[n] ? text + n + 1 : "";
	bool tls = false;

	memset(out, 0, sizeof(*out));
	out->kind = RESOLVE_URI;
	out->what = arena_str(a, text);
	out->text = "";
	if (strncasecmp(text, "sips:", 5) == 0) {
		tls = true;
		text += 5;
		n -= 5;
	} else if (strncasecmp(text, "sip:", 4) == 0) {
		text += 4;
		n -= 4;
	}
	for (user = n; user > 0 && text[user - 1] != '@'; user--)
		;
	host = user + strcspn(text + user, ";?");
	if (host > n)
		host = n;
	if (host == user || n >= ROUTE_URI_MAX || !clean(text, n) ||
	    other_scheme(text, n)) {
		refuse(out, 13243, 404, "this is not a SIP URI");
		return;
	}
	if (wants_secure(text + host, n - host)) { /* and nothing less */
		refuse(out, 32208, 488,
		       "secure=true asks for media by SRTP, which is not there "
		       "yet: leave it out; ;transport=tls encrypts the "
		       "signalling alone");
		return;
	}
	out->what = arena_printf(a, "sip:%.*s%s%s", (int)user, text,
	                         lower(a, text + user, host - user),
	                         copy_params(a, text + host, n - host, tls));
	read_headers(a, question, out);
}
