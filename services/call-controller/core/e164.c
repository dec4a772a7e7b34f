/*
 * e164.c - telephone numbers as people and phones write them
 *
 * Pure.
 */
#include "e164.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "+" and 7 to 15 digits, the first not 0? */
static bool is_valid(const char *s)
{
	size_t n;

	if (*s++ != '+' || *s == '0')
		return false;
	for (n = 0; digit(s[n]); n++)
		;
	return s[n] == '\0' && n >= E164_DIGITS_MIN && n <= E164_DIGITS_MAX;
}

/* Copy digits, skip visual separators (RFC 3966 5.1.1) up to a parameter.
 * Returns the number of digits, or 0 when something else stands there. */
static size_t collect(const char *s, char digits[E164_SIZE])
{
	size_t n = 0;

	for (; *s && *s != ';'; s++) {
		if (digit(*s) && n == E164_DIGITS_MAX)
			return 0;
		if (digit(*s))
			digits[n++] = *s;
		else if (!strchr(" -.()", *s))
			return 0;
	}
	digits[n] = '\0';
	return n;
}

bool e164_parse(const char *s, char out[E164_SIZE])
{
	char digits[E164_SIZE] = "";
	bool plus = false;
	size_t n;

	out[0] = '\0';
	s += strspn(s, " \t\r\n");
	if (strncasecmp(s, "tel:", 4) == 0)
		s += 4;
	if (*s == '+')
		plus = true, s++;
	else if (strncasecmp(s, "%2B", 3) == 0)
		plus = true, s += 3;
	n = collect(s, digits);
	if (n < E164_DIGITS_MIN || digits[0] == '0')
		return false;
	if (!plus && n < 10)
		return false;
	out[0] = '+';
	if (!plus && n == 10)
		memcpy(out + 1, "1", 2);
	else
		out[1] = '\0';
	memcpy(out + strlen(out), digits, n + 1);
	return is_valid(out);
}
