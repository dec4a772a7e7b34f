/*
 * route.c - which resource does a path name?
 *
 * Pure: no I/O.
 */
#include "route.h"

#include <string.h>

static const char base[] = "/2010-04-01/Accounts";
enum { SID = SID_SIZE - 1 };

/* Nothing that has a name in a path is written with others. */
static bool is_visible(const char *s)
{
	while (*s > ' ' && *s < 0x7f)
		s++;
	return *s == '\0';
}

/* Does this part of a path stand for `{XX}` or `{}`? */
static bool fits_placeholder(const char *pattern, const char *part, size_t n,
                             struct path *out)
{
	char prefix[3] = {pattern[1], pattern[2], '\0'};
	char *to;

	if (out->n == ROUTE_PARTS_MAX || n == 0 || n >= ROUTE_PART_SIZE)
		return false;
	to = out->parts[out->n];
	memcpy(to, part, n);
	to[n] = '\0';
	if (pattern[1] == '}' ? !is_visible(to) : !sid_valid(to, prefix))
		return false;
	out->n++;
	return true;
}

/* Both without a leading slash */
static bool fits(const char *pattern, const char *path, size_t length,
                 struct path *out)
{
	const char *end = path + length;

	out->n = 0;
	while (*pattern && path < end) {
		size_t want = strcspn(pattern, "/");
		const char *slash = memchr(path, '/', (size_t)(end - path));
		size_t n = (size_t)((slash ? slash : end) - path);

		if (pattern[0] == '{') {
			if (!fits_placeholder(pattern, path, n, out))
				return false;
		} else if (want != n || memcmp(pattern, path, n) != 0) {
			return false;
		}
		pattern += want + (pattern[want] == '/');
		path += n + (slash != NULL);
	}
	return !*pattern && path == end && (length == 0 || end[-1] != '/');
}

/* Take the account out of the path. @return what follows, NULL = another one */
static const char *take_account(const char *path, size_t *n, struct path *out)
{
	const size_t n_base = sizeof(base) - 1;

	if (strncmp(path, base, n_base) != 0)
		return NULL;
	path += n_base;
	*n -= n_base;
	if (*n == 0) /* the list of accounts */
		return path;
	if (*path != '/' || *n < SID + 1)
		return NULL;
	memcpy(out->account_sid, path + 1, SID);
	out->account_sid[SID] = '\0';
	path += SID + 1;
	*n -= SID + 1;
	if (!sid_valid(out->account_sid, "AC") || *n == 1 ||
	    (*n && *path != '/'))
		return NULL;
	path += *n > 0;
	*n -= *n > 0;
	return path;
}

static enum route_suffix take_suffix(const char *path, size_t *n)
{
	static const struct {
		const char *text;
		enum route_suffix suffix;
	} suffixes[] = {{".json", SUFFIX_JSON},
	                {".wav", SUFFIX_WAV},
	                {".mp3", SUFFIX_MP3}};

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		size_t len = strlen(suffixes[i].text);

		if (*n < len ||
		    memcmp(path + *n - len, suffixes[i].text, len) != 0)
			continue;
		*n -= len;
		return suffixes[i].suffix;
	}
	return SUFFIX_NONE;
}

static const struct route *find_newer(const struct route *table,
                                      const char *path, size_t n,
                                      struct path *out)
{
	out->json = true;
	for (; table->pattern && out->suffix <= SUFFIX_JSON; table++)
		if (table->pattern[0] == '/' &&
		    fits(table->pattern + 1, path + 1, n - 1, out))
			return table;
	return NULL;
}

const struct route *route_find(const struct route *table, const char *path,
                               struct path *out)
{
	size_t n = strlen(path);
	const char *rest;

	memset(out, 0, sizeof(*out));
	out->suffix = take_suffix(path, &n);
	if (strncmp(path, "/v1/", 4) == 0 || strncmp(path, "/v2/", 4) == 0)
		return find_newer(table, path, n, out);
	rest = take_account(path, &n, out);
	for (; rest && table->pattern; table++) {
		bool media = table->flags & ROUTE_MEDIA;

		if (table->pattern[0] == '/' ||
		    (out->suffix > SUFFIX_JSON && !media) ||
		    (table->pattern[0] == '.') != !out->account_sid[0] ||
		    !fits(table->pattern + (table->pattern[0] == '.'), rest, n,
		          out))
			continue;
		out->json = out->suffix == SUFFIX_JSON || media;
		return table;
	}
	return NULL;
}
