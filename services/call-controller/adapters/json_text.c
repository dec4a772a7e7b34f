/*
 * json_text.c - JSON written straight into a string; jansson reads it back
 */
#include "json_text.h"

#include <string.h>

#include "base/strbuf.h"

void json_text_string(struct strbuf *b, const char *s)
{
	strbuf_addc(b, '"');
	while (*s) {
		size_t n = 0;

		while ((unsigned char)s[n] >= ' ' && s[n] != '"' &&
		       s[n] != '\\')
			n++;
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

void json_text_name(struct strbuf *b, const char *name)
{
	char last = b->len ? b->s[b->len - 1] : '{';

	if (last != '{' && last != '[')
		strbuf_addc(b, ',');
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
	json_text_name(b, name);
	strbuf_addf(b, "%llu", value);
}

void json_text_bool(struct strbuf *b, const char *name, int value)
{
	json_text_name(b, name);
	strbuf_add(b, value ? "true" : "false");
}
