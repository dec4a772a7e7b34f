/*
 * url.c - absolute http and https URLs, strictly read (RFC 3986)
 *
 * Pure: no I/O, no clock, no log.
 */
#include "url.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <openssl/crypto.h>

#include "base/percent.h"
#include "base/strbuf.h"

/* A part of a text, not terminated */
struct span {
	const char *s;
	size_t n;
};

static int refuse(const char **why, const char *reason)
{
	*why = reason;
	return EINVAL;
}

static void skip(struct span *t, size_t n)
{
	t->s += n;
	t->n -= n;
}

static struct span trimmed(const char *text)
{
	struct span t = {text, strlen(text)};

	while (t.n && (t.s[0] == ' ' || t.s[0] == '\t'))
		skip(&t, 1);
	while (t.n && (t.s[t.n - 1] == ' ' || t.s[t.n - 1] == '\t'))
		t.n--;
	return t;
}

/* Cut @p rest before the first of @p stops; what was before it comes back. */
static struct span cut(struct span *rest, const char *stops)
{
	struct span head = {rest->s, 0};

	while (head.n < rest->n && !strchr(stops, head.s[head.n]))
		head.n++;
	skip(rest, head.n);
	return head;
}

static bool has_control(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c < ' ' || c == 0x7f)
			return true;
	}
	return false;
}

/* Percent-decode. A stray % stands for itself. Control characters, NUL above
 * all, are refused: they would end in a header. */
static int decode(char **outp, struct span t, const char **why)
{
	char *out = malloc(t.n + 1);
	size_t n = 0;

	if (!out)
		return ENOMEM;
	for (size_t i = 0; i < t.n; i++) {
		int hi = -1, lo = -1;

		if (t.s[i] == '%' && i + 2 < t.n) {
			hi = percent_digit(t.s[i + 1]);
			lo = percent_digit(t.s[i + 2]);
		}
		if (hi >= 0 && lo >= 0) {
			out[n++] = (char)(hi * 16 + lo);
			i += 2;
		} else {
			out[n++] = t.s[i];
		}
	}
	out[n] = '\0';
	*outp = out;
	return has_control(out, n)
	               ? refuse(why,
	                        "The user or password in the URL has control "
	                        "characters.")
	               : 0;
}

static int take_userinfo(struct url *u, struct span *authority,
                         const char **why)
{
	const char *at = memrchr(authority->s, '@', authority->n);
	struct span info, user;
	int err;

	if (!at)
		return 0;
	info = (struct span){authority->s, (size_t)(at - authority->s)};
	skip(authority, info.n + 1);
	user = cut(&info, ":");
	if (info.n)
		skip(&info, 1);
	err = decode(&u->user, user, why);
	return err ? err : decode(&u->password, info, why);
}

static int take_port(struct url *u, struct span port, const char **why)
{
	uint32_t value = 0;

	u->port = u->https ? 443 : 80;
	if (port.n == 0) /* neither ":" nor digits, or a bare ":" */
		return 0;
	for (size_t i = 0; i < port.n && value <= 65535; i++)
		value = isdigit((unsigned char)port.s[i])
		                ? value * 10 + (uint32_t)(port.s[i] - '0')
		                : UINT32_MAX;
	if (value == 0 || value > 65535)
		return refuse(why, "The port in the URL is not a number from "
		                   "1 to 65535.");
	u->port = (uint16_t)value;
	return 0;
}

/* Letters, digits, "-._" and the bytes of an international name, which
 * libcurl turns into its ASCII form. */
static bool name_byte(char c)
{
	return isalnum((unsigned char)c) || (c & 0x80) || c == '-' ||
	       c == '.' || c == '_';
}

static bool ipv6_byte(char c)
{
	return isxdigit((unsigned char)c) || c == ':' || c == '.';
}

