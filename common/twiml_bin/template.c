/*
 * template.c - the language of TwiML Bins: a subset of Mustache
 *
 * First all tags are found and sections matched, so that an error shows
 * whatever the variables are; then the tags are rendered.
 * Pure: no I/O, no clock, no log.
 */
#include "twiml_bin/template.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "twiml_bin/sip_number.h"

enum tag_kind {
	TAG_VALUE,    /* {{x}}         */
	TAG_RAW,      /* {{{x}}} {{&x}} */
	TAG_SECTION,  /* {{#x}}        */
	TAG_INVERTED, /* {{^x}}        */
	TAG_CLOSE,    /* {{/x}}        */
	TAG_COMMENT   /* {{!x}}        */
};

struct tag {
	enum tag_kind kind;
	const char *name; /* borrowed from the text */
	size_t name_len;
	size_t begin, end; /* in the text, brackets included */
	size_t close;      /* of a section: index of its TAG_CLOSE */
};

/* A section that is being rendered */
struct frame {
	size_t tag;        /* that opened it */
	size_t from;       /* where its next value is looked for */
	const char *item;  /* what {{.}} is inside */
	const char *outer; /* what it is outside */
	size_t begin;      /* of its output */
};

struct engine {
	const char *text;
	struct tag *tags;
	size_t n_tags, cap;
	size_t open[TEMPLATE_DEPTH_MAX]; /* while finding: not closed yet */
	size_t depth;                    /* of open, then of frames */
	const struct template_var *vars;
	size_t n_vars;
	struct frame frames[TEMPLATE_DEPTH_MAX]; /* while rendering */
	struct template_error *error;
};

static const char too_large[] =
	"The document that the template makes is too large.";

static int refuse(struct engine *e, uint32_t code, size_t at, const char *why)
{
	unsigned line = 1;

	for (size_t i = 0; i < at; i++)
		line += e->text[i] == '\n';
	*e->error = (struct template_error){code, line, why};
	return EINVAL;
}

/* --- finding the tags ------------------------------------------------------ */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void trim_name(struct tag *tag)
{
	while (tag->name_len && is_blank(tag->name[0])) {
		tag->name++;
		tag->name_len--;
	}
	while (tag->name_len && is_blank(tag->name[tag->name_len - 1]))
		tag->name_len--;
}

static bool name_valid(const struct tag *tag)
{
	for (size_t i = 0; i < tag->name_len; i++) {
		char c = tag->name[i];

		if (is_blank(c) || strchr("{}<>=#^/&!", c))
			return false;
	}
	return tag->name_len > 0;
}

/* Which kind the first character names; that character is dropped. */
static enum tag_kind take_kind(struct tag *tag)
{
	static const struct {
		char mark;
		enum tag_kind kind;
	} marks[] = {
		{'#', TAG_SECTION}, {'^', TAG_INVERTED}, {'/', TAG_CLOSE},
		{'!', TAG_COMMENT}, {'&', TAG_RAW},
	};

	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
		if (tag->name_len && tag->name[0] == marks[i].mark) {
			tag->name++;
			tag->name_len--;
			return marks[i].kind;
		}
	}
	return TAG_VALUE;
}

/* Read the tag whose brackets begin at @p begin. */
static int read_tag(struct engine *e, size_t begin, struct tag *tag)
{
	bool triple = e->text[begin + 2] == '{';
	const char *from = e->text + begin + (triple ? 3 : 2);
	const char *to = strstr(from, triple ? "}}}" : "}}");

	if (!to)
		return refuse(e, 11320, begin,
		              "Brackets {{ are opened and never closed.");
	*tag = (struct tag){.name = from,
	                    .name_len = (size_t)(to - from),
	                    .begin = begin,
	                    .end = (size_t)(to - e->text) + (triple ? 3 : 2)};
	trim_name(tag);
	tag->kind = triple ? TAG_RAW : take_kind(tag);
	if (tag->kind == TAG_COMMENT)
		return 0;
	trim_name(tag);
	if (!name_valid(tag))
		return refuse(e, 11310, begin,
		              "Between {{ and }} stands something that is not "
		              "the name of a variable.");
	return 0;
}

