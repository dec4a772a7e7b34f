/*
 * plays.c - what a leg is to be played, as a controller says it
 *
 * Pure: no I/O, no clock, no log.
 */
#include "plays.h"

#include <stdlib.h>
#include <string.h>

static size_t text_size(const struct play *p)
{
	return strlen(p->what) + strlen(p->voice) + strlen(p->language) + 3;
}

static const char *put(char **to, const char *s)
{
	size_t n = strlen(s) + 1;
	const char *at = memcpy(*to, s, n);

	*to += n;
	return at;
}

struct plays *plays_copy(const struct play *items, size_t n)
{
	size_t size = sizeof(struct plays) + n * sizeof(*items);
	struct plays *list;
	char *text;

	for (size_t i = 0; i < n; i++)
		size += text_size(&items[i]);
	list = malloc(size);
	if (!list)
		return NULL;
	list->n = n;
	text = (char *)&list->items[n];
	for (size_t i = 0; i < n; i++) {
		list->items[i] = items[i];
		list->items[i].what = put(&text, items[i].what);
		list->items[i].voice = put(&text, items[i].voice);
		list->items[i].language = put(&text, items[i].language);
	}
	return list;
}

const char *plays_problem(const struct play *items, size_t n)
{
	size_t size = 0;

	if (n > PLAYS_MAX)
		return "too many plays";
	for (size_t i = 0; i < n; i++) {
		if ((unsigned)items[i].kind > PLAY_DIGITS)
			return "a kind of play is unknown";
		size += text_size(&items[i]);
	}
	return size > PLAYS_BYTES_MAX ? "the texts of plays are too long"
	                              : NULL;
}

bool plays_digits_valid(const char *digits)
{
	size_t n = strspn(digits, "0123456789ABCDabcd*#wW");

	return n > 0 && n <= PLAYS_DIGITS_MAX && digits[n] == '\0';
}
