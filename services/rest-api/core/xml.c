/*
 * xml.c - a JSON answer as XML
 *
 * Pure: no I/O.
 */
#include "xml.h"

#include <ctype.h>
#include <string.h>

#include "base/strbuf.h"

static const char *const page_members[] = {
	"end",           "first_page_uri",    "next_page_uri", "page",
	"page_size",     "previous_page_uri", "start",         "uri",
	"last_page_uri", "num_pages",         "total"};

static void add_escaped(struct strbuf *b, const char *s)
{
	for (; *s; s++) {
		switch (*s) {
		case '<': strbuf_add(b, "&lt;"); break;
		case '>': strbuf_add(b, "&gt;"); break;
		case '&': strbuf_add(b, "&amp;"); break;
		case '"': strbuf_add(b, "&quot;"); break;
		default:
			/* XML 1.0 2.2: no control characters at all */
			strbuf_addc(b, (unsigned char)*s >= 0x20 ||
			                               strchr("\t\n\r", *s)
			                       ? *s
			                       : ' ');
		}
	}
}

static void add_scalar(struct strbuf *b, const json_t *v)
{
	if (json_is_string(v))
		add_escaped(b, json_string_value(v));
	else if (json_is_integer(v))
		strbuf_addf(b, "%lld", (long long)json_integer_value(v));
	else if (json_is_real(v))
		strbuf_addf(b, "%.15g", json_real_value(v));
	else if (json_is_boolean(v))
		strbuf_add(b, json_is_true(v) ? "true" : "false");
}

/* snake_case as CamelCase */
static void add_name(struct strbuf *b, const char *name)
{
	bool up = true;

	for (; *name; name++) {
		if (*name == '_') {
			up = true;
			continue;
		}
		strbuf_addc(b,
		            up ? (char)toupper((unsigned char)*name) : *name);
		up = false;
	}
}

/* The element of a member of an array: without the s of its plural */
static void add_singular(struct strbuf *b, const char *plural)
{
	struct strbuf name = {0};
	size_t n;

	add_name(&name, plural);
	n = name.len;
	if (n > 3 && strcmp(name.s + n - 3, "ies") == 0) {
		strbuf_addn(b, name.s, n - 3);
		strbuf_addc(b, 'y');
	} else if (n > 2 && strcmp(name.s + n - 3, "ses") == 0) {
		strbuf_addn(b, name.s, n - 2);
	} else {
		strbuf_addn(b, strbuf_str(&name),
		            n && name.s[n - 1] == 's' ? n - 1 : n);
	}
	b->failed = b->failed || name.failed;
	strbuf_close(&name);
}

/* What is at a path with .json is, as XML, at the one without. */
static void add_path(struct strbuf *b, const char *path)
{
	static const char json[] = ".json";
	size_t n = strcspn(path, "?");
	struct strbuf cut = {0};

	if (n >= sizeof(json) - 1 &&
	    strncmp(path + n - (sizeof(json) - 1), json, sizeof(json) - 1) == 0)
		strbuf_addn(&cut, path, n - (sizeof(json) - 1));
	else
		strbuf_addn(&cut, path, n);
	strbuf_add(&cut, path + n);
	add_escaped(b, strbuf_str(&cut));
	b->failed = b->failed || cut.failed;
	strbuf_close(&cut);
}

static void add_value(struct strbuf *b, const char *name, const json_t *v);

/* @param name of the object */
static void add_members(struct strbuf *b, const char *name,
                        const json_t *object)
{
	bool links = strcmp(name, "subresource_uris") == 0;
	const char *key;
	json_t *v;

	json_object_foreach((json_t *)object, key, v)
	{
		strbuf_addc(b, '<');
		add_name(b, key);
		strbuf_addc(b, '>');
		if (json_is_string(v) && (links || strcmp(key, "uri") == 0))
			add_path(b, json_string_value(v));
		else
			add_value(b, key, v);
		strbuf_add(b, "</");
		add_name(b, key);
		strbuf_addc(b, '>');
	}
}

static void add_value(struct strbuf *b, const char *name, const json_t *v)
{
	if (json_is_object(v)) {
		add_members(b, name, v);
	} else if (json_is_array(v)) {
		for (size_t i = 0; i < json_array_size(v); i++) {
			strbuf_addc(b, '<');
			add_singular(b, name);
			strbuf_addc(b, '>');
			add_value(b, name, json_array_get(v, i));
			strbuf_add(b, "</");
			add_singular(b, name);
			strbuf_addc(b, '>');
		}
	} else {
		add_scalar(b, v);
	}
}

static bool is_page_member(const char *key)
{
	for (size_t i = 0; i < sizeof(page_members) / sizeof(page_members[0]);
	     i++)
		if (strcmp(key, page_members[i]) == 0)
			return true;
	return false;
}

/* A list: what tells the page are attributes of the one array's element. */
static void add_list(struct strbuf *b, const json_t *json)
{
	const char *key, *name = "";
	json_t *v, *array = NULL;

	json_object_foreach((json_t *)json, key, v) if (json_is_array(v))
	{
		name = key;
		array = v;
	}
	strbuf_addc(b, '<');
	add_name(b, name);
	json_object_foreach((json_t *)json, key, v)
	{
		if (!is_page_member(key))
			continue;
		strbuf_addc(b, ' ');
		for (const char *c = key; *c; c++)
			if (*c != '_')
				strbuf_addc(b, *c);
		strbuf_add(b, "=\"");
		add_scalar(b, v);
		strbuf_addc(b, '"');
	}
	strbuf_addc(b, '>');
	add_value(b, name, array);
	strbuf_add(b, "</");
	add_name(b, name);
	strbuf_addc(b, '>');
}

char *xml_document(const char *name, const json_t *json)
{
	struct strbuf b = {0};

	strbuf_add(&b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	               "<TwilioResponse>");
	if (json_object_get(json, "first_page_uri")) {
		add_list(&b, json);
	} else {
		strbuf_addf(&b, "<%s>", name);
		add_value(&b, name, json);
		strbuf_addf(&b, "</%s>", name);
	}
	strbuf_add(&b, "</TwilioResponse>");
	return strbuf_take(&b);
}
