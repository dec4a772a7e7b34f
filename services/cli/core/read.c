/*
 * read.c - from the tree of a file to the model, by the tables of schema.h
 *
 * Pure: no I/O, no clock, no log.
 */
#include "read.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "field.h"
#include "store/value.h"
#include "suggest.h"

struct reader {
	struct model *m;
	struct problems *p;
	int err; /* ENOMEM: give up quietly */
};

/* A value that is wrong is shown, unless it is a secret. */
static void wrong(struct reader *r, const struct field *f, const struct node *n,
                  const char *problem)
{
	if (field_is_secret(f->type, n->text) || f->type == FIELD_TWIML)
		problems_error(r->p, n->line, "%s %s", f->name, problem);
	else
		problems_error(r->p, n->line, "%s \"%.80s\" %s", f->name,
		               n->text, problem);
}

static void read_list(struct reader *r, const struct field *f,
                      const struct node *n)
{
	if (n->type != NODE_LIST) {
		problems_error(r->p, n->line,
		               "%s is no list; write [a, b] or one line with - "
		               "for each",
		               f->name);
		return;
	}
	if (n->n > f->max)
		problems_error(r->p, n->line,
		               "%s has %zu members and may have %" PRIu32
		               "; split it",
		               f->name, n->n, f->max);
	for (size_t i = 0; i < n->n; i++) {
		const struct node *item = n->values[i];
		const char *problem;

		if (item->type != NODE_TEXT) {
			problems_error(
				r->p, item->line,
				"a member of %s is no plain value; write "
				"one value for each -",
				f->name);
			continue;
		}
		problem = field_check(f->type, item->text);
		if (problem)
			wrong(r, f, item, problem);
	}
}

static void read_scalar(struct reader *r, const struct field *f,
                        const struct node *n, struct value *v)
{
	const char *problem;
	uint32_t number;

	if (n->type != NODE_TEXT) {
		problems_error(r->p, n->line,
		               "%s is a list or map; write one value", f->name);
		return;
	}
	v->text = n->text;
	if (!n->text[0] && !f->required)
		return;
	problem = field_check(f->type, n->text);
	if (problem)
		wrong(r, f, n, problem);
	if (f->type == FIELD_ONE && !field_has_word(f->words, n->text))
		problems_error(r->p, n->line, "%s \"%.80s\" is none of: %s",
		               f->name, n->text, f->words);
	if (f->type == FIELD_UINT &&
	    !value_uint(n->text, f->min, f->max, &number))
		problems_error(
			r->p, n->line,
			"%s \"%.80s\" is out of range; use a number from "
			"%" PRIu32 " to %" PRIu32,
			f->name, n->text, f->min, f->max);
}

static void read_field(struct reader *r, const struct field *f,
                       const struct node *n, struct value *v)
{
	v->node = n;
	v->line = n->line;
	switch (f->type) {
	case FIELD_CIDRS:
	case FIELD_PREFIXES:
	case FIELD_NUMBERS:
	case FIELD_COUNTRIES:
	case FIELD_NAMES: read_list(r, f, n); return;
	case FIELD_OBJECTS: return; /* once their owner is complete */
	case FIELD_NAME:
	case FIELD_USERNAME:
	case FIELD_PASSWORD:
	case FIELD_TEXT:
	case FIELD_TOKEN:
	case FIELD_STATUS:
	case FIELD_SID:
	case FIELD_URL:
	case FIELD_METHOD:
	case FIELD_BOOL:
	case FIELD_UINT:
	case FIELD_E164:
	case FIELD_COUNTRY:
	case FIELD_DIGITS:
	case FIELD_DOMAIN:
	case FIELD_SIP_URI:
	case FIELD_MEDIA:
	case FIELD_ONE:
	case FIELD_PRICE:
	case FIELD_CURRENCY:
	case FIELD_START:
	case FIELD_TWIML:
	case FIELD_REF: read_scalar(r, f, n, v); return;
	}
}

static void unknown(struct reader *r, const struct field *fields,
                    const char *what, const struct node *key)
{
	struct suggestion s = {0};

	for (int i = 0; fields[i].name; i++)
		suggest_try(&s, key->text, fields[i].name);
	if (s.word)
		problems_error(
			r->p, key->line,
			"%s has no field \"%.60s\"; did you mean \"%s\"?", what,
			key->text, s.word);
	else
		problems_error(r->p, key->line,
		               "%s has no field \"%.60s\"; remove it, or see "
		               "`trestle-cli fields`",
		               what, key->text);
}

/* Fill @p v from a map, by a table. */
static void read_map(struct reader *r, const struct field *fields,
                     const char *what, const struct node *map, struct value *v)
{
	for (int i = 0; fields[i].name; i++)
		v[i].text = fields[i].init ? fields[i].init : "";
	for (size_t i = 0; i < map->n; i++) {
		const struct node *key = map->keys[i];
		int at = field_index(fields, key->text);

		if (at < 0)
			unknown(r, fields, what, key);
		else if (v[at].node)
			problems_error(
				r->p, key->line,
				"%s is given twice; remove one, the other "
				"is in line %u",
				key->text, v[at].line);
		else
			read_field(r, &fields[at], map->values[i], &v[at]);
	}
	for (int i = 0; fields[i].name; i++)
		if (fields[i].required && !v[i].node)
			problems_error(r->p, map->line, "%s has no %s; add it",
			               what, fields[i].name);
}

