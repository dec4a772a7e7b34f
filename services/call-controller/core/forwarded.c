/*
 * forwarded.c - who diverted a call to us (ForwardedFrom)
 *
 * Pure.
 */
#include "forwarded.h"

#include <string.h>
#include <strings.h>

/* The end of the entry at @p s: a comma outside of quotes and brackets */
static const char *entry_end(const char *s)
{
	bool quoted = false, bracket = false;

	for (; *s && (quoted || bracket || *s != ','); s++) {
		if (*s == '\\' && quoted && s[1])
			s++;
		else if (*s == '"' && !bracket)
			quoted = !quoted;
		else if (!quoted && (*s == '<' || *s == '>'))
			bracket = *s == '<';
	}
	return s;
}

static const char *last_but_one(const char *s)
{
	const char *before = NULL, *end;

	for (;;) {
		end = entry_end(s);
		if (*end == '\0')
			return before;
		before = s;
		s = end + 1;
	}
}

static bool is_number(const char *s, size_t n)
{
	size_t digits = n && *s == '+' ? 1 : 0;

	if (digits == n)
		return false;
	while (digits < n && s[digits] >= '0' && s[digits] <= '9')
		digits++;
	return digits == n;
}

/* Behind the display name, if there is one */
static const char *uri_of(const char *s)
{
	const char *end = entry_end(s);
	bool quoted = false;

	for (const char *p = s; p < end; p++) {
		if (*p == '"')
			quoted = !quoted;
		else if (*p == '<' && !quoted)
			return p + 1;
	}
	return s + strspn(s, " \t");
}

static bool copy(char out[FORWARDED_SIZE], const char *s, size_t n)
{
	if (n == 0 || n >= FORWARDED_SIZE)
		return false;
	memcpy(out, s, n);
	out[n] = '\0';
	return true;
}

static bool read_entry(const char *entry, char out[FORWARDED_SIZE])
{
	const char *uri = uri_of(entry);
	size_t n = strcspn(uri, ";?> ,\t"), scheme, user;

	if (strncasecmp(uri, "tel:", 4) == 0)
		return copy(out, uri + 4, n - 4);
	if (strncasecmp(uri, "sip:", 4) != 0 &&
	    strncasecmp(uri, "sips:", 5) != 0)
		return false;
	scheme = strcspn(uri, ":") + 1;
	user = strcspn(uri + scheme, "@;?> ,\t");
	if (uri[scheme + user] != '@')
		return false;
	if (is_number(uri + scheme, user))
		return copy(out, uri + scheme, user);
	return copy(out, uri, n);
}

bool forwarded_from(const char *diversion, const char *history,
                    char out[FORWARDED_SIZE])
{
	const char *before = last_but_one(history);

	return (*diversion && read_entry(diversion, out)) ||
	       (before && read_entry(before, out));
}
