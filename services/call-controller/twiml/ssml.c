/*
 * ssml.c - the text of a <Say> as SSML that speech understands
 *
 * Pure.
 */
#include "ssml.h"

#include <stdbool.h>
#include <string.h>

#include "base/utf8.h"
#include "core/arena.h"
#include "twiml.h"
#include "verb.h"

enum { ATTRIBUTES_MAX = 3 };

/* The elements, their attributes, and the values of those that have few */
static const struct ssml_element {
	const char *name;
	struct {
		const char *name;
		const char *values; /* in spaces; NULL = any */
	} attrs[ATTRIBUTES_MAX];
} elements[] = {
	{"break",
         {{"strength", " none x-weak weak medium strong x-strong "},
          {"time", NULL}}},
	{"emphasis", {{"level", " strong moderate reduced none "}}},
	{"lang", {{"lang", NULL}}},
	{"p", {{"lang", NULL}}},
	{"phoneme", {{"alphabet", " ipa x-sampa "}, {"ph", NULL}}},
	{"prosody", {{"volume", NULL}, {"rate", NULL}, {"pitch", NULL}}},
	{"s", {{"lang", NULL}}},
	{"say-as", {{"interpret-as", NULL}, {"format", NULL}, {"role", NULL}}},
	{"sub", {{"alias", NULL}}},
	{"w", {{"role", NULL}}},
};

/* Written twice: first only counted, then into the room for it. */
struct writer {
	char *to; /* NULL = only count */
	size_t n;
	size_t chars;
	struct arena *arena;
	struct call *call;
	struct step *st;
};

static void put(struct writer *w, const char *s)
{
	size_t n = strlen(s);

	if (w->to)
		memcpy(w->to + w->n, s, n);
	w->n += n;
}

static void put_escaped(struct writer *w, const char *s)
{
	for (; *s; s++) {
		char one[2] = {*s, '\0'};

		switch (*s) {
		case '&': put(w, "&amp;"); break;
		case '<': put(w, "&lt;"); break;
		case '>': put(w, "&gt;"); break;
		case '"': put(w, "&quot;"); break;
		default: put(w, one); break;
		}
	}
}

static void put_text(struct writer *w, const char *s)
{
	put_escaped(w, s);
	w->chars += utf8_count(s, strlen(s));
}

static const struct ssml_element *find(const char *name)
{
	for (size_t i = 0; i < sizeof(elements) / sizeof(*elements); i++) {
		if (strcmp(elements[i].name, name) == 0)
			return &elements[i];
	}
	return NULL;
}

/* "250ms" "1.5s", up to ten seconds */
static bool is_time(const char *s)
{
	size_t digits = strspn(s, "0123456789");
	size_t n = digits;

	if (s[n] == '.')
		n += 1 + strspn(s + n + 1, "0123456789");
	return digits > 0 && digits < 6 &&
	       (strcmp(s + n, "s") == 0 || strcmp(s + n, "ms") == 0);
}

static bool attribute_fits(struct writer *w, const struct ssml_element *element,
                           const struct twiml_attr *attr)
{
	for (size_t i = 0; i < ATTRIBUTES_MAX && element->attrs[i].name; i++) {
		const char *values = element->attrs[i].values;

		if (strcmp(element->attrs[i].name, attr->name) != 0)
			continue;
		if (strcmp(attr->name, "time") == 0)
			return is_time(attr->value);
		return !values || (*attr->value && !strchr(attr->value, ' ') &&
		                   strstr(values, arena_printf(w->arena, " %s ",
		                                               attr->value)));
	}
	return false;
}

static void put_attributes(struct writer *w, const struct ssml_element *element,
                           const struct twiml_node *node)
{
	for (const struct twiml_attr *a = node->attrs; a; a = a->next) {
		if (!attribute_fits(w, element, a)) {
			if (!w->to)
				verb_warn(w->call, w->st, 12200, node,
				          "attribute %.40s=\"%.60s\" is left "
				          "out",
				          a->name, a->value);
			continue;
		}
		put(w, strcmp(a->name, "lang") == 0 ? " xml:" : " ");
		put(w, a->name);
		put(w, "=\"");
		put_escaped(w, a->value);
		put(w, "\"");
	}
}

/* The depth is that of the document: TWIML_DEPTH_MAX. */
/* NOLINTNEXTLINE(misc-no-recursion) */
static void put_content(struct writer *w, const struct twiml_node *node)
{
	const struct twiml_node *child = node->children;

	if (!child) {
		put_text(w, node->text);
		return;
	}
	for (; child; child = child->next) {
		const struct ssml_element *element = find(child->name);

		put_text(w, child->lead);
		if (!element) {
			if (!w->to)
				verb_warn(w->call, w->st, 12200, child,
				          "not supported inside <Say>: "
				          "skipped");
			continue;
		}
		put(w, "<");
		put(w, child->name);
		put_attributes(w, element, child);
		if (*child->text || child->children) {
			put(w, ">");
			put_content(w, child);
			put(w, "</");
			put(w, child->name);
			put(w, ">");
		} else {
			put(w, "/>");
		}
	}
	put_text(w, node->trail);
}

const char *ssml_of(const struct twiml_node *node, struct arena *a,
                    struct call *call, struct step *st, size_t *chars)
{
	struct writer w = {.arena = a, .call = call, .st = st};
	char *text;

	put_content(&w, node);
	*chars = w.chars;
	text = w.n <= SSML_MAX ? arena_alloc(a, w.n + 1) : NULL;
	if (!text)
		return "";
	w = (struct writer){.to = text, .arena = a, .call = call, .st = st};
	put_content(&w, node);
	return text;
}
