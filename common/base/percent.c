/*
 * percent.c - percent-decoding and -encoding (RFC 3986 2.1). Pure.
 */
#include "base/percent.h"

#include <errno.h>
#include <string.h>

int percent_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* The byte that the two digits at s say, 0 when they are none: a NUL is not
 * welcome either. */
static char byte(const char *s)
{
	int high = percent_digit(s[0]);
	int low = high < 0 ? -1 : percent_digit(s[1]);
	unsigned char c = low < 0 ? 0 : (unsigned char)(high * 16 + low);

	return (char)c;
}

int percent_decode(const char *s, size_t n, bool plus, char *out)
{
	for (size_t i = 0; i < n; i++) {
		char c = s[i];

		if (c == '%') {
			if (n - i <= 2)
				return EINVAL;
			c = byte(s + i + 1);
			i += 2;
		} else if (c == '+' && plus) {
			c = ' ';
		}
		if (c == '\0')
			return EINVAL;
		*out++ = c;
	}
	*out = '\0';
	return 0;
}

void percent_user(const char *user, char *out, size_t size)
{
	static const char hex[] = "0123456789ABCDEF";
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789-_.!~*'()&=+$,";
	size_t n = 0;

	for (; *user && n + 4 <= size; user++) {
		unsigned char c = (unsigned char)*user;

		if (strchr(plain, *user)) {
			out[n++] = *user;
			continue;
		}
		out[n++] = '%';
		out[n++] = hex[c >> 4];
		out[n++] = hex[c & 15];
	}
	out[n] = '\0';
}
