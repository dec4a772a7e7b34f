/*
 * ssml.c - what stands in a <Say>, as a list of pieces with one style each
 *
 * Text is gathered while the style stays the same and cut where a sentence
 * ends: the first sentence can be heard while the next one is made.
 */
#include "core/ssml.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "base/utf8.h"
#include "core/say_as.h"
#include "core/sentence.h"
#include "core/style.h"
#include "core/xml.h"

enum { PARAGRAPH_MS = 600, SENTENCE_MS = 150, EXPLETIVE_MS = 400 };
enum { ALIAS_SIZE = 512 };
enum { FORMAT_SIZE = 16 };

struct frame {
	char name[XML_NAME_SIZE];
	struct style style;
	enum say_as say_as;
	char format[FORMAT_SIZE];
	bool silent; /* <sub>: its alias was said */
};

struct parser {
	struct xml xml;
	struct ssml *out;
	struct strbuf text;  /* of this style, not cut yet */
	struct strbuf token; /* what xml_next() read */
	struct frame stack[SSML_DEPTH_MAX + 1];
	size_t depth;
	const char *why;
	int err;
};

struct style style_plain(void)
{
	struct style s = {.rate = 100, .pitch = 100};

	return s;
}

static void fail(struct parser *p, int err, const char *why)
{
	if (p->err)
		return;
	p->err = err;
	p->why = why;
}

/* --- pieces ---------------------------------------------------------------- */

static struct piece *add_piece(struct parser *p)
{
	struct ssml *out = p->out;
	struct piece *v;

	if (out->n == SSML_PIECES_MAX) {
		fail(p, E2BIG, "there are too many parts");
		return NULL;
	}
	if ((out->n & (out->n - 1)) == 0) { /* grow at each power of two */
		v = realloc(out->v, (out->n ? out->n * 2 : 1) * sizeof(*v));
		if (!v) {
			fail(p, ENOMEM, "memory ran out");
			return NULL;
		}
		out->v = v;
	}
	memset(&out->v[out->n], 0, sizeof(*v));
	return &out->v[out->n++];
}

static void add_text(struct parser *p, const char *s, size_t n)
{
	struct piece *piece = add_piece(p);

	if (!piece)
		return;
	piece->text = strndup(s, n);
	piece->style = p->stack[p->depth].style;
	if (!piece->text)
		fail(p, ENOMEM, "memory ran out");
	p->out->characters += utf8_count(s, n);
}

/* Cut what was gathered into pieces. */
static void flush(struct parser *p)
{
	const char *s = strbuf_str(&p->text);

	while (!p->err) {
		size_t skip = strspn(s, " "), n;

		s += skip;
		if (!*s)
			break;
		n = sentence_length(s, SSML_PIECE_MAX);
		add_text(p, s, n);
		s += n;
	}
	if (p->text.failed)
		fail(p, ENOMEM, "memory ran out");
	strbuf_reset(&p->text);
}

static void add_pause(struct parser *p, uint32_t ms)
{
	struct piece *piece;

	flush(p);
	if (!ms || p->err)
		return;
	p->out->pause_ms += ms;
	if (p->out->pause_ms > SSML_PAUSE_MAX) {
		fail(p, E2BIG, "the breaks are too long");
		return;
	}
	piece = p->out->n ? &p->out->v[p->out->n - 1] : add_piece(p);
	if (piece && !piece->text) {
		piece->text = strdup("");
		piece->style = style_plain();
	}
	if (piece && !piece->text)
		fail(p, ENOMEM, "memory ran out");
	if (piece)
		piece->pause_ms += ms;
}

/* --- text ------------------------------------------------------------------ */

static bool is_space(char c)
{
	return (unsigned char)c <= ' ' || c == 0x7F;
}

/* Runs of spaces and control characters become one space. */
static void gather(struct parser *p, const char *s, size_t n)
{
	struct strbuf *out = &p->text;

	for (size_t i = 0; i < n; i++) {
		if (!is_space(s[i]))
			strbuf_addc(out, s[i]);
		else if (out->len && out->s[out->len - 1] != ' ')
			strbuf_addc(out, ' ');
	}
}

