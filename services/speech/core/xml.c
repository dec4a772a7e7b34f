/*
 * xml.c - tags and text of a small XML fragment, one after another
 */
#include "core/xml.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "base/strbuf.h"

enum { REFERENCE_MAX = 12 }; /* bytes from & to ; */

static bool is_name(char c)
{
	return isalnum((unsigned char)c) || (c && strchr("-_:.", c)) ||
	       (unsigned char)c >= 0x80;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static const char *skip_space(const char *s)
{
	while (is_space(*s))
		s++;
	return s;
}

static void add_utf8(struct strbuf *out, uint32_t c)
{
	if (c < 0x80) {
		strbuf_addc(out, (char)c);
	} else if (c < 0x800) {
		strbuf_addc(out, (char)(0xC0 | c >> 6));
		strbuf_addc(out, (char)(0x80 | (c & 0x3F)));
	} else if (c < 0x10000) {
		strbuf_addc(out, (char)(0xE0 | c >> 12));
		strbuf_addc(out, (char)(0x80 | (c >> 6 & 0x3F)));
		strbuf_addc(out, (char)(0x80 | (c & 0x3F)));
	} else {
		strbuf_addc(out, (char)(0xF0 | c >> 18));
		strbuf_addc(out, (char)(0x80 | (c >> 12 & 0x3F)));
		strbuf_addc(out, (char)(0x80 | (c >> 6 & 0x3F)));
		strbuf_addc(out, (char)(0x80 | (c & 0x3F)));
	}
}

/* @return the character, 0 = none that XML allows */
static uint32_t read_number(const char *s, const char *end)
{
	uint32_t base = 10, c = 0;

	if (*s == 'x') {
		base = 16;
		s++;
	}
	if (s == end)
		return 0;
	for (; s < end; s++) {
		uint32_t digit = 16;

		if (isdigit((unsigned char)*s))
			digit = (uint32_t)(*s - '0');
		else if (isxdigit((unsigned char)*s))
			digit = (uint32_t)(tolower((unsigned char)*s) - 'a') +
			        10;
		if (digit >= base)
			return 0;
		c = c * base + digit;
		if (c > 0x10FFFF)
			return 0;
	}
	if ((c < 0x20 && !is_space((char)c)) || (c >= 0xD800 && c < 0xE000))
		return 0;
	return c;
}

/* At an &. @return what follows it, NULL = not a reference */
static const char *decode(const char *s, struct strbuf *out)
{
	static const struct {
		const char *name;
		char c;
	} named[] = {{"amp;", '&'},
	             {"lt;", '<'},
	             {"gt;", '>'},
	             {"quot;", '"'},
	             {"apos;", '\''}};
	size_t length = strcspn(s, ";");
	uint32_t c;

	if (!s[length] || length > REFERENCE_MAX)
		return NULL;
	if (s[1] == '#') {
		c = read_number(s + 2, s + length);
		if (!c)
			return NULL;
		add_utf8(out, c);
		return s + length + 1;
	}
	for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++) {
		if (strncmp(s + 1, named[i].name, length) == 0) {
			strbuf_addc(out, named[i].c);
			return s + length + 1;
		}
	}
	return NULL;
}

static enum xml_token bad(struct xml *x, const char *why)
{
	x->why = why;
	return XML_BAD;
}

static enum xml_token read_text(struct xml *x, struct strbuf *out)
{
	while (*x->at && *x->at != '<') {
		const char *next = x->at + 1;

		if (*x->at == '&')
			next = decode(x->at, out);
		else
			strbuf_addc(out, *x->at);
		if (!next)
			return bad(x, "an & does not begin a reference");
		x->at = next;
	}
	return XML_TEXT;
}

static const char *read_name(struct xml *x, const char *s)
{
	size_t n = 0;

	for (; is_name(*s); s++) {
		if (n < XML_NAME_SIZE - 1)
			x->name[n++] = (char)tolower((unsigned char)*s);
	}
	x->name[n] = '\0';
	return n ? s : NULL;
}

