/*
 * redis_url.c - "redis://[user:password@]host:port/db" taken apart
 */
#include "store/redis_url.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { REDIS_PORT = 6379, REDIS_DB_MAX = 65535 };

static int hex(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *p = c ? strchr(digits, c | 0x20) : NULL;

	return p ? (int)(p - digits) : -1;
}

/* Copy n bytes, decoding %XX. */
static int copy(char out[REDIS_URL_PART_MAX], const char *s, size_t n)
{
	size_t len = 0;

	for (size_t i = 0; i < n; i++) {
		char c = s[i];

		if (c == '%') {
			int high = n - i > 2 ? hex(s[i + 1]) : -1;
			int low = n - i > 2 ? hex(s[i + 2]) : -1;

			if (high < 0 || low < 0)
				return EINVAL;
			c = (char)(high * 16 + low);
			i += 2;
		}
		if (c == '\0' || len + 1 >= REDIS_URL_PART_MAX)
			return EINVAL;
		out[len++] = c;
	}
	out[len] = '\0';
	return 0;
}

static int number(const char *s, size_t n, unsigned long max,
                  unsigned long *out)
{
	*out = 0;
	if (n == 0)
		return EINVAL;
	for (; n > 0; n--, s++) {
		if (*s < '0' || *s > '9')
			return EINVAL;
		*out = *out * 10 + (unsigned long)(*s - '0');
		if (*out > max)
			return EINVAL;
	}
	return 0;
}

static int parse_user(const char *s, size_t n, struct redis_url *url)
{
	const char *colon = memchr(s, ':', n);
	size_t n_user = colon ? (size_t)(colon - s) : n;

	if (copy(url->user, s, n_user))
		return EINVAL;
	if (!colon)
		return EINVAL; /* a name without a password is a slip */
	return copy(url->password, colon + 1, n - n_user - 1);
}

static int parse_host(const char *s, size_t n, struct redis_url *url)
{
	const char *end, *rest = s + n;
	unsigned long port = REDIS_PORT;

	if (n > 0 && *s == '[') {
		s++;
		end = memchr(s, ']', n - 1);
		if (!end)
			return EINVAL;
		if (end + 1 < rest && end[1] != ':')
			return EINVAL;
	} else {
		end = memchr(s, ':', n);
		end = end ? end : rest;
	}
	if (end == s || copy(url->host, s, (size_t)(end - s)))
		return EINVAL;
	if (end < rest && *end == ']')
		end++;
	if (end < rest &&
	    (number(end + 1, (size_t)(rest - end - 1), 65535, &port) ||
	     port == 0))
		return EINVAL;
	url->port = (uint16_t)port;
	return 0;
}

int redis_url_parse(const char *text, struct redis_url *url)
{
	static const char scheme[] = "redis://";
	const char *at, *slash;
	unsigned long db = 0;

	*url = (struct redis_url){0};
	if (!text || strncmp(text, scheme, sizeof(scheme) - 1) != 0)
		return EINVAL;
	text += sizeof(scheme) - 1;
	at = strrchr(text, '@'); /* a password may hold one unescaped */
	if (at && parse_user(text, (size_t)(at - text), url))
		return EINVAL;
	text = at ? at + 1 : text;
	slash = strchr(text, '/');
	if (slash && slash[1] &&
	    number(slash + 1, strlen(slash + 1), REDIS_DB_MAX, &db))
		return EINVAL;
	url->db = (uint32_t)db;
	return parse_host(text, slash ? (size_t)(slash - text) : strlen(text),
	                  url);
}
