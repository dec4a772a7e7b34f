/*
 * json_text.c - JSON written straight into a string; jansson reads it back
 */
#include "base/json_text.h"

#include <string.h>

#include "base/strbuf.h"

/* Bytes of the character at @p s (RFC 3629); 0: it is none */
static size_t character(const unsigned char *s)
{
	size_t n = *s < 0x80   ? 1
	           : *s < 0xc2 ? 0
	           : *s < 0xe0 ? 2
	           : *s < 0xf0 ? 3
	                       : 4;

	if (*s > 0xf4 || (*s == 0xe0 && s[1] < 0xa0) ||
	    (*s == 0xed && s[1] > 0x9f) || (*s == 0xf0 && s[1] < 0x90) ||
	    (*s == 0xf4 && s[1] > 0x8f))
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	return n;
}

/* Bytes that stand for themselves */
static size_t plain(const char *text)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t n = 0, more;

	while (s[n] >= ' ' && s[n] != '"' && s[n] != '\\') {
		more = character(s + n);
		if (more == 0)
			break;
		n += more;
	}
	return n;
}

void json_text_string(struct strbuf *b, const char *s)
{
	strbuf_addc(b, '"');
	while (*s) {
		size_t n = plain(s);

		strbuf_addn(b, s, n);
		s += n;
		if (*s == '"' || *s == '\\') {
			strbuf_addc(b, '\\');
			strbuf_addc(b, *s++);
		} else if (*s) {
			strbuf_addf(b, "\\u%04x", (unsigned char)*s++);
		}
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
	char digits[20];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + value % 10);
		value /= 10;
	} while (value > 0);
	json_text_name(b, name);
	strbuf_addn(b, digits + at, sizeof(digits) - at);
}

void json_text_bool(struct strbuf *b, const char *name, int value)
{
	json_text_name(b, name);
	strbuf_add(b, value ? "true" : "false");
}