/* After an attribute's name. @return what follows its value, NULL = none */
static const char *skip_value(const char *s)
{
	const char *end;

	s = skip_space(s);
	if (*s != '=')
		return NULL;
	s = skip_space(s + 1);
	if (*s != '"' && *s != '\'')
		return NULL;
	end = strchr(s + 1, *s);
	return end && !memchr(s, '<', (size_t)(end - s)) ? end + 1 : NULL;
}

/* @return where they end, NULL = they are not well-formed */
static const char *skip_attributes(const char *s)
{
	for (;;) {
		const char *name = skip_space(s);

		if (*name == '>' || *name == '/')
			return name;
		if (name == s || !is_name(*name))
			return NULL;
		while (is_name(*name))
			name++;
		s = skip_value(name);
		if (!s)
			return NULL;
	}
}

static enum xml_token read_open(struct xml *x)
{
	const char *s = read_name(x, x->at + 1);

	x->attributes = s;
	s = s ? skip_attributes(s) : NULL;
	if (!s)
		return bad(x, "a tag is not well-formed");
	x->empty = *s == '/';
	if (x->empty && s[1] != '>')
		return bad(x, "a tag is not well-formed");
	x->at = s + 1 + x->empty;
	return XML_OPEN;
}

static enum xml_token read_close(struct xml *x)
{
	const char *s = read_name(x, x->at + 2);

	s = s ? skip_space(s) : NULL;
	if (!s || *s != '>')
		return bad(x, "a tag is not well-formed");
	x->at = s + 1;
	return XML_CLOSE;
}

/* A comment, a processing instruction or CDATA: what ends it, or NULL */
static const char *special_end(const char *s, size_t *n_start)
{
	static const struct {
		const char *start, *end;
	} rows[] = {{"<![CDATA[", "]]>"}, {"<!--", "-->"}, {"<?", "?>"}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		*n_start = strlen(rows[i].start);
		if (strncmp(s, rows[i].start, *n_start) == 0)
			return rows[i].end;
	}
	return NULL;
}

static enum xml_token read_special(struct xml *x, struct strbuf *out)
{
	size_t n_start;
	const char *end = special_end(x->at, &n_start);
	const char *from = x->at + n_start, *found;

	found = end ? strstr(from, end) : NULL;
	if (!found)
		return bad(x, "a <! or <? is not closed, or not allowed");
	if (*end == ']')
		strbuf_addn(out, from, (size_t)(found - from));
	x->at = found + strlen(end);
	return XML_TEXT;
}

enum xml_token xml_next(struct xml *x, struct strbuf *text)
{
	if (!*x->at)
		return XML_END;
	if (*x->at != '<')
		return read_text(x, text);
	if (x->at[1] == '/')
		return read_close(x);
	if (x->at[1] == '!' || x->at[1] == '?')
		return read_special(x, text);
	return read_open(x);
}

static void copy_value(const char *s, const char *end, char *out, size_t size)
{
	struct strbuf value = {0};
	size_t n;

	while (s && s < end) {
		if (*s == '&')
			s = decode(s, &value);
		else
			strbuf_addc(&value, *s++);
	}
	n = value.len < size - 1 ? value.len : size - 1;
	while (n < value.len && n && (value.s[n] & 0xC0) == 0x80)
		n--; /* not within a character */
	memcpy(out, strbuf_str(&value), n);
	out[n] = '\0';
	strbuf_close(&value);
}

bool xml_attribute(const struct xml *x, const char *name, char *out,
                   size_t size)
{
	const char *s = skip_space(x->attributes);
	size_t n = strlen(name);

	while (is_name(*s)) {
		const char *end = s, *value;

		while (is_name(*end))
			end++;
		value = strpbrk(end, "\"'");
		if (!value)
			return false;
		if ((size_t)(end - s) == n && strncmp(s, name, n) == 0) {
			copy_value(value + 1, strchr(value + 1, *value), out,
			           size);
			return true;
		}
		s = skip_space(strchr(value + 1, *value) + 1);
	}
	return false;
}
