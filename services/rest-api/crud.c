/*
 * crud.c - create, read, list, update and delete what is configuration
 *
 * Here: what they share, and reading. crud_write.c writes.
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

/* --- what it belongs to --------------------------------------------------------- */

/* Call @p next when the parent of the path is there. */
void crud_with_parent(struct ask *q, records_one_h *next)
{
	int err = records_find(q->app->db, ask_account(q), ask_part(q, 0), next,
	                       q);

	if (err)
		ask_fail_errno(q, err);
}

bool crud_is_parent(struct ask *q, int err, const struct fields *fields)
{
	if (err)
		ask_fail_errno(q, err);
	else if (fields->n == 0)
		ask_fail(q, ERROR_MISSING, ask_part(q, 0));
	return !err && fields->n > 0;
}

/* --- list ----------------------------------------------------------------------- */

static void on_list(void *arg, int err, const struct records *records)
{
	struct ask *q = arg;
	const struct resource *r = crud_resource(q);
	json_t *list = json_array();

	if (err) {
		json_decref(list);
		ask_fail_errno(q, err);
		return;
	}
	for (size_t i = 0; i < records->n; i++)
		(void)json_array_append_new(list, crud_json(r, &records->v[i]));
	ask_list(q, r->plural, list, records->more ? records->last : NULL);
}

static void list_now(struct ask *q)
{
	const struct resource *r = crud_resource(q);
	struct records_filter filters[RECORDS_FILTERS_MAX];
	char index[CRUD_KEY_SIZE];
	struct records_query query = {.index = index,
	                              .account_sid = ask_account(q),
	                              .filters = filters,
	                              .page = &q->page};
	const struct resource_filter *f = r->filters;
	int err;

	crud_fill(index, r->index, crud_owner(q));
	for (; f && f->param && query.n_filters < RECORDS_FILTERS_MAX; f++) {
		const char *value = fields_get(&q->params, f->param);

		if (value && *value)
			filters[query.n_filters++] = (struct records_filter){
				f->field, f->test, value};
	}
	err = records_list(q->app->db, &query, on_list, q);
	if (err)
		ask_fail_errno(q, err);
}

static void on_list_parent(void *arg, int err, const char *key,
                           const struct fields *fields)
{
	(void)key;
	if (crud_is_parent(arg, err, fields))
		list_now(arg);
}

void crud_list(struct ask *q)
{
	if (crud_resource(q)->parent)
		crud_with_parent(q, on_list_parent);
	else
		list_now(q);
}

/* --- one that is there ---------------------------------------------------------- */

/* Is this what the path names? @return false: it was answered */
bool crud_is_there(struct ask *q, int err, const struct fields *fields)
{
	const struct resource *r = crud_resource(q);

	if (err) {
		ask_fail_errno(q, err);
		return false;
	}
	if (fields->n == 0 ||
	    (r->parent &&
	     strcmp(fields_text(fields, r->parent), ask_part(q, 0)) != 0)) {
		ask_fail(q, ERROR_MISSING, ask_path(q));
		return false;
	}
	return true;
}

void crud_find(struct ask *q, records_one_h *handler)
{
	int err = records_find(q->app->db, ask_account(q),
	                       ask_part(q, q->path.n - 1), handler, q);

	if (err)
		ask_fail_errno(q, err);
}

static void on_fetched(void *arg, int err, const char *key,
                       const struct fields *fields)
{
	struct ask *q = arg;
	const struct resource *r = crud_resource(q);

	(void)key;
	if (crud_is_there(q, err, fields))
		ask_ok(q, r->name, crud_json(r, fields));
}

void crud_fetch(struct ask *q)
{
	crud_find(q, on_fetched);
}
