/*
 * strbuf.c - growing string; the only string builder
 */
#include "base/strbuf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Room for n more bytes and the NUL */
static bool reserve(struct strbuf *b, size_t n)
{
	size_t cap = b->cap ? b->cap : 64;
	char *s;

	if (b->failed)
		return false;
	if (b->s && n < b->cap - b->len)
		return true;
	if (n >= SIZE_MAX / 2 - b->len) {
		b->failed = true;
		return false;
	}
	while (cap - b->len <= n)
		cap *= 2;
	s = realloc(b->s, cap);
	if (!s) {
		b->failed = true;
		return false;
	}
	b->s = s;
	b->cap = cap;
	return true;
}

char *strbuf_room(struct strbuf *b, size_t n)
{
	if (!reserve(b, n))
		return NULL;
	b->len += n;
	b->s[b->len] = '\0';
	return b->s + b->len - n;
}

void strbuf_addn(struct strbuf *b, const char *s, size_t n)
{
	char *to = strbuf_room(b, n);

	if (to && n > 0)
		memcpy(to, s, n);
}

void strbuf_add(struct strbuf *b, const char *s)
{
	strbuf_addn(b, s, strlen(s));
}

void strbuf_addc(struct strbuf *b, char c)
{
	char *to = strbuf_room(b, 1);

	if (to)
		*to = c;
}

void strbuf_addf(struct strbuf *b, const char *fmt, ...)
{
	va_list ap;
	int n;

	if (!reserve(b, 64))
		return;
	va_start(ap, fmt);
	n = vsnprintf(b->s + b->len, b->cap - b->len, fmt, ap);
	va_end(ap);
	if (n >= 0 && (size_t)n >= b->cap - b->len) {
		b->s[b->len] = '\0';
		if (!reserve(b, (size_t)n))
			return;
		va_start(ap, fmt);
		n = vsnprintf(b->s + b->len, b->cap - b->len, fmt, ap);
		va_end(ap);
	}
	if (n < 0) {
		b->s[b->len] = '\0';
		b->failed = true;
		return;
	}
	b->len += (size_t)n;
}

void strbuf_reset(struct strbuf *b)
{
	b->len = 0;
	b->failed = false;
	if (b->s)
		b->s[0] = '\0';
}

void strbuf_close(struct strbuf *b)
{
	free(b->s);
	*b = (struct strbuf){0};
}

const char *strbuf_str(const struct strbuf *b)
{
	return b->s ? b->s : "";
}

char *strbuf_take(struct strbuf *b)
{
	char *s;

	strbuf_addn(b, "", 0); /* "" is a text too */
	s = b->s;
	if (b->failed) {
		free(s);
		s = NULL;
	}
	*b = (struct strbuf){0};
	return s;
}
