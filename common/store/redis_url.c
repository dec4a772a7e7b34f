/*
 * redis_url.c - "redis://[user:password@]host:port/db" taken apart
 */
#include "store/redis_url.h"

#include <errno.h>
#include <string.h>

#include "base/percent.h"

enum { REDIS_PORT = 6379, REDIS_DB_MAX = 65535 };

static int copy(char out[REDIS_URL_PART_MAX], const char *s, size_t n)
{
	if (n >= REDIS_URL_PART_MAX)
		return EINVAL;
	return percent_decode(s, n, false, out);
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

/* The end of the host: `[v6]` or what stands before a colon; NULL = broken */
static const char *host_end(const char *s, size_t n)
{
	const char *end = memchr(s, *s == '[' ? ']' : ':', n);

	if (*s != '[')
		return end ? end : s + n;
	return end ? end + 1 : NULL;
}

static int parse_host(const char *s, size_t n, struct redis_url *url)
{
	const char *end = n > 0 ? host_end(s, n) : NULL;
	size_t bracket = n > 0 && *s == '[';
	unsigned long port = REDIS_PORT;

	if (!end || end == s ||
	    copy(url->host, s + bracket, (size_t)(end - s) - 2 * bracket))
		return EINVAL;
	n -= (size_t)(end - s);
	if (n > 0 && (*end != ':' || number(end + 1, n - 1, 65535, &port)))
		return EINVAL;
	url->port = (uint16_t)port;
	return port == 0 || url->host[0] == '\0' ? EINVAL : 0;
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
