/*
 * e164.c - telephone numbers as carriers write them, made +E.164
 *
 * Pure: no I/O, no clock, no log.
 */
#include "e164.h"

#include <stdio.h>
#include <string.h>

enum {
	DIGITS_MIN = 7, /* +290 xxxx, Saint Helena: the shortest in use */
	DIGITS_MAX = 15
};

/* Keep '+' and digits; false when something else than a separator is there. */
static bool squeeze(char *out, size_t size, const char *text)
{
	size_t n = 0;

	for (; *text && *text != ';'; text++) {
		if (strchr("-.() ", *text))
			continue;
		if ((*text < '0' || *text > '9') && !(*text == '+' && n == 0))
			return false;
		if (n + 1 >= size)
			return false;
		out[n++] = *text;
	}
	out[n] = '\0';
	return n > 0;
}

static bool join(char out[E164_SIZE], const char *country, const char *rest)
{
	size_t n = strlen(country) + strlen(rest);
	const char *first = *country ? country : rest;

	if (n < DIGITS_MIN || n > DIGITS_MAX || *first == '0')
		return false;
	(void)snprintf(out, E164_SIZE, "+%s%s", country, rest);
	return true;
}

/* North America: the national prefix is the country code, and 011 goes out. */
static bool read_nanp(char out[E164_SIZE], const char *s)
{
	size_t n = strlen(s);

	if (strncmp(s, "011", 3) == 0)
		return join(out, "", s + 3);
	if (n == 10 && s[0] >= '2')
		return join(out, "1", s);
	return join(out, "", s);
}

bool e164_read(char out[E164_SIZE], const char *text, const char *country)
{
	char s[E164_TEXT_MAX] = "";

	out[0] = '\0';
	if (!squeeze(s, sizeof(s), text))
		return false;
	if (s[0] == '+')
		return join(out, "", s + 1);
	if (strncmp(s, "00", 2) == 0)
		return join(out, "", s + 2);
	if (strcmp(country, "1") == 0)
		return read_nanp(out, s);
	if (s[0] == '0')
		return *country && join(out, country, s + 1);
	return join(out, "", s);
}