static bool same_name(const struct tag *a, const struct tag *b)
{
	return a->name_len == b->name_len &&
	       memcmp(a->name, b->name, a->name_len) == 0;
}

static int match_section(struct engine *e, size_t i)
{
	struct tag *tag = &e->tags[i], *opener;

	if (tag->kind == TAG_SECTION || tag->kind == TAG_INVERTED) {
		if (e->depth == TEMPLATE_DEPTH_MAX)
			return refuse(e, 11310, tag->begin,
			              "Sections are nested more than 16 "
			              "deep.");
		e->open[e->depth++] = i;
		return 0;
	}
	if (tag->kind != TAG_CLOSE)
		return 0;
	opener = e->depth ? &e->tags[e->open[e->depth - 1]] : NULL;
	if (!opener || !same_name(opener, tag))
		return refuse(e, 11310, tag->begin,
		              "A section is closed that is not open.");
	opener->close = i;
	e->depth--;
	return 0;
}

static int add_tag(struct engine *e, const struct tag *tag)
{
	if (e->n_tags == TEMPLATE_TAGS_MAX)
		return refuse(e, 11310, tag->begin,
		              "The template has more than 2000 tags.");
	if (e->n_tags == e->cap) {
		size_t cap = e->cap ? e->cap * 2 : 16;
		struct tag *more = realloc(e->tags, cap * sizeof(*more));

		if (!more)
			return ENOMEM;
		e->tags = more;
		e->cap = cap;
	}
	e->tags[e->n_tags++] = *tag;
	return match_section(e, e->n_tags - 1);
}

static int find_tags(struct engine *e)
{
	const char *at = e->text;
	int err = 0;

	while (!err && (at = strstr(at, "{{"))) {
		struct tag tag = {.end = 0};

		err = read_tag(e, (size_t)(at - e->text), &tag);
		at = e->text + tag.end;
		if (!err)
			err = add_tag(e, &tag);
	}
	if (!err && e->depth)
		err = refuse(e, 11310, e->tags[e->open[e->depth - 1]].begin,
		             "A section is opened and never closed.");
	return err;
}

/* --- rendering ------------------------------------------------------------- */

static const char *escape(char c)
{
	switch (c) {
	case '&': return "&amp;";
	case '<': return "&lt;";
	case '>': return "&gt;";
	case '"': return "&quot;";
	default: /* strcspn() stopped there: an apostrophe */ return "&#39;";
	}
}

static void add_escaped(struct strbuf *out, const char *s)
{
	size_t n = strcspn(s, "&<>\"'");

	strbuf_addn(out, s, n);
	while (s[n]) {
		strbuf_add(out, escape(s[n]));
		s += n + 1;
		n = strcspn(s, "&<>\"'");
		strbuf_addn(out, s, n);
	}
}

/* Is this variable meant by @p tag? "Dest" and "Dest[]" mean the same. */
static bool meant(const struct tag *tag, const struct template_var *var)
{
	size_t n = tag->name_len;

	if (strncmp(var->name, tag->name, n) != 0)
		return false;
	return var->name[n] == '\0' || strcmp(var->name + n, "[]") == 0;
}

static bool is_dot(const struct tag *tag)
{
	return tag->name_len == 1 && tag->name[0] == '.';
}

/* The n-th value of a tag's variable; NULL past the last */
static const char *nth_value(const struct engine *e, const struct tag *tag,
                             const char *item, size_t *from)
{
	if (is_dot(tag))
		return (*from)++ == 0 ? item : NULL;
	for (; *from < e->n_vars; (*from)++) {
		if (meant(tag, &e->vars[*from]))
			return e->vars[(*from)++].value;
	}
	return NULL;
}

static const char *value_of(const struct engine *e, const struct tag *tag,
                            const char *item)
{
	size_t from = 0;
	const char *value = nth_value(e, tag, item, &from);

	return value ? value : "";
}

