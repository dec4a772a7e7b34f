/*
 * form.c - application/x-www-form-urlencoded, both ways (WHATWG URL 5)
 */
#include "base/form.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"

static bool letter_or_digit(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9');
}

static void add_percent(struct strbuf *b, unsigned char c)
{
	static const char digits[] = "0123456789ABCDEF";
	char s[3] = {'%', digits[c >> 4], digits[c & 15]};

	strbuf_addn(b, s, sizeof(s));
}

/* All but letters, digits and the characters of `also`, run by run */
static void escape(struct strbuf *b, const char *s, size_t n, const char *also)
{
	size_t from = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		if (letter_or_digit(c) || (c && strchr(also, c)))
			continue;
		strbuf_addn(b, s + from, i - from);
		if (c == ' ' && also[0] == '*') /* the form's own rule */
			strbuf_addc(b, '+');
		else
			add_percent(b, c);
		from = i + 1;
	}
	strbuf_addn(b, s + from, n - from);
}

void form_escape(struct strbuf *b, const char *s, size_t n)
{
	escape(b, s, n, "-._~");
}

void form_add(struct strbuf *b, const char *name, const char *value)
{
	if (b->len > 0)
		strbuf_addc(b, '&');
	escape(b, name, strlen(name), "*-._");
	strbuf_addc(b, '=');
	escape(b, value, strlen(value), "*-._");
}

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Decode s (n bytes) to out, which has room for n + 1. */
static int decode(const char *s, size_t n, char *out)
{
	for (size_t i = 0; i < n; i++) {
		char c = s[i];

		if (c == '+') {
			c = ' ';
		} else if (c == '%') {
			int high = n - i > 2 ? hex(s[i + 1]) : -1;
			int low = n - i > 2 ? hex(s[i + 2]) : -1;

			if (high < 0 || low < 0)
				return EINVAL;
			c = (char)(high * 16 + low);
			i += 2;
		}
		if (c == '\0')
			return EINVAL;
		*out++ = c;
	}
	*out = '\0';
	return 0;
}

/* One `name=value`; `out` has room for both, decoded. */
static int pair(const char *s, size_t n, char *out, form_pair_h *handler,
                void *arg)
{
	const char *equals = memchr(s, '=', n);
	size_t n_name = equals ? (size_t)(equals - s) : n;
	size_t n_value = equals ? n - n_name - 1 : 0;
	char *value = out + n_name + 1;

	if (decode(s, n_name, out))
		return EINVAL;
	if (decode(equals ? equals + 1 : s, n_value, value))
		return EINVAL;
	return handler(arg, out, value);
}

int form_parse(const char *s, size_t n, form_pair_h *handler, void *arg)
{
	char *out = malloc(n + 2);
	const char *end = s + n;
	size_t pairs = 0;
	int err = 0;

	if (!out)
		return ENOMEM;
	while (s < end && !err) {
		const char *amp = memchr(s, '&', (size_t)(end - s));
		size_t len = (size_t)((amp ? amp : end) - s);

		if (len > 0 && ++pairs > FORM_PAIRS_MAX)
			err = E2BIG;
		else if (len > 0)
			err = pair(s, len, out, handler, arg);
		s += len + 1;
	}
	free(out);
	return err;
}
