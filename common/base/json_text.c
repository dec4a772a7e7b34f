/*
 * json_text.c - JSON written straight into a string; jansson reads it back
 */
#include "base/json_text.h"

#include <stdint.h>
#include <string.h>

#include "base/decimal.h"
#include "base/strbuf.h"

/* What a first byte says of a character of several bytes (RFC 3629 4) */
static const struct lead {
	uint8_t from, to;
	uint8_t second_min, second_max;
	uint8_t bytes;
} leads[] = {
	{0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
	{0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3},
	{0xee, 0xef, 0x80, 0xbf, 3}, {0xf0, 0xf0, 0x90, 0xbf, 4},
	{0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
};

/* Bytes of the character of several bytes at @p s; 0: it is none */
static size_t several(const unsigned char *s)
{
	const struct lead *l = leads;
	const struct lead *end = l + sizeof(leads) / sizeof(leads[0]);

	while (l < end && (*s < l->from || *s > l->to))
		l++;
	if (l == end || s[1] < l->second_min || s[1] > l->second_max)
		return 0;
	for (size_t i = 2; i < l->bytes; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	return l->bytes;
}

/* Bytes that stand for themselves */
static size_t plain(const char *text)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t n = 0, more;

	for (;;) {
		while (s[n] >= ' ' && s[n] < 0x80 && s[n] != '"' &&
		       s[n] != '\\')
			n++;
		more = s[n] < 0x80 ? 0 : several(s + n);
		if (more == 0)
			return n;
		n += more;
	}
}

static void escape(struct strbuf *b, char c)
{
	static const char hex[] = "0123456789abcdef";
	unsigned char u = (unsigned char)c;

	if (c == '"' || c == '\\')
		strbuf_addn(b, (const char[]){'\\', c}, 2);
	else
		strbuf_addn(b,
		            (const char[]){'\\', 'u', '0', '0', hex[u >> 4],
		                           hex[u & 15]},
		            6);
}

void json_text_string(struct strbuf *b, const char *s)
{
	size_t n = plain(s);
	char *to = strbuf_room(b, n + 1);

	if (!to)
		return;
	*to = '"';
	memcpy(to + 1, s, n);
	while (*(s += n)) {
		escape(b, *s++);
		n = plain(s);
		strbuf_addn(b, s, n);
	}
	strbuf_addc(b, '"');
}

void json_text_next(struct strbuf *b)
{
	char last = b->len ? b->s[b->len - 1] : '{';

	if (last != '{' && last != '[')
		strbuf_addc(b, ',');
}

void json_text_name(struct strbuf *b, const char *name)
{
	json_text_next(b);
	json_text_string(b, name);
	strbuf_addc(b, ':');
}

void json_text_member(struct strbuf *b, const char *name, const char *value)
{
	json_text_name(b, name);
	json_text_string(b, value);
}

void json_text_number(struct strbuf *b, const char *name,
                      unsigned long long value)
{
	char room[DECIMAL_SIZE];
	size_t n;
	const char *digits = decimal_digits(value, room, &n);

	json_text_name(b, name);
	strbuf_addn(b, digits, n);
}

void json_text_bool(struct strbuf *b, const char *name, int value)
{
	json_text_name(b, name);
	strbuf_add(b, value ? "true" : "false");
}
