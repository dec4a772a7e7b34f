/*
 * form.c - application/x-www-form-urlencoded, both ways (WHATWG URL 5)
 */
#include "base/form.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/percent.h"
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

/* One `name=value`; `out` has room for both, decoded. */
static int pair(const char *s, size_t n, char *out, form_pair_h *handler,
                void *arg)
{
	const char *equals = memchr(s, '=', n);
	size_t n_name = equals ? (size_t)(equals - s) : n;
	size_t n_value = equals ? n - n_name - 1 : 0;
	char *value = out + n_name + 1;

	if (percent_decode(s, n_name, true, out))
		return EINVAL;
	if (percent_decode(equals ? equals + 1 : s, n_value, true, value))
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
