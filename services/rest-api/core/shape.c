/*
 * shape.c - a hash of Redis as the JSON of a resource
 *
 * Pure: no I/O.
 */
#include "shape.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "fields.h"
#include "store/time.h"

static const char base[] = "/2010-04-01/Accounts/";

json_t *shape_text(const char *text)
{
	json_t *v = *text ? json_string(text) : NULL;

	return v ? v : json_null();
}

json_t *shape_date(const char *iso)
{
	uint64_t ms = time_parse(iso);
	char words[TIME_TEXT_SIZE];

	if (ms == 0)
		return json_null();
	time_rfc2822(ms, words);
	return json_string(words);
}

/* "2026-11-22T18:30:15.248Z" without its milliseconds */
static json_t *iso_date(const char *iso)
{
	char text[TIME_TEXT_SIZE];
	size_t n = strcspn(iso, ".");

	if (time_parse(iso) == 0 || n + 2 > sizeof(text))
		return json_null();
	memcpy(text, iso, n);
	memcpy(text + n, "Z", 2);
	return json_string(text);
}

/* The API formats the numbers of North America, +1 and ten digits, and no others
 * (contract 12). */
static json_t *phone(const char *text)
{
	if (strncmp(text, "+1", 2) != 0 || strlen(text) != 12 ||
	    strspn(text + 1, "0123456789") != 11)
		return shape_text(text);
	return json_sprintf("(%.3s) %.3s-%.4s", text + 2, text + 5, text + 8);
}

static json_t *integer(const char *text)
{
	char *end;
	long long v = strtoll(text, &end, 10);

	return *text && !*end ? json_integer(v) : json_null();
}

/* @p pattern with {name} as the fields of those names */
static void add_filled(struct strbuf *b, const char *pattern,
                       const struct fields *fields)
{
	char name[40];

	while (*pattern) {
		size_t n = strcspn(pattern, "{");

		strbuf_addn(b, pattern, n);
		pattern += n;
		if (!*pattern)
			break;
		n = strcspn(++pattern, "}");
		if (n < sizeof(name)) {
			memcpy(name, pattern, n);
			name[n] = '\0';
			strbuf_add(b, fields_text(fields, name));
		}
		pattern += n + (pattern[n] == '}');
	}
}

static json_t *taken(struct strbuf *b)
{
	char *text = strbuf_take(b);
	json_t *v = text ? json_string(text) : NULL;

	free(text);
	return v ? v : json_null();
}

static json_t *uri(const char *pattern, const struct fields *fields)
{
	struct strbuf b = {0};

	strbuf_add(&b, base);
	strbuf_add(&b, fields_text(fields, "account_sid"));
	add_filled(&b, pattern, fields);
	return taken(&b);
}

/* "credential_list_mappings" is CredentialListMappings in a path. */
static void add_path_name(struct strbuf *b, const char *name, size_t n)
{
	bool up = true;

	for (size_t i = 0; i < n; i++) {
		if (name[i] == '_') {
			up = true;
			continue;
		}
		if (n == 3 && strncmp(name, "sip", n) == 0)
			strbuf_addc(b, (char)toupper((unsigned char)name[i]));
		else
			strbuf_addc(b,
			            up ? (char)toupper((unsigned char)name[i])
			               : name[i]);
		up = false;
	}
}

/* "/SIP/Domains/{sid}: credential_list_mappings …" */
static json_t *links(const char *what, const struct fields *fields)
{
	const char *colon = strchr(what, ':');
	const char *names = colon ? colon + 1 : "";
	json_t *object = json_object();

	for (names += strspn(names, " "); *names; names += strspn(names, " ")) {
		size_t n = strcspn(names, " ");
		struct strbuf b = {0}, name = {0};
		char *head = strndup(what, strcspn(what, ":"));

		strbuf_addn(&name, names, n);
		strbuf_add(&b, base);
		strbuf_add(&b, fields_text(fields, "account_sid"));
		add_filled(&b, head ? head : "", fields);
		free(head);
		strbuf_addc(&b, '/');
		add_path_name(&b, names, n);
		strbuf_add(&b, ".json");
		(void)json_object_set_new(object, strbuf_str(&name), taken(&b));
		strbuf_close(&name);
		names += n;
	}
	return object;
}

static json_t *member(const struct shape *s, const struct fields *fields)
{
	const char *name = s->field ? s->field : s->json;
	const char *value = fields_text(fields, name);

	switch (s->kind) {
	case SHAPE_TEXT: return shape_text(value);
	case SHAPE_STRING: return json_string(value);
	case SHAPE_BOOL: return json_boolean(strcmp(value, "true") == 0);
	case SHAPE_PHONE: return phone(value);
	case SHAPE_INT: return integer(value);
	case SHAPE_DATE: return shape_date(value);
	case SHAPE_ISO: return iso_date(value);
	case SHAPE_LITERAL: return json_string(name);
	case SHAPE_NULL: return json_null();
	case SHAPE_URI: return uri(name, fields);
	case SHAPE_LINKS: return links(name, fields);
	}
	return json_null();
}

json_t *shape_json(const struct shape *shape, const struct fields *fields)
{
	json_t *object = json_object();

	for (; shape->json; shape++)
		(void)json_object_set_new(object, shape->json,
		                          member(shape, fields));
	return object;
}
