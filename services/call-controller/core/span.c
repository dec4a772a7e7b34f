/*
 * span.c - reading a text by pointer and length
 *
 * Pure.
 */
#include "span.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

bool span_skip(struct span *v, const char *prefix)
{
	size_t n = strlen(prefix);

	if (v->n < n || strncasecmp(v->s, prefix, n) != 0)
		return false;
	v->s += n;
	v->n -= n;
	return true;
}

/* Cut the next word off @p v; words are parted by one space. */
struct span span_word(struct span *v)
{
	struct span w = {v->s, 0};

	while (w.n < v->n && w.s[w.n] != ' ')
		w.n++;
	v->s += w.n;
	v->n -= w.n;
	if (v->n) {
		v->s++;
		v->n--;
	}
	return w;
}

bool span_number(struct span v, uint32_t max, uint32_t *out)
{
	uint32_t value = 0;

	if (v.n == 0 || v.n > 9)
		return false;
	for (size_t i = 0; i < v.n; i++) {
		if (v.s[i] < '0' || v.s[i] > '9')
			return false;
		value = value * 10 + (uint32_t)(v.s[i] - '0');
	}
	*out = value;
	return value <= max;
}

int span_copy(struct span v, char *out, size_t size)
{
	if (v.n == 0 || v.n >= size)
		return EINVAL;
	memcpy(out, v.s, v.n);
	out[v.n] = '\0';
	return 0;
}

bool span_ip4(struct span v)
{
	for (int i = 0; i < 4; i++) {
		struct span part = {v.s, 0};
		uint32_t value;

		while (part.n < v.n && v.s[part.n] != '.')
			part.n++;
		if (!span_number(part, 255, &value))
			return false;
		v.s += part.n;
		v.n -= part.n;
		if (i < 3) {
			if (v.n == 0)
				return false;
			v.s++;
			v.n--;
		}
	}
	return v.n == 0;
}

bool span_ip6(struct span v)
{
	size_t colons = 0;

	for (size_t i = 0; i < v.n; i++) {
		if (v.s[i] == ':')
			colons++;
		else if (v.s[i] == '\0' ||
		         !strchr("0123456789abcdefABCDEF.", v.s[i]))
			return false;
	}
	return colons >= 2 && colons <= 7;
}

/* Cut off what stands before the next slash, or all. */
struct span span_part(struct span *v)
{
	struct span p = {v->s, 0};

	while (p.n < v->n && p.s[p.n] != '/')
		p.n++;
	v->s += p.n;
	v->n -= p.n;
	(void)span_skip(v, "/");
	return p;
}

/* Cut the next line off @p text. An empty session name is common: "s=". */
struct span span_line(struct span *text)
{
	struct span line = {text->s, 0};
	const char *end = memchr(text->s, '\n', text->n);

	line.n = end ? (size_t)(end - text->s) : text->n;
	text->s += line.n + (end ? 1 : 0);
	text->n -= line.n + (end ? 1 : 0);
	if (line.n && line.s[line.n - 1] == '\r')
		line.n--;
	return line;
}
