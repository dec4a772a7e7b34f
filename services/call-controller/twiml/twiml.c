/*
 * twiml.c - text to a tree of elements; the only user of libxml2
 *
 * The parser's events build our own tree: libxml2 never has one, so there is
 * nothing that an entity or a DTD could grow.
 */
#include "twiml.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/parser.h>

#include "core/arena.h"

struct twiml {
	struct arena arena;
	struct twiml_node *root;
};

struct open { /* an element whose end has not come */
	struct twiml_node *node;
	const struct twiml_node **tail;
	char *text;
	size_t text_len, text_size;
	size_t told; /* … of it are the lead of a child */
};

enum { TEXT_FIRST = 256 }; /* bytes: room for the text of an element */

struct builder {
	struct twiml *doc;
	struct twiml_error *error;
	xmlParserCtxt *parser;
	bool no_memory;
	size_t depth, nodes;
	struct open stack[TWIML_DEPTH_MAX];
};

static void refuse(struct builder *b, uint32_t code, const char *why)
{
	if (b->error->code)
		return;
	b->error->code = code;
	b->error->line = (unsigned)xmlSAX2GetLineNumber(b->parser);
	(void)snprintf(b->error->text, sizeof(b->error->text), "%s", why);
	xmlStopParser(b->parser);
}

static void out_of_memory(struct builder *b)
{
	b->no_memory = true;
	refuse(b, 12400, "out of memory");
}

static void add_attributes(struct builder *b, struct twiml_node *node, int n,
                           const xmlChar **attrs)
{
	for (int i = 0; i < n; i++) {
		const xmlChar **a = attrs + (ptrdiff_t)5 * i;
		size_t size = (size_t)(a[4] - a[3]);
		struct twiml_attr *attr;

		if (size > TWIML_ATTRIBUTE_MAX) {
			refuse(b, 12100, "an attribute is too long");
			return;
		}
		attr = arena_alloc(&b->doc->arena, sizeof(*attr));
		if (!attr)
			break;
		attr->name = arena_str(&b->doc->arena, (const char *)a[0]);
		attr->value =
			arena_strn(&b->doc->arena, (const char *)a[3], size);
		attr->next = node->attrs;
		node->attrs = attr;
	}
	if (b->doc->arena.failed)
		out_of_memory(b);
}

/* The text that came since the last child */
static const char *rest_of_text(struct builder *b, struct open *open)
{
	size_t from = open->told;

	open->told = open->text_len;
	return open->text_len > from
	               ? arena_strn(&b->doc->arena, open->text + from,
	                            open->text_len - from)
	               : "";
}

/* The signature is libxml2's. */
/* NOLINTNEXTLINE(readability-function-size) */
static void on_start(void *arg, const xmlChar *name, const xmlChar *prefix,
                     const xmlChar *uri, int n_ns, const xmlChar **ns,
                     int n_attrs, int n_defaulted, const xmlChar **attrs)
{
	struct builder *b = arg;
	struct twiml_node *node;

	(void)prefix, (void)uri, (void)n_ns, (void)ns, (void)n_defaulted;
	if (b->error->code)
		return;
	if (b->depth == TWIML_DEPTH_MAX) {
		refuse(b, 12100, "elements are nested too deeply");
		return;
	}
	if (++b->nodes > TWIML_NODES_MAX) {
		refuse(b, 12100, "too many elements");
		return;
	}
	node = arena_alloc(&b->doc->arena, sizeof(*node));
	if (!node) {
		out_of_memory(b);
		return;
	}
	node->name = arena_str(&b->doc->arena, (const char *)name);
	node->text = node->lead = node->trail = "";
	node->line = (unsigned)xmlSAX2GetLineNumber(b->parser);
	add_attributes(b, node, n_attrs, attrs);
	if (b->depth == 0) {
		b->doc->root = node;
	} else {
		struct open *parent = &b->stack[b->depth - 1];

		*parent->tail = node;
		parent->tail = &node->next;
		node->lead = rest_of_text(b, parent);
	}
	b->stack[b->depth++] = (struct open){
		.node = node,
		.tail = &node->children,
	};
}

static bool blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void on_end(void *arg, const xmlChar *name, const xmlChar *prefix,
                   const xmlChar *uri)
{
	struct builder *b = arg;
	struct open *top;
	size_t from = 0, to;

	(void)name, (void)prefix, (void)uri;
	if (b->error->code || b->depth == 0)
		return;
	top = &b->stack[--b->depth];
	if (top->node->children)
		top->node->trail = rest_of_text(b, top);
	to = top->text_len;
	while (from < to && blank(top->text[from]))
		from++;
	while (to > from && blank(top->text[to - 1]))
		to--;
	if (to > from)
		top->node->text =
			arena_strn(&b->doc->arena, top->text + from, to - from);
	if (b->doc->arena.failed)
		out_of_memory(b);
}

/* No more than the whole document: TWIML_SIZE_MAX */
static bool make_room(struct builder *b, struct open *top, size_t n)
{
	size_t size = top->text_size ? top->text_size : TEXT_FIRST;
	char *text;

	while (size - top->text_len < n)
		size *= 2;
	if (size == top->text_size)
		return true;
	text = arena_alloc(&b->doc->arena, size);
	if (!text)
		return false;
	if (top->text_len)
		memcpy(text, top->text, top->text_len);
	top->text = text;
	top->text_size = size;
	return true;
}

