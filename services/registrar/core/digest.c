/*
 * digest.c - digest authentication: challenges and their answers
 *
 * The parser is strict, because what it reads comes from anybody: a parameter
 * that stands twice, a quote that does not close, a backslash or a length that
 * is not the algorithm's make the whole header malformed. Pure: no I/O, no
 * clock, no log, no allocation.
 */
#include "digest.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "same.h"
#include "uri.h"

enum param {
	PARAM_USERNAME,
	PARAM_REALM,
	PARAM_NONCE,
	PARAM_URI,
	PARAM_RESPONSE,
	PARAM_ALGORITHM,
	PARAM_CNONCE,
	PARAM_QOP,
	PARAM_NC,
	PARAM_USERHASH,
	PARAMS
};

static const char *const param_names[PARAMS] = {
	[PARAM_USERNAME] = "username",
	[PARAM_REALM] = "realm",
	[PARAM_NONCE] = "nonce",
	[PARAM_URI] = "uri",
	[PARAM_RESPONSE] = "response",
	[PARAM_ALGORITHM] = "algorithm",
	[PARAM_CNONCE] = "cnonce",
	[PARAM_QOP] = "qop",
	[PARAM_NC] = "nc",
	[PARAM_USERHASH] = "userhash",
};

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_token(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z') || (c != '\0' && strchr("-.!%*_+`'~", c));
}

static void skip_space(const char **p)
{
	while (is_space(**p))
		(*p)++;
}

static struct piece take_token(const char **p)
{
	const char *start = *p;

	while (is_token(**p))
		(*p)++;
	return (struct piece){start, (size_t)(*p - start)};
}

/* A quoted string or a token. Some phones do not quote what they should, so a
 * bare value ends at a comma or a space. */
static bool take_value(const char **p, struct piece *value)
{
	const char *end;

	if (**p != '"') {
		value->p = *p;
		while (**p && **p != ',' && **p != '"' && !is_space(**p))
			(*p)++;
		value->n = (size_t)(*p - value->p);
		return value->n > 0;
	}
	value->p = ++*p;
	end = *p + strcspn(*p, "\"\\\r\n");
	if (*end != '"')
		return false;
	value->n = (size_t)(end - *p);
	*p = end + 1;
	return true;
}

static enum param param_of(struct piece name)
{
	for (int i = 0; i < PARAMS; i++)
		if (strlen(param_names[i]) == name.n &&
		    strncasecmp(param_names[i], name.p, name.n) == 0)
			return (enum param)i;
	return PARAMS;
}

static bool take_param(const char **p, struct piece values[PARAMS])
{
	struct piece name = take_token(p), value;
	enum param param = param_of(name);

	skip_space(p);
	if (name.n == 0 || **p != '=')
		return false;
	(*p)++;
	skip_space(p);
	if (!take_value(p, &value))
		return false;
	if (param == PARAMS)
		return true;
	if (values[param].p)
		return false;
	values[param] = value;
	return true;
}

static bool split(const char *p, struct piece values[PARAMS])
{
	for (int i = 0; i < DIGEST_PARAMS_MAX; i++) {
		skip_space(&p);
		if (!take_param(&p, values))
			return false;
		skip_space(&p);
		if (*p == '\0')
			return true;
		if (*p++ != ',')
			return false;
	}
	return false;
}

static bool is(struct piece value, const char *word)
{
	return value.n == strlen(word) &&
	       strncasecmp(value.p, word, value.n) == 0;
}

static bool copy(struct piece value, char *out, size_t size)
{
	if (value.n == 0 || value.n >= size)
		return false;
	memcpy(out, value.p, value.n);
	out[value.n] = '\0';
	return true;
}

static bool read_nc(struct digest *d, struct piece value)
{
	d->nc = 0;
	d->nc_text = value;
	if (value.n != 8)
		return false;
	for (size_t i = 0; i < 8; i++) {
		const char *digits = "0123456789abcdef0123456789ABCDEF";
		const char *at = strchr(digits, value.p[i]);

		if (!at)
			return false;
		d->nc = d->nc << 4 | (uint32_t)((at - digits) & 15);
	}
	return d->nc > 0;
}

static bool read_response(struct digest *d, struct piece value)
{
	size_t n = d->algorithm == SUM_MD5 ? 32 : 64;

	if (value.n != n)
		return false;
	for (size_t i = 0; i < n; i++) {
		char c = value.p[i];

		if (c >= 'A' && c <= 'F')
			c = (char)(c + 'a' - 'A');
		if ((c < '0' || c > '9') && (c < 'a' || c > 'f'))
			return false;
		d->response[i] = c;
	}
	d->response[n] = '\0';
	return true;
}