static bool is_e164(const struct tag *tag)
{
	return tag->kind == TAG_SECTION && tag->name_len == 4 &&
	       memcmp(tag->name, "e164", 4) == 0;
}

static const char *item_of(const struct engine *e)
{
	return e->depth ? e->frames[e->depth - 1].item : NULL;
}

/* The next value of a section that is not empty; NULL: no more */
static const char *next_value(const struct engine *e, struct frame *f)
{
	const char *value;

	do
		value = nth_value(e, &e->tags[f->tag], f->outer, &f->from);
	while (value && !value[0]);
	return value;
}

/* Go into the section that tag @p i opens, or over it.
 * @return index of the tag to go on after */
static size_t enter(struct engine *e, size_t i, size_t out_len)
{
	const struct tag *tag = &e->tags[i];
	struct frame f = {.tag = i, .outer = item_of(e), .begin = out_len};

	f.item = f.outer;
	if (tag->kind == TAG_INVERTED) {
		if (value_of(e, tag, f.outer)[0])
			return tag->close;
	} else if (!is_e164(tag)) {
		f.item = next_value(e, &f);
		if (!f.item)
			return tag->close;
	}
	e->frames[e->depth++] = f;
	return i;
}

/* What was rendered since the helper began becomes the number in it. */
static void shrink_to_number(struct strbuf *out, size_t begin)
{
	const char *number;
	size_t n;

	if (out->failed || out->len == begin)
		return;
	n = sip_number(out->s + begin, out->len - begin, &number);
	memmove(out->s + begin, number, n);
	out->len = begin + n;
	out->s[out->len] = '\0';
}

/* At the end of a section: once more for the next item, or on.
 * @return index of the tag to go on after */
static size_t leave(struct engine *e, size_t i, struct strbuf *out)
{
	struct frame *f = &e->frames[e->depth - 1];
	const struct tag *tag = &e->tags[f->tag];

	if (is_e164(tag)) {
		shrink_to_number(out, f->begin);
	} else if (tag->kind == TAG_SECTION) {
		f->item = next_value(e, f);
		if (f->item)
			return f->tag;
	}
	e->depth--;
	return i;
}

/* @return index of the tag to go on after: @p i, but for sections */
static size_t render_tag(struct engine *e, size_t i, struct strbuf *out)
{
	const struct tag *tag = &e->tags[i];

	switch (tag->kind) {
	case TAG_VALUE: add_escaped(out, value_of(e, tag, item_of(e))); break;
	case TAG_RAW: strbuf_add(out, value_of(e, tag, item_of(e))); break;
	case TAG_SECTION:
	case TAG_INVERTED: return enter(e, i, out->len);
	case TAG_CLOSE: return leave(e, i, out);
	case TAG_COMMENT: break;
	}
	return i;
}

static int render(struct engine *e, struct strbuf *out)
{
	size_t at = 0, start = out->len;
	unsigned steps = 0;

	for (size_t i = 0; i < e->n_tags; i++) {
		strbuf_addn(out, e->text + at, e->tags[i].begin - at);
		i = render_tag(e, i, out);
		at = e->tags[i].end;
		if (++steps > TEMPLATE_STEPS_MAX ||
		    out->len - start > TEMPLATE_OUTPUT_MAX)
			return refuse(e, 11750, at, too_large);
	}
	strbuf_add(out, e->text + at);
	if (out->len - start > TEMPLATE_OUTPUT_MAX)
		return refuse(e, 11750, at, too_large);
	return 0;
}

int template_render(const char *text, const struct template_var *vars,
                    size_t n_vars, struct strbuf *out,
                    struct template_error *error)
{
	struct engine e = {
		.text = text, .vars = vars, .n_vars = n_vars, .error = error};
	int err = find_tags(&e);

	if (!err)
		err = render(&e, out);
	free(e.tags);
	return !err && out->failed ? ENOMEM : err;
}
