/*
 * crud.c - create, read, list, update and delete what is configuration
 *
 * Here: what they share, and reading one. crud_list.c lists, crud_write.c writes.
 */
#include "crud.h"

#include <stdio.h>
#include <string.h>

#include "app.h"
#include "ask.h"
#include "core/error.h"
#include "crud_impl.h"

const struct resource *crud_resource(const struct ask *q)
{
	return q->route->resource;
}

const char *crud_owner(const struct ask *q)
{
	return crud_resource(q)->parent ? ask_part(q, 0) : ask_account(q);
}

/* @p pattern with its %s, if there is one, as @p value */
void crud_fill(char out[CRUD_KEY_SIZE], const char *pattern, const char *value)
{
	const char *at = strstr(pattern, "%s");
	int head = at ? (int)(at - pattern) : (int)strlen(pattern);

	(void)snprintf(out, CRUD_KEY_SIZE, "%.*s%s%s", head, pattern,
	               at ? value : "", at ? at + 2 : "");
}

const char *crud_last_part(const struct resource *r,
                           const struct fields *fields)
{
	return fields_text(fields, r->key ? r->key : "sid");
}

void crud_hash_key(const struct ask *q, const struct fields *fields,
                   char out[CRUD_KEY_SIZE])
{
	const struct resource *r = crud_resource(q);
	char family[CRUD_KEY_SIZE];

	crud_fill(family, r->family, ask_part(q, 0));
	(void)snprintf(out, CRUD_KEY_SIZE, "%.200s%.100s", family,
	               crud_last_part(r, fields));
}

json_t *crud_json(const struct resource *r, const struct fields *fields)
{
	json_t *json = shape_json(r->shape, fields);

	if (json && r->more)
		r->more(json, fields);
	return json;
}

json_t *crud_show(const struct ask *q, const struct fields *fields)
{
	const struct resource *r = crud_resource(q);
	json_t *json = crud_json(r, fields);

	if (json && r->show)
		r->show(q, json, fields);
	return json;
}

/* --- what it belongs to --------------------------------------------------------- */

/* Call @p next when the parent of the path is there. */
void crud_with_parent(struct ask *q, records_one_h *next)
{
	const char *family = crud_resource(q)->parent_key;
	char key[CRUD_KEY_SIZE];
	int err;

	if (family) {
		crud_fill(key, family, ask_part(q, 0));
		err = records_get(q->app->db, key, next, q);
	} else {
		err = records_find(q->app->db, ask_account(q), ask_part(q, 0),
		                   next, q);
	}
	if (err)
		ask_fail_errno(q, err);
}

bool crud_is_own(const struct ask *q, const struct fields *fields)
{
	return strcmp(fields_text(fields, "account_sid"), ask_account(q)) == 0;
}

bool crud_is_parent(struct ask *q, int err, const struct fields *fields)
{
	bool there = !err && fields->n > 0 &&
	             (!crud_resource(q)->parent_key || crud_is_own(q, fields));

	if (err)
		ask_fail_errno(q, err);
	else if (!there)
		ask_fail(q, ERROR_MISSING, ask_part(q, 0));
	return there;
}

/* --- one that is there ---------------------------------------------------------- */

/* Two families may have sids of one prefix: numbers and caller ids. */
static bool is_family(const struct resource *r, const char *key)
{
	return strncmp(key, r->family, strcspn(r->family, "%")) == 0;
}

/* Is this what the path names? @return false: it was answered */
bool crud_is_there(struct ask *q, int err, const char *key,
                   const struct fields *fields)
{
	const struct resource *r = crud_resource(q);

	if (err) {
		ask_fail_errno(q, err);
		return false;
	}
	if (fields->n == 0 || (r->tail && !crud_is_own(q, fields)) ||
	    !is_family(r, key) ||
	    (r->parent &&
	     strcmp(fields_text(fields, r->parent), ask_part(q, 0)) != 0)) {
		ask_fail(q, ERROR_MISSING, ask_path(q));
		return false;
	}
	return true;
}

void crud_find(struct ask *q, records_one_h *handler)
{
	const struct resource *r = crud_resource(q);
	const char *sid = ask_part(q, q->path.n - 1);
	char key[CRUD_KEY_SIZE];
	int err;

	if (r->tail) {
		(void)snprintf(key, sizeof(key), "%s%s%s", r->family, sid,
		               r->tail);
		err = records_get(q->app->db, key, handler, q);
	} else {
		err = records_find(q->app->db, ask_account(q), sid, handler, q);
	}
	if (err)
		ask_fail_errno(q, err);
}

static void on_fetched(void *arg, int err, const char *key,
                       const struct fields *fields)
{
	struct ask *q = arg;
	const struct resource *r = crud_resource(q);

	if (crud_is_there(q, err, key, fields))
		ask_ok(q, r->name, crud_show(q, fields));
}

void crud_fetch(struct ask *q)
{
	crud_find(q, on_fetched);
}