static int take_host(struct url *u, struct span *authority, const char **why)
{
	bool literal = authority->n && authority->s[0] == '[';
	struct span host;

	if (literal)
		skip(authority, 1);
	host = cut(authority, literal ? "]" : ":");
	if (literal) {
		if (!authority->n)
			return refuse(why, "The URL has a [ without its ].");
		skip(authority, 1);
	}
	if (host.n == 0 || host.n > URL_HOST_MAX)
		return refuse(why, "The URL has no host, or one that is too "
		                   "long.");
	for (size_t i = 0; i < host.n; i++) {
		if (literal ? !ipv6_byte(host.s[i]) : !name_byte(host.s[i]))
			return refuse(why, "The host in the URL has characters "
			                   "that a host can not have.");
	}
	u->host = strndup(host.s, host.n);
	if (!u->host)
		return ENOMEM;
	for (char *c = u->host; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	return 0;
}

static int take_authority(struct url *u, struct span authority,
                          const char **why)
{
	int err;

	/* Browsers read a backslash as a slash: two readers, two hosts. */
	if (memchr(authority.s, '\\', authority.n))
		return refuse(why, "The URL has a backslash before its path.");
	err = take_userinfo(u, &authority, why);
	if (!err)
		err = take_host(u, &authority, why);
	if (err)
		return err;
	if (authority.n && authority.s[0] != ':')
		return refuse(why, "The URL has something odd after its host.");
	if (authority.n)
		skip(&authority, 1);
	return take_port(u, authority, why);
}

/* Path and query as they will be sent: spaces and non-ASCII encoded */
static void add_encoded(struct strbuf *b, struct span t)
{
	for (size_t i = 0; i < t.n; i++) {
		unsigned char c = (unsigned char)t.s[i];

		if (c == ' ' || c >= 0x80)
			strbuf_addf(b, "%%%02X", c);
		else
			strbuf_addc(b, t.s[i]);
	}
}

static int take_scheme(struct url *u, struct span *rest, const char **why)
{
	if (rest->n > 8 && strncasecmp(rest->s, "https://", 8) == 0)
		u->https = true;
	else if (!(rest->n > 7 && strncasecmp(rest->s, "http://", 7) == 0))
		return refuse(why, "The URL must begin with http:// or "
		                   "https:// and name a host.");
	skip(rest, u->https ? 8 : 7);
	return 0;
}

static int write_text(struct url *u, struct span authority, struct span path)
{
	struct strbuf b = {0};
	const char *at = memrchr(authority.s, '@', authority.n);

	if (at)
		skip(&authority, (size_t)(at + 1 - authority.s));
	if (authority.n && authority.s[authority.n - 1] == ':')
		authority.n--;
	strbuf_add(&b, u->https ? "https://" : "http://");
	strbuf_addn(&b, authority.s, authority.n);
	u->path = b.len;
	if (path.n == 0 || path.s[0] != '/')
		strbuf_addc(&b, '/');
	add_encoded(&b, path);
	u->text = strbuf_take(&b);
	return u->text ? 0 : ENOMEM;
}

static int parse_into(struct url *u, const char *text, const char **why)
{
	struct span rest = trimmed(text), authority, path;
	int err;

	if (rest.n > URL_MAX)
		return refuse(why, "The URL is longer than 8000 characters.");
	if (has_control(rest.s, rest.n))
		return refuse(why, "The URL has control characters.");
	err = take_scheme(u, &rest, why);
	if (err)
		return err;
	authority = cut(&rest, "/?#");
	path = cut(&rest, "#");
	err = take_authority(u, authority, why);
	if (!err)
		err = write_text(u, authority, path);
	if (err)
		return err;
	u->fragment = rest.n ? strndup(rest.s + 1, rest.n - 1) : strdup("");
	return u->fragment ? 0 : ENOMEM;
}

int url_parse(struct url **up, const char *text, const char **why)
{
	struct url *u = calloc(1, sizeof(*u));
	int err = u ? parse_into(u, text, why) : ENOMEM;

	if (err)
		url_free(u);
	else
		*up = u;
	return err;
}

/* Does it begin with "scheme:"? */
static bool has_scheme(struct span t)
{
	size_t i = 0;

	while (i < t.n &&
	       (isalnum((unsigned char)t.s[i]) || strchr("+-.", t.s[i])))
		i++;
	return i > 0 && i < t.n && t.s[i] == ':' &&
	       isalpha((unsigned char)t.s[0]);
}

/* One segment of a path after those that begin at @p from */
static void add_segment(struct strbuf *b, size_t from, struct span segment,
                        bool last)
{
	bool dot = segment.n == 1 && segment.s[0] == '.',
	     up = segment.n == 2 && memcmp(segment.s, "..", 2) == 0;

	while (up && b->len > from && b->s[--b->len] != '/')
		;
	if (dot || up) {
		if (last)
			strbuf_addc(b, '/');
		return;
	}
	strbuf_addc(b, '/');
	strbuf_addn(b, segment.s, segment.n);
}

/* Take ".." and "." out of a path (RFC 3986 5.2.4). */
static void drop_dots(struct strbuf *b, struct span rest)
{
	size_t from = b->len;

	while (rest.n) {
		struct span segment;

		skip(&rest, 1); /* the slash before it */
		segment = cut(&rest, "/");
		add_segment(b, from, segment, rest.n == 0);
	}
}

/* A relative path: the base's directory, then the reference */
static void merge_path(struct strbuf *b, const struct url *base,
                       struct span path)
{
	struct span own = {base->text + base->path,
	                   strcspn(base->text + base->path, "?")};
	struct strbuf merged = {0};

	if (path.n && path.s[0] == '/')
		own.n = 0;
	while (path.n && own.n && own.s[own.n - 1] != '/')
		own.n--;
	strbuf_addn(&merged, own.s, own.n);
	strbuf_addn(&merged, path.s, path.n);
	drop_dots(b, (struct span){strbuf_str(&merged), merged.len});
	b->failed |= merged.failed;
	strbuf_close(&merged);
}

int url_resolve(struct url **up, const struct url *base, const char *ref,
                const char **why)
{
	struct span rest = trimmed(ref), path;
	struct strbuf b = {0};
	int err;

	if (rest.n == 0)
		return refuse(why, "The Location is empty.");
	if (rest.n > URL_MAX)
		return refuse(why, "The Location is too long.");
	if (has_scheme(rest))
		return url_parse(up, ref, why);
	if (rest.n > 2 && rest.s[0] == '/' && rest.s[1] == '/') {
		strbuf_add(&b, base->https ? "https:" : "http:");
		strbuf_addn(&b, rest.s, rest.n);
	} else {
		path = cut(&rest, "?#");
		strbuf_addn(&b, base->text, base->path);
		merge_path(&b, base, path);
		if (!path.n && rest.n && rest.s[0] == '#')
			strbuf_add(&b, base->text + base->path +
			                       strcspn(base->text + base->path,
			                               "?"));
		strbuf_addn(&b, rest.s, rest.n);
	}
	err = b.failed ? ENOMEM : url_parse(up, strbuf_str(&b), why);
	strbuf_close(&b);
	return err;
}

void url_free(struct url *u)
{
	if (!u)
		return;
	if (u->password)
		OPENSSL_cleanse(u->password, strlen(u->password));
	free(u->text);
	free(u->host);
	free(u->user);
	free(u->password);
	free(u->fragment);
	free(u);
}

bool url_same_origin(const struct url *a, const struct url *b)
{
	return a->https == b->https && a->port == b->port &&
	       strcmp(a->host, b->host) == 0;
}
