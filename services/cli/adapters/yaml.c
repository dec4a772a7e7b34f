/*
 * yaml.c - a YAML text as a tree of nodes (libyaml)
 */
#include "yaml.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <yaml.h>

#include "base/strbuf.h"

#define too_deep                                                               \
	"the file is nested too deep or too large; write it without aliases "  \
	"of aliases"

struct loader {
	yaml_document_t doc;
	size_t count;
	yaml_variable_h *variable;
	void *arg;
	struct problems *p;
};

static unsigned line_of(const yaml_node_t *n)
{
	return (unsigned)n->start_mark.line + 1;
}

static bool name_char(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* `${NAME}` at @p s: append its value. @return what it took, 0 = no variable */
static size_t expand_one(struct loader *l, unsigned line, const char *s,
                         struct strbuf *out)
{
	char name[64];
	size_t n = 0;
	const char *value;

	while (n + 1 < sizeof(name) && name_char(s[2 + n])) {
		name[n] = s[2 + n];
		n++;
	}
	name[n] = '\0';
	if (!n || s[2 + n] != '}')
		return 0;
	value = l->variable(l->arg, name);
	if (!value)
		problems_error(
			l->p, line,
			"${%s} is not set; set it in the environment, or "
			"write $${ for a plain ${",
			name);
	else
		strbuf_add(out, value);
	return n + 3;
}

static int expand(struct loader *l, const yaml_node_t *n, struct strbuf *out)
{
	const char *s = (const char *)n->data.scalar.value;
	size_t took;

	if (strlen(s) != n->data.scalar.length) {
		problems_error(l->p, line_of(n),
		               "a value has a NUL byte; remove it");
		return EINVAL;
	}
	while (*s) {
		took = 0;
		if (s[0] == '$' && s[1] == '{')
			took = expand_one(l, line_of(n), s, out);
		else if (s[0] == '$' && s[1] == '$' && s[2] == '{')
			s++; /* the first $ only protects the second */
		if (!took) {
			strbuf_addc(out, *s);
			took = 1;
		}
		s += took;
	}
	return out->failed ? ENOMEM : 0;
}

static int convert(struct loader *l, int index, unsigned depth,
                   struct node **np);

static int convert_text(struct loader *l, const yaml_node_t *y,
                        struct node **np)
{
	struct strbuf text = {0};
	int err = expand(l, y, &text);

	if (!err)
		err = node_alloc(np, NODE_TEXT, line_of(y), strbuf_str(&text));
	strbuf_close(&text);
	return err;
}

// NOLINTNEXTLINE(misc-no-recursion)
static int convert_list(struct loader *l, const yaml_node_t *y, unsigned depth,
                        struct node *list)
{
	for (yaml_node_item_t *i = y->data.sequence.items.start;
	     i < y->data.sequence.items.top; i++) {
		struct node *value;
		int err = convert(l, *i, depth, &value);

		if (err)
			return err;
		if (node_add(list, NULL, value)) {
			node_free(value);
			return ENOMEM;
		}
	}
	return 0;
}

// NOLINTNEXTLINE(misc-no-recursion)
static int convert_pair(struct loader *l, const yaml_node_pair_t *pair,
                        unsigned depth, struct node *map)
{
	struct node *key = NULL, *value = NULL;
	int err = convert(l, pair->key, depth, &key);

	if (err)
		goto out;
	if (key->type != NODE_TEXT) {
		problems_error(l->p, key->line,
		               "a key is a list or map; write a plain word");
		err = EINVAL;
		goto out;
	}
	err = convert(l, pair->value, depth, &value);
	if (!err)
		err = node_add(map, key, value);
out:
	if (err) {
		node_free(key);
		node_free(value);
	}
	return err;
}

// NOLINTNEXTLINE(misc-no-recursion)
static int convert_map(struct loader *l, const yaml_node_t *y, unsigned depth,
                       struct node *map)
{
	for (yaml_node_pair_t *i = y->data.mapping.pairs.start;
	     i < y->data.mapping.pairs.top; i++) {
		int err = convert_pair(l, i, depth, map);

		if (err)
			return err;
	}
	return 0;
}

/* An alias may stand for what contains it, or for a tree that doubles with
 * each level: depth and count bound both. */
// NOLINTNEXTLINE(misc-no-recursion)
static int convert(struct loader *l, int index, unsigned depth,
                   struct node **np)
{
	const yaml_node_t *y = yaml_document_get_node(&l->doc, index);
	bool list = y->type == YAML_SEQUENCE_NODE;
	struct node *n = NULL;
	int err;

	if (depth == NODE_DEPTH_MAX || ++l->count > NODE_COUNT_MAX) {
		problems_error(l->p, line_of(y), too_deep);
		return EINVAL;
	}
	if (y->type == YAML_SCALAR_NODE)
		return convert_text(l, y, np);
	err = node_alloc(&n, list ? NODE_LIST : NODE_MAP, line_of(y), NULL);
	if (!err)
		err = list ? convert_list(l, y, depth + 1, n)
		           : convert_map(l, y, depth + 1, n);
	if (err)
		node_free(n);
	else
		*np = n;
	return err;
}

/* libyaml says where and what; tabs are what people stumble over most. */
static int parse_error(const yaml_parser_t *y, struct problems *p)
{
	const char *what = y->problem ? y->problem : "it can not be read";

	if (y->error == YAML_MEMORY_ERROR)
		return ENOMEM;
	problems_error(p, (unsigned)y->problem_mark.line + 1,
	               "this is no YAML: %s in column %zu; correct it (indent "
	               "with blanks, not tabs)",
	               what, y->problem_mark.column + 1);
	return EINVAL;
}

static void begin(yaml_parser_t *parser, const char *text, size_t len)
{
	yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(parser, (const unsigned char *)text, len);
}

/* How one event changes the depth */
static int step_of(yaml_event_type_t type)
{
	switch (type) {
	case YAML_SEQUENCE_START_EVENT:
	case YAML_MAPPING_START_EVENT: return 1;
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT: return -1;
	default: return 0;
	}
}

/* One event of the survey. @return 0, or EINVAL after saying what is wrong */
static int look_at(const yaml_event_t *e, int *depth, size_t *documents,
                   struct problems *problems)
{
	unsigned line = (unsigned)e->start_mark.line + 1;

	*depth += step_of(e->type);
	*documents += e->type == YAML_DOCUMENT_START_EVENT;
	if (*depth > NODE_DEPTH_MAX)
		problems_error(problems, line, too_deep);
	else if (*documents > 1)
		problems_error(problems, line,
		               "a second document begins here; remove the line "
		               "`---`: one file is one document");
	else
		return 0;
	return EINVAL;
}

/* Events only, before a tree is made: the library's work on nested brackets
 * grows with the square of their depth, and a second document would not be
 * read at all. */
static int survey(const char *text, size_t len, struct problems *problems)
{
	yaml_parser_t parser;
	size_t documents = 0;
	int depth = 0, err = 0;
	bool end = false;

	if (!yaml_parser_initialize(&parser))
		return ENOMEM;
	begin(&parser, text, len);
	while (!err && !end) {
		yaml_event_t event;

		if (!yaml_parser_parse(&parser, &event)) {
			err = parse_error(&parser, problems);
			break;
		}
		end = event.type == YAML_STREAM_END_EVENT;
		err = look_at(&event, &depth, &documents, problems);
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser);
	return err;
}

int yaml_load(struct node **np, const char *text, size_t len,
              yaml_variable_h *variable, void *arg, struct problems *problems)
{
	struct loader l = {.variable = variable, .arg = arg, .p = problems};
	size_t before = problems->errors;
	yaml_parser_t parser;
	struct node *root = NULL;
	int err = survey(text, len, problems);

	if (err)
		return err;
	if (!yaml_parser_initialize(&parser))
		return ENOMEM;
	begin(&parser, text, len);
	if (!yaml_parser_load(&parser, &l.doc)) {
		err = parse_error(&parser, problems);
		goto out;
	}
	err = EINVAL;
	if (!yaml_document_get_root_node(&l.doc))
		problems_error(problems, 1,
		               "the file is empty; begin with `accounts:`");
	else
		err = convert(&l, 1, 0, &root);
	yaml_document_delete(&l.doc);
out:
	yaml_parser_delete(&parser);
	if (!err && problems->errors > before)
		err = EINVAL; /* a variable: the rest would only confuse */
	if (err)
		node_free(root);
	else
		*np = root;
	return err;
}
