/*
 * model.c - a tenants file, read and checked
 *
 * Pure: no I/O, no clock, no log.
 */
#include "model.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"

int model_init(struct model *m)
{
	*m = (struct model){0};
	if (hash_init(&m->paths))
		return ENOMEM;
	if (hash_init(&m->sids)) {
		hash_close(&m->paths);
		return ENOMEM;
	}
	return 0;
}

void object_free(struct object *o)
{
	if (!o)
		return;
	free(o->path);
	free(o->lower);
	free(o);
}

void model_close(struct model *m)
{
	struct object *next;

	if (!m->paths.slots)
		return;
	for (struct object *o = m->first; o; o = next) {
		next = o->next;
		object_free(o);
	}
	hash_close(&m->paths);
	hash_close(&m->sids);
	*m = (struct model){0};
}

void model_add(struct model *m, struct object *o)
{
	if (m->last)
		m->last->next = o;
	else
		m->first = o;
	m->last = o;
	hash_add(&m->paths, &o->by_path, o->path);
	if (o->sid[0])
		hash_add(&m->sids, &o->by_sid, o->sid);
}

char *model_path(const struct object *owner, enum kind_id id, const char *name)
{
	const struct kind *kind = kind_of(id);
	struct strbuf b = {0};

	if (owner && !kind->global)
		strbuf_addf(&b, "%s/", owner->path);
	strbuf_addf(&b, "%s:%s", kind->word, name);
	return strbuf_take(&b);
}

const struct value *object_value(const struct object *o, const char *field)
{
	static const struct value none = {.text = ""};
	int i = field_index(o->kind->fields, field);

	return i < 0 ? &none : &o->v[i];
}

const char *object_text(const struct object *o, const char *field)
{
	return object_value(o, field)->text;
}

const char *object_name(const struct object *o)
{
	return object_text(o, o->kind->key);
}

const struct object *object_account(const struct object *o)
{
	while (o && o->id != KIND_ACCOUNT)
		o = o->owner;
	return o;
}

const struct object *model_find(const struct model *m,
                                const struct object *from, enum kind_id id,
                                const char *name)
{
	char *path = model_path(object_account(from), id, name);
	struct hash_entry *e = path ? hash_find(&m->paths, path) : NULL;

	free(path);
	return e ? hash_object(e, struct object, by_path) : NULL;
}