static void on_text(void *arg, const xmlChar *text, int n)
{
	struct builder *b = arg;
	struct open *top;

	if (b->error->code || b->depth == 0 || n <= 0)
		return;
	top = &b->stack[b->depth - 1];
	if (!make_room(b, top, (size_t)n)) {
		out_of_memory(b);
		return;
	}
	memcpy(top->text + top->text_len, text, (size_t)n);
	top->text_len += (size_t)n;
}

static void on_dtd(void *arg, const xmlChar *name, const xmlChar *external,
                   const xmlChar *system_id)
{
	(void)name, (void)external, (void)system_id;
	refuse(arg, 12100, "a document type declaration is not allowed");
}

/* What the parser itself says is wrong */
static void not_well_formed(struct builder *b)
{
	const xmlError *e = xmlCtxtGetLastError(b->parser);

	b->no_memory = e && e->code == XML_ERR_NO_MEMORY;
	b->error->code =
		e && e->code == XML_ERR_UNKNOWN_VERSION ? 12101 : 12100;
	b->error->line = e && e->line > 0 ? (unsigned)e->line : 0;
	(void)snprintf(b->error->text, sizeof(b->error->text), "%s",
	               e && e->message ? e->message : "not XML");
	b->error->text[strcspn(b->error->text, "\r\n")] = '\0';
}

static void parse(struct builder *b, const char *text, size_t n)
{
	xmlSAXHandler sax = {
		.initialized = XML_SAX2_MAGIC,
		.startElementNs = on_start,
		.endElementNs = on_end,
		.characters = on_text,
		.cdataBlock = on_text,
		.internalSubset = on_dtd,
	};

	b->parser = xmlCreatePushParserCtxt(&sax, b, NULL, 0, NULL);
	if (!b->parser) {
		b->no_memory = true;
		return;
	}
	/* NOENT is what makes &amp; in an attribute an ampersand: without it
	 * the handler is given "&#38;". No other entity can exist, since the
	 * first word of a DTD stops the parser (on_dtd). */
	(void)xmlCtxtUseOptions(b->parser, XML_PARSE_NONET | XML_PARSE_NOENT |
	                                           XML_PARSE_NOERROR |
	                                           XML_PARSE_NOWARNING);
	(void)xmlParseChunk(b->parser, text, (int)n, 1);
	if (!b->parser->wellFormed && !b->error->code)
		not_well_formed(b);
	xmlFreeDoc(b->parser->myDoc);
	xmlFreeParserCtxt(b->parser);
}

static void refuse_root(struct builder *b, uint32_t code, const char *why)
{
	b->error->code = code;
	b->error->line = 1;
	(void)snprintf(b->error->text, sizeof(b->error->text), "%s", why);
}

static void check_root(struct builder *b)
{
	const struct twiml_node *root = b->doc->root;
	const char *version;

	if (!root || strcmp(root->name, "Response") != 0) {
		refuse_root(b, 12102, "the root element is not Response");
		return;
	}
	version = twiml_attr(root, "version");
	if (version && strcmp(version, "2010-04-01") != 0 &&
	    strcmp(version, "2008-08-01") != 0)
		refuse_root(b, 12101,
		            "the version of Response is not 2010-04-01: leave "
		            "it out");
}

static void check(struct builder *b, const char *text, size_t n)
{
	struct twiml_error *error = b->error;

	while (n && blank(*text))
		text++, n--;
	if (n == 0) {
		error->code = 11770;
		(void)snprintf(error->text, sizeof(error->text),
		               "the document is empty");
		return;
	}
	parse(b, text, n);
	if (!error->code && !b->no_memory)
		check_root(b);
}

int twiml_alloc(struct twiml **docp, const char *text, size_t n,
                struct twiml_error *error)
{
	struct twiml *doc = calloc(1, sizeof(*doc));
	struct builder b = {.doc = doc, .error = error};
	int err = ENOMEM;

	memset(error, 0, sizeof(*error));
	if (!doc)
		goto out;
	err = EINVAL;
	if (n > TWIML_SIZE_MAX) {
		error->code = 11750;
		(void)snprintf(error->text, sizeof(error->text),
		               "the document is larger than 64 KB");
		goto out;
	}
	check(&b, text, n);
	if (b.no_memory)
		err = ENOMEM;
	else if (!error->code)
		err = 0;
out:
	if (err)
		twiml_free(doc);
	else
		*docp = doc;
	return err;
}

void twiml_free(struct twiml *doc)
{
	if (!doc)
		return;
	arena_close(&doc->arena);
	free(doc);
}

const struct twiml_node *twiml_root(const struct twiml *doc)
{
	return doc->root;
}

const char *twiml_attr(const struct twiml_node *node, const char *name)
{
	for (const struct twiml_attr *a = node->attrs; a; a = a->next) {
		if (strcmp(a->name, name) == 0)
			return a->value;
	}
	return NULL;
}
