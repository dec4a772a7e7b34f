/*
 * sip_number.c - the phone number in a SIP URI, for the template helper {{#e164}}
 *
 * Pure: no I/O, no clock, no log.
 */
#include "twiml_bin/sip_number.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

static bool skip_scheme(const char **s, size_t *n)
{
	static const char *const schemes[] = {"sip:", "sips:", "tel:"};

	for (size_t i = 0; i < sizeof(schemes) / sizeof(*schemes); i++) {
		size_t len = strlen(schemes[i]);

		if (*n >= len && strncasecmp(*s, schemes[i], len) == 0) {
			*s += len;
			*n -= len;
			return true;
		}
	}
	return false;
}

/* RFC 3261 25.1: user parameters and a password end the number. */
static size_t user_length(const char *s, size_t n)
{
	const char *at = memchr(s, '@', n);
	size_t len = at ? (size_t)(at - s) : n;

	for (size_t i = 0; i < len; i++) {
		if (s[i] == ';' || s[i] == ':')
			return i;
	}
	return len;
}

size_t sip_number(const char *s, size_t n, const char **out)
{
	while (n && isspace((unsigned char)*s)) {
		s++;
		n--;
	}
	while (n && isspace((unsigned char)s[n - 1]))
		n--;
	if (skip_scheme(&s, &n))
		n = user_length(s, n);
	*out = s;
	return n;
}
