/*
 * resp.c - a command as Redis reads it (RESP)
 *
 * hiredis prints each length with sprintf(); a snapshot of a call has dozens.
 */
#include "store/resp.h"

#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"

enum { HEAD_MAX = 24 }; /* bytes of "$<length>\r\n", and more */

static size_t length_of(const char *const *argv, const size_t *len, int i)
{
	return len ? len[i] : strlen(argv[i]);
}

static char *put_head(char *to, char kind, size_t n)
{
	char room[DECIMAL_SIZE];
	size_t n_digits;
	const char *digits = decimal_digits(n, room, &n_digits);

	*to++ = kind;
	memcpy(to, digits, n_digits);
	to += n_digits;
	*to++ = '\r';
	*to++ = '\n';
	return to;
}

char *resp_command(int argc, const char *const *argv, const size_t *len,
                   size_t *size)
{
	size_t room = HEAD_MAX;
	char *text, *to;

	for (int i = 0; i < argc; i++)
		room += length_of(argv, len, i) + HEAD_MAX + 2;
	text = malloc(room);
	if (!text)
		return NULL;
	to = put_head(text, '*', (size_t)argc);
	for (int i = 0; i < argc; i++) {
		size_t n = length_of(argv, len, i);

		to = put_head(to, '$', n);
		memcpy(to, argv[i], n);
		to += n;
		*to++ = '\r';
		*to++ = '\n';
	}
	*size = (size_t)(to - text);
	return text;
}