static bool read_algorithm(struct digest *d, struct piece value)
{
	d->algorithm = is(value, "SHA-256") ? SUM_SHA256 : SUM_MD5;
	return !value.p || d->algorithm == SUM_SHA256 || is(value, "MD5");
}

static enum digest_parsed read_values(struct digest *d,
                                      const struct piece v[PARAMS])
{
	if (!v[PARAM_USERNAME].p || !v[PARAM_REALM].p || !v[PARAM_NONCE].p ||
	    !v[PARAM_URI].p || !v[PARAM_RESPONSE].p)
		return DIGEST_MALFORMED;
	if (!read_algorithm(d, v[PARAM_ALGORITHM]))
		return DIGEST_OTHER;
	if (v[PARAM_USERHASH].p && !is(v[PARAM_USERHASH], "false"))
		return DIGEST_OTHER;
	if (!v[PARAM_QOP].p || !is(v[PARAM_QOP], "auth"))
		return DIGEST_OTHER;
	d->uri = v[PARAM_URI];
	d->cnonce = v[PARAM_CNONCE];
	d->nonce_text = v[PARAM_NONCE];
	if (v[PARAM_NONCE].n != NONCE_SIZE - 1 ||
	    !copy(v[PARAM_NONCE], d->nonce, sizeof(d->nonce)))
		d->nonce[0] = '\0';
	if (!copy(v[PARAM_USERNAME], d->username, sizeof(d->username)) ||
	    !copy(v[PARAM_REALM], d->realm, sizeof(d->realm)) ||
	    !read_nc(d, v[PARAM_NC]) || !read_response(d, v[PARAM_RESPONSE]) ||
	    d->uri.n == 0 || d->uri.n > URI_MAX || d->cnonce.n == 0 ||
	    d->cnonce.n > DIGEST_CNONCE_MAX)
		return DIGEST_MALFORMED;
	return DIGEST_OK;
}

enum digest_parsed digest_parse(struct digest *d, const char *text)
{
	struct piece values[PARAMS] = {{NULL, 0}};
	struct piece scheme;

	if (strnlen(text, DIGEST_TEXT_MAX + 1) > DIGEST_TEXT_MAX)
		return DIGEST_MALFORMED;
	skip_space(&text);
	scheme = take_token(&text);
	if (!is_space(*text))
		return DIGEST_MALFORMED;
	if (!is(scheme, "Digest"))
		return DIGEST_OTHER;
	if (!split(text, values))
		return DIGEST_MALFORMED;
	return read_values(d, values);
}

bool digest_right(const struct digest *d, struct sum *sum, const char *method,
                  const struct digest_secret *secret)
{
	/* An unknown user costs the same as a known one (RFC 7616 5.5), so the
	 * sums are made with what nobody's password gives. */
	static const char nobody[] = "0000000000000000000000000000000"
				     "000000000000000000000000000000000";
	const struct piece colon = {":", 1};
	const char *ha1 = NULL;
	char ha2[SUM_HEX_MAX], want[SUM_HEX_MAX];
	size_t n = d->algorithm == SUM_MD5 ? 32 : 64;

	if (secret)
		ha1 = d->algorithm == SUM_MD5 ? secret->md5 : secret->sha256;
	if (ha1 && strlen(ha1) != n)
		ha1 = NULL;
	sum_hex(sum, d->algorithm,
	        (const struct piece[]){piece_of(method), colon, d->uri}, 3,
	        ha2);
	sum_hex(sum, d->algorithm,
	        (const struct piece[]){{ha1 ? ha1 : nobody, n},
	                               colon,
	                               d->nonce_text,
	                               colon,
	                               d->nc_text,
	                               colon,
	                               d->cnonce,
	                               {":auth:", 6},
	                               {ha2, n}},
	        9, want);
	return same_bytes(want, d->response, n) && ha1;
}

bool digest_uri_matches(const struct digest *d, const char *request_uri)
{
	char text[URI_MAX + 1];
	struct uri a, b;

	if (d->uri.n == strlen(request_uri) &&
	    memcmp(d->uri.p, request_uri, d->uri.n) == 0)
		return true;
	return copy(d->uri, text, sizeof(text)) && uri_parse(&a, text) &&
	       uri_parse(&b, request_uri) && uri_same(&a, &b);
}

void digest_challenge(char out[DIGEST_CHALLENGE_SIZE],
                      enum sum_algorithm algorithm, const char *realm,
                      const char *nonce, bool stale)
{
	(void)snprintf(out, DIGEST_CHALLENGE_SIZE,
	               "Digest realm=\"%s\", nonce=\"%s\", algorithm=%s, "
	               "qop=\"auth\"%s",
	               realm, nonce, algorithm == SUM_MD5 ? "MD5" : "SHA-256",
	               stale ? ", stale=true" : "");
}
