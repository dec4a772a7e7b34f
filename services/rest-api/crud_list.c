/*
 * crud_list.c - lists, of what is configuration and of what happened
 */
#include "crud.h"

#include <stdio.h>

#include "app.h"
#include "ask.h"
#include "core/error.h"
#include "crud_impl.h"
#include "store/time.h"

/* A list while it is asked for */
struct listing {
	struct records_filter filters[RECORDS_FILTERS_MAX];
	char texts[RECORDS_FILTERS_MAX][TIME_TEXT_SIZE]; /* of some of them */
	struct records_query query;
};

static void add(struct listing *l, const char *field, enum records_test test,
                const char *value)
{
	if (l->query.n_filters < RECORDS_FILTERS_MAX)
		l->filters[l->query.n_filters++] =
			(struct records_filter){field, test, value};
}

static void add_instant(struct listing *l, const char *field,
                        enum records_test test, uint64_t ms)
{
	char *text = l->texts[l->query.n_filters % RECORDS_FILTERS_MAX];

	if (ms == 0)
		return;
	time_text(ms, text);
	add(l, field, test, text);
}

static void add_filters(const struct ask *q, struct listing *l)
{
	const struct resource *r = crud_resource(q);
	const struct records_filter *hidden = r->hides ? r->hides(q) : NULL;
	const struct resource_filter *f = r->filters;

	if (r->only)
		add(l, r->only, TEST_IS, r->only_value);
	for (; f && f->param; f++) {
		const char *value = fields_get(&q->params, f->param);

		if (value && *value)
			add(l, f->field, f->test, value);
	}
	if (hidden)
		add(l, hidden->field, hidden->test, hidden->value);
}

static void add_bounds(struct listing *l, const struct resource_date *d,
                       const struct span *span)
{
	uint64_t from = span->from > d->late_ms ? span->from - d->late_ms : 0;

	l->query.from = from / d->ms;
	l->query.until = (span->until + d->ms - 1) / d->ms;
}

/* @return NULL, or the parameter that is no date */
static const char *add_dates(const struct ask *q, struct listing *l)
{
	const struct resource_date *d = crud_resource(q)->dates;

	for (; d && d->param; d++) {
		struct span span = {0, 0}, bounds = q->span;

		if (!dates_filter(&q->params, d->param, &span))
			return d->param;
		if (d->field) {
			add_instant(l, d->field, TEST_FROM, span.from);
			add_instant(l, d->field, TEST_UNTIL, span.until);
		}
		dates_narrow(&bounds, &span);
		if (d->ms)
			add_bounds(l, d, &bounds);
	}
	return NULL;
}

void crud_answer_list(struct ask *q, int err, const struct records *records,
                      const char *name,
                      json_t *(*show)(const struct ask *q,
                                      const struct fields *fields))
{
	json_t *list;

	if (err) {
		ask_fail_errno(q, err);
		return;
	}
	list = json_array();
	for (size_t i = 0; i < records->n; i++) {
		json_t *json = show(q, &records->v[i]);

		if (json)
			(void)json_array_append_new(list, json);
	}
	ask_list(q, name, list, records->more ? records->last : NULL);
}

/* What happened says itself whose it is. */
static json_t *show_own(const struct ask *q, const struct fields *fields)
{
	return crud_is_own(q, fields) ? crud_show(q, fields) : NULL;
}

static void on_list(void *arg, int err, const struct records *records)
{
	struct ask *q = arg;
	const struct resource *r = crud_resource(q);

	crud_answer_list(q, err, records, r->plural,
	                 r->tail ? show_own : crud_show);
}

static void list_now(struct ask *q)
{
	const struct resource *r = crud_resource(q);
	char index[CRUD_KEY_SIZE];
	struct listing l = {.query = {
				    .index = index,
				    .account_sid = ask_account(q),
				    .head = r->tail ? r->family : NULL,
				    .tail = r->tail,
				    .filters = l.filters,
				    .page = &q->page,
			    }};
	const char *wrong;
	int err;

	crud_fill(index, r->index, crud_owner(q));
	add_filters(q, &l);
	wrong = add_dates(q, &l);
	if (wrong) {
		ask_fail(q, ERROR_PARAMETER, wrong);
		return;
	}
	err = records_list(q->app->db, &l.query, on_list, q);
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