static void on_text(struct parser *p)
{
	const struct frame *f = &p->stack[p->depth];
	struct strbuf said = {0};

	if (f->silent || !p->token.len)
		return;
	if (f->say_as == SAY_AS_EXPLETIVE)
		add_pause(p, EXPLETIVE_MS);
	say_as_write(f->say_as, f->format, strbuf_str(&p->token), p->token.len,
	             &said);
	if (said.failed || p->token.failed)
		fail(p, ENOMEM, "memory ran out");
	gather(p, strbuf_str(&said), said.len);
	strbuf_close(&said);
}

/* --- elements -------------------------------------------------------------- */

static void say_alias(struct parser *p, struct frame *f)
{
	char alias[ALIAS_SIZE];

	if (!xml_attribute(&p->xml, "alias", alias, sizeof(alias)))
		return;
	gather(p, alias, strlen(alias));
	f->silent = true;
}

static void read_say_as(const struct parser *p, struct frame *f)
{
	char value[XML_NAME_SIZE] = "";

	(void)xml_attribute(&p->xml, "interpret-as", value, sizeof(value));
	f->say_as = say_as_named(value);
	f->format[0] = '\0';
	(void)xml_attribute(&p->xml, "format", f->format, sizeof(f->format));
}

static bool is(const struct frame *f, const char *name)
{
	return strcmp(f->name, name) == 0;
}

static void begin(struct parser *p, struct frame *f)
{
	struct style before = f->style;

	if (is(f, "prosody"))
		style_prosody(&f->style, &p->xml);
	else if (is(f, "emphasis"))
		style_emphasis(&f->style, &p->xml);
	else if (is(f, "say-as"))
		read_say_as(p, f);
	else if (is(f, "sub"))
		say_alias(p, f);
	else if (is(f, "break"))
		add_pause(p, style_break_ms(&p->xml));
	if (is(f, "lang") || is(f, "p") || is(f, "s") || is(f, "speak"))
		style_language(&f->style, &p->xml);
	if (is(f, "p") || is(f, "s") ||
	    memcmp(&before, &f->style, sizeof(before)) != 0)
		flush(p);
}

static void end(struct parser *p)
{
	const struct frame *f = &p->stack[p->depth];

	if (is(f, "p"))
		add_pause(p, PARAGRAPH_MS);
	else if (is(f, "s"))
		add_pause(p, SENTENCE_MS);
	else if (memcmp(&f->style, &f[-1].style, sizeof(f->style)) != 0)
		flush(p);
	p->depth--;
}

static void on_open(struct parser *p)
{
	struct frame *f = &p->stack[p->depth + 1];

	if (p->depth == SSML_DEPTH_MAX) {
		fail(p, E2BIG, "elements stand too deep in one another");
		return;
	}
	*f = p->stack[p->depth];
	memcpy(f->name, p->xml.name, sizeof(f->name));
	begin(p, f);
	p->depth++;
	if (p->xml.empty)
		end(p);
}

static void on_close(struct parser *p)
{
	if (!p->depth || !is(&p->stack[p->depth], p->xml.name))
		fail(p, EINVAL, "a closing tag has no opening one");
	else
		end(p);
}

static void parse(struct parser *p)
{
	enum xml_token token = XML_TEXT;

	while (!p->err && token != XML_END) {
		strbuf_reset(&p->token);
		token = xml_next(&p->xml, &p->token);
		switch (token) {
		case XML_TEXT: on_text(p); break;
		case XML_OPEN: on_open(p); break;
		case XML_CLOSE: on_close(p); break;
		case XML_BAD: fail(p, EINVAL, p->xml.why); break;
		case XML_END: break;
		}
	}
	if (p->depth)
		fail(p, EINVAL, "an element is not closed");
	flush(p);
}

int ssml_parse(const char *text, struct ssml *out, const char **why)
{
	struct parser *p = calloc(1, sizeof(*p));
	int err;

	memset(out, 0, sizeof(*out));
	*why = "memory ran out";
	if (!p)
		return ENOMEM;
	p->out = out;
	p->xml.at = text;
	p->stack[0].style = style_plain();
	if (strlen(text) > SSML_SIZE_MAX)
		fail(p, E2BIG, "the text is too long");
	else
		parse(p);
	err = p->err;
	*why = p->why;
	strbuf_close(&p->text);
	strbuf_close(&p->token);
	free(p);
	if (err)
		ssml_close(out);
	return err;
}

void ssml_close(struct ssml *s)
{
	for (size_t i = 0; i < s->n; i++)
		free(s->v[i].text);
	free(s->v);
	memset(s, 0, sizeof(*s));
}
