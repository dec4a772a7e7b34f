/*
 * url.c - relative references to absolute URLs (RFC 3986 section 5.2)
 *
 * Pure.
 */
#include "url.h"

#include <string.h>
#include <strings.h>

#include "base/mask.h"

enum { HOST_MAX = 255 }; /* bytes: RFC 1035 */

/* Where the parts of a URL begin; each ends where the next begins. */
struct parts {
	size_t authority; /* after "//" */
	size_t path;
	size_t query;    /* at '?' */
	size_t fragment; /* at '#' */
	size_t end;
};

static size_t scheme_length(const char *s)
{
	if (strncasecmp(s, "http://", 7) == 0)
		return 5;
	return strncasecmp(s, "https://", 8) == 0 ? 6 : 0;
}

static bool has_scheme(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz"
	                     "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");

	return n > 0 && s[n] == ':';
}

static bool clean(const char *s)
{
	for (; *s; s++) {
		if ((unsigned char)*s <= ' ' || *s == 0x7f)
			return false;
	}
	return true;
}

static struct parts split(const char *s)
{
	struct parts p;

	p.authority = scheme_length(s) + 2;
	p.path = p.authority + strcspn(s + p.authority, "/?#");
	p.query = p.path + strcspn(s + p.path, "?#");
	p.fragment = p.query + strcspn(s + p.query, "#");
	p.end = p.fragment + strlen(s + p.fragment);
	return p;
}

/* ":8080", or nothing; a bare colon is the default port */
static bool port_fits(const char *s, size_t n)
{
	unsigned value = 0;

	if (n == 0 || *s != ':')
		return n == 0;
	for (size_t i = 1; i < n && value <= 65535; i++)
		value = s[i] >= '0' && s[i] <= '9'
		                ? value * 10 + (unsigned)(s[i] - '0')
		                : 65536;
	return n == 1 || (value > 0 && value <= 65535);
}

/* Letters, digits, "-._" and the bytes of an international name: what a
 * webhook-fetcher takes. */
static bool name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || (c & 0x80) || (c && strchr("-._", c));
}

static bool literal_byte(char c)
{
	return c && strchr("0123456789abcdefABCDEF:.", c);
}

/* A host of a URL, without user and with a port */
static bool host_fits(const char *s, size_t n)
{
	bool literal = n && *s == '[';
	size_t i = literal;

	while (i < n && (literal ? literal_byte(s[i]) : name_byte(s[i])))
		i++;
	if (i == literal || i > HOST_MAX ||
	    (literal && (i == n || s[i] != ']')))
		return false;
	i += literal;
	return port_fits(s + i, n - i);
}

/* Where the host begins: behind a user and password */
static size_t host_of(const char *url, const struct parts *p)
{
	size_t host = p->path;

	while (host > p->authority && url[host - 1] != '@')
		host--;
	return host;
}

bool url_absolute(const char *url)
{
	struct parts p;
	size_t host;

	if (!scheme_length(url) || strlen(url) > URL_MAX || !clean(url))
		return false;
	p = split(url);
	host = host_of(url, &p);
	return !memchr(url + p.authority, '\\', p.path - p.authority) &&
	       host_fits(url + host, p.path - host);
}

bool url_relative(const char *ref)
{
	return strlen(ref) <= URL_MAX && clean(ref) && !has_scheme(ref);
}

bool url_host_valid(const char *url)
{
	struct parts p = split(url);
	size_t host = host_of(url, &p);

	return !memchr(url + host, '_', p.path - host);
}

static bool is_dots(const char *segment, size_t n, size_t dots)
{
	return n == dots + 1 && memcmp(segment, "/..", n) == 0;
}

/* RFC 3986 5.2.4, in place: "." and ".." disappear. */
static void remove_dots(char *path)
{
	char *in = path, *out = path;

	while (*in) {
		size_t n = 1 + strcspn(in + 1, "/");
		bool up = is_dots(in, n, 2), dots = up || is_dots(in, n, 1);

		while (up && out > path && *--out != '/')
			;
		if (!dots) {
			memmove(out, in, n);
			out += n;
		} else if (in[n] == '\0') {
			*out++ = '/';
		}
		in += n;
	}
	*out = '\0';
}

/* The path of a reference that has one, merged with that of the base (5.2.3);
 * what follows the path stays behind it. */
static const char *merge(struct arena *a, const char *base,
                         const struct parts *b, const char *ref)
{
	size_t ref_path = strcspn(ref, "?#");
	size_t dir = 0;
	char *path;

	if (*ref != '/') {
		for (size_t i = b->path; i < b->query; i++) {
			if (base[i] == '/')
				dir = i - b->path;
		}
	}
	path = arena_alloc(a, dir + ref_path + 2);
	if (!path)
		return NULL;
	memcpy(path, base + b->path, dir);
	if (*ref != '/')
		path[dir++] = '/';
	memcpy(path + dir, ref, ref_path);
	remove_dots(path);
	return arena_printf(a, "%.*s%s%s", (int)b->path, base, path,
	                    ref + ref_path);
}

const char *url_resolve(struct arena *a, const char *base, const char *ref)
{
	struct parts b;
	const char *result = ref;

	if (strlen(ref) > URL_MAX || !clean(ref))
		return NULL;
	if (has_scheme(ref))
		return url_absolute(ref) ? arena_str(a, ref) : NULL;
	if (!url_absolute(base))
		return NULL;
	b = split(base);
	if (*ref == '\0')
		result = arena_strn(a, base, b.fragment);
	else if (*ref == '#')
		result = arena_printf(a, "%.*s%s", (int)b.fragment, base, ref);
	else if (*ref == '?')
		result = arena_printf(a, "%.*s%s", (int)b.query, base, ref);
	else if (strncmp(ref, "//", 2) == 0)
		result = arena_printf(a, "%.*s%s", (int)b.authority - 2, base,
		                      ref);
	else
		result = merge(a, base, &b, ref);
	return result && url_absolute(result) ? result : NULL;
}

const char *url_mask(struct arena *a, const char *text)
{
	size_t before, hidden, n = 0, more = 0;
	char *out;

	for (const char *p = text; *p; p++)
		if ((*p == 'h' || *p == 'H' || *p == 'p') &&
		    mask_length(p, &before) > 0)
			more += sizeof("***");
	if (more == 0)
		return NULL;
	out = arena_alloc(a, strlen(text) + more + 1);
	for (const char *p = text; out && *p;) {
		hidden = mask_length(p, &before);
		if (hidden == 0) {
			out[n++] = *p++;
			continue;
		}
		memcpy(out + n, p, before);
		memcpy(out + n + before, "***", 3);
		n += before + 3;
		p += before + hidden;
	}
	if (out)
		out[n] = '\0';
	return out ? out : "***";
}