/* A SID that stays the same as long as the names do. */
static void derive_sid(const char *prefix, const char *path, char *out)
{
	static const uint64_t seeds[2] = {0xcbf29ce484222325ULL,
	                                  0x9e3779b97f4a7c15ULL};
	size_t n = strlen(path);

	(void)snprintf(out, SID_SIZE, "%s%016" PRIx64 "%016" PRIx64, prefix,
	               hash_bytes(path, n, seeds[0]),
	               hash_bytes(path, n, seeds[1]));
}

static void read_sid(struct reader *r, struct object *o)
{
	const struct value *v = object_value(o, "sid");
	const struct hash_entry *e;

	if (!o->kind->prefix)
		return;
	if (!v->text[0])
		derive_sid(o->kind->prefix, o->path, o->sid);
	else if (sid_valid(v->text, o->kind->prefix))
		(void)snprintf(o->sid, sizeof(o->sid), "%s", v->text);
	else
		problems_error(r->p, v->line,
		               "sid \"%.80s\" is none of a %s; write %s and 32 "
		               "hexadecimal digits, or leave it out",
		               v->text, o->kind->word, o->kind->prefix);
	e = o->sid[0] ? hash_find(&r->m->sids, o->sid) : NULL;
	if (e)
		problems_error(r->p, o->line,
		               "sid %s is used twice; the other is in line %u, "
		               "leave one out",
		               o->sid,
		               hash_object(e, struct object, by_sid)->line);
}

/* Host names know no case; the rest of the system compares lower case. */
static int lower_name(struct object *o)
{
	struct value *v = &o->v[field_index(o->kind->fields, o->kind->key)];

	o->lower = strdup(v->text);
	if (!o->lower)
		return ENOMEM;
	for (char *s = o->lower; *s; s++)
		*s = (char)tolower((unsigned char)*s);
	v->text = o->lower;
	return 0;
}

static int name_object(struct reader *r, struct object *o)
{
	const struct hash_entry *e;

	if (o->id == KIND_DOMAIN && lower_name(o))
		return ENOMEM;
	o->path = model_path(o->owner, o->id, object_name(o));
	if (!o->path)
		return ENOMEM;
	e = object_name(o)[0] ? hash_find(&r->m->paths, o->path) : NULL;
	if (!e)
		read_sid(r, o);
	else
		problems_error(
			r->p, o->line,
			"%s \"%s\" is there twice; remove or rename one, "
			"the other is in line %u",
			o->kind->word, object_name(o),
			hash_object(e, struct object, by_path)->line);
	return 0;
}

static void read_children(struct reader *r, const struct field *fields,
                          const struct value *v, const struct object *owner);

/* Recursion ends with the schema: three kinds deep. */
// NOLINTNEXTLINE(misc-no-recursion)
static void read_object(struct reader *r, enum kind_id id, const struct node *n,
                        const struct object *owner)
{
	struct object *o;

	if (n->type != NODE_MAP) {
		problems_error(r->p, n->line,
		               "a %s is no map; write lines of `field: value`",
		               kind_of(id)->word);
		return;
	}
	o = calloc(1, sizeof(*o));
	if (!o) {
		r->err = ENOMEM;
		return;
	}
	o->id = id;
	o->kind = kind_of(id);
	o->owner = owner;
	o->line = n->line;
	read_map(r, o->kind->fields, o->kind->word, n, o->v);
	r->err = name_object(r, o);
	if (r->err) {
		object_free(o);
		return;
	}
	model_add(r->m, o);
	read_children(r, o->kind->fields, o->v, o);
}

// NOLINTNEXTLINE(misc-no-recursion)
static void read_objects(struct reader *r, const struct field *f,
                         const struct node *n, const struct object *owner)
{
	const struct kind *kind = kind_of(f->ref);

	if (n->type == NODE_TEXT && !n->text[0] && !f->required)
		return;
	if (n->type != NODE_LIST) {
		problems_error(r->p, n->line,
		               "%s is no list; begin each %s with -", f->name,
		               kind->word);
		return;
	}
	if (n->n > kind->max) {
		problems_error(r->p, n->line,
		               "%s has %zu members and may have %zu; split it",
		               f->name, n->n, kind->max);
		return;
	}
	if (n->n == 0 && f->required)
		problems_error(r->p, n->line, "%s is empty; add one", f->name);
	for (size_t i = 0; i < n->n && !r->err; i++)
		read_object(r, f->ref, n->values[i], owner);
}

// NOLINTNEXTLINE(misc-no-recursion)
static void read_children(struct reader *r, const struct field *fields,
                          const struct value *v, const struct object *owner)
{
	for (int i = 0; fields[i].name && !r->err; i++)
		if (fields[i].type == FIELD_OBJECTS && v[i].node)
			read_objects(r, &fields[i], v[i].node, owner);
}

int read_model(struct model *m, const struct node *root,
               struct problems *problems)
{
	struct reader r = {.m = m, .p = problems};
	struct value top[FIELDS_MAX] = {0};

	if (model_init(m))
		return ENOMEM;
	if (root->type != NODE_MAP) {
		problems_error(problems, root->line,
		               "the file is no map; begin with `accounts:`");
		return 0;
	}
	read_map(&r, schema_top, "the file", root, top);
	read_children(&r, schema_top, top, NULL);
	return r.err;
}
