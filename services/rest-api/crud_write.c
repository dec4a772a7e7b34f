/*
 * crud_write.c - create, update and delete what is configuration
 *
 *     create   parent? ─► params ─► check ─► change ─► 201
 *     update   find ────► params ─► check ─► change ─► 200
 *     delete   find ──────────────────────► change ─► 204
 */
#include "crud.h"

#include <stdio.h>
#include <string.h>

#include "app.h"
#include "ask.h"
#include "ask_change.h"
#include "base/sid.h"
#include "core/change.h"
#include "core/error.h"
#include "crud_impl.h"
#include "loop/loop.h"
#include "store/time.h"

/* --- writing -------------------------------------------------------------------- */

static void touch(struct fields *draft, const char *field)
{
	char now[TIME_TEXT_SIZE];

	time_text(loop_wall_ms(), now);
	fields_set(draft, field, now);
}

/* Parameters and the resource's own check. @return false: it was answered */
static bool take(struct ask *q, bool create)
{
	const struct resource *r = crud_resource(q);
	struct param_error error = {0};

	if (!params_take(r->params, &q->params, create, &q->draft, &error) ||
	    (r->check && !r->check(q, &q->draft, &error))) {
		ask_fail(q, error.code, error.detail);
		return false;
	}
	if (q->draft.failed) {
		ask_fail(q, ERROR_AWAY, NULL);
		return false;
	}
	return true;
}

static void on_changed(void *arg, int err, uint32_t code)
{
	struct ask *q = arg;
	const struct resource *r = crud_resource(q);

	if (!ask_changed(q, err, code,
	                 r->about ? r->about(code, &q->draft)
	                          : crud_last_part(r, &q->draft)))
		return;
	if (q->was.n)
		ask_ok(q, r->name, crud_json(r, &q->draft));
	else
		ask_created(q, r->name, crud_json(r, &q->draft));
}

static void run(struct ask *q, struct change *c, records_change_h *handler)
{
	c->quiet = crud_resource(q)->quiet;
	ask_change(q, c, handler);
}

static void set_add(const struct ask *q, struct change *c, const char *command,
                    const struct fields *fields)
{
	const struct resource *r = crud_resource(q);
	char set[CRUD_KEY_SIZE];

	if (!r->set)
		return;
	crud_fill(set, r->set, ask_part(q, 0));
	change_run(c, command, set, crud_last_part(r, fields), NULL);
}

/* All of the draft but what is told only once */
static void write_draft(struct ask *q, struct change *c)
{
	const char *once = crud_resource(q)->once;
	struct fields kept = {0};

	for (size_t i = 0; i < q->draft.n; i++)
		if (!once || strcmp(q->draft.v[i].name, once) != 0)
			fields_add(&kept, q->draft.v[i].name,
			           q->draft.v[i].value);
	change_hset(c, q->key, &kept);
	fields_close(&kept);
}

static void create_now(struct ask *q)
{
	const struct resource *r = crud_resource(q);
	char sid[SID_SIZE], index[CRUD_KEY_SIZE], sids[CRUD_KEY_SIZE],
		score[24];
	struct change c = {0};

	sid_make(r->prefix, sid);
	fields_set(&q->draft, "sid", sid);
	fields_set(&q->draft, "account_sid", ask_account(q));
	if (r->parent)
		fields_set(&q->draft, r->parent, ask_part(q, 0));
	touch(&q->draft, "date_created");
	touch(&q->draft, "date_updated");
	if (!take(q, true))
		return;
	crud_hash_key(q, &q->draft, q->key);
	crud_fill(index, r->index, crud_owner(q));
	crud_fill(sids, "sids:{%s}", ask_account(q));
	(void)snprintf(score, sizeof(score), "%llu",
	               (unsigned long long)loop_wall_ms());
	change_absent(&c, q->key, r->taken);
	if (r->parent) /* it may be deleted at this moment */
		change_same(&c, sids, ask_part(q, 0),
		            fields_text(&q->was, "parent key"), ERROR_MISSING);
	if (r->max)
		change_fewer(&c, index, r->max, r->max_code);
	if (r->write)
		r->write(q, &c, &q->was, &q->draft);
	write_draft(q, &c);
	change_run(&c, "HSET", sids, sid, q->key, NULL);
	change_run(&c, "ZADD", index, score, sid, NULL);
	set_add(q, &c, "SADD", &q->draft);
	fields_close(&q->was);
	run(q, &c, on_changed);
}

static void on_create_parent(void *arg, int err, const char *key,
                             const struct fields *fields)
{
	struct ask *q = arg;

	if (!crud_is_parent(q, err, fields))
		return;
	fields_set(&q->was, "parent key", key);
	create_now(q);
}

void crud_create(struct ask *q)
{
	if (crud_resource(q)->parent)
		crud_with_parent(q, on_create_parent);
	else
		create_now(q);
}

static void rename_it(struct ask *q, struct change *c, const char *sids)
{
	const struct resource *r = crud_resource(q);
	char key[CRUD_KEY_SIZE];

	crud_hash_key(q, &q->draft, key);
	if (strcmp(key, q->key) == 0)
		return;
	change_absent(c, key, r->taken);
	change_run(c, "RENAME", q->key, key, NULL);
	change_run(c, "HSET", sids, fields_text(&q->draft, "sid"), key, NULL);
	set_add(q, c, "SREM", &q->was);
	set_add(q, c, "SADD", &q->draft);
	(void)snprintf(q->key, sizeof(q->key), "%s", key);
}

/* Only what differs is written: two updates of different fields both stand. */
static void write_difference(struct ask *q, struct change *c)
{
	struct fields differing = {0};

	for (size_t i = 0; i < q->draft.n; i++) {
		const struct field *f = &q->draft.v[i];
		const char *was = fields_get(&q->was, f->name);

		if (!was || strcmp(was, f->value) != 0)
			fields_add(&differing, f->name, f->value);
	}
	change_hset(c, q->key, &differing);
	fields_close(&differing);
}

static void on_update(void *arg, int err, const char *key,
                      const struct fields *fields)
{
	struct ask *q = arg;
	const struct resource *r = crud_resource(q);
	char sids[CRUD_KEY_SIZE];
	struct change c = {0};

	if (!crud_is_there(q, err, key, fields))
		return;
	fields_merge(&q->was, fields);
	fields_merge(&q->draft, fields);
	(void)snprintf(q->key, sizeof(q->key), "%s", key);
	if (!take(q, false))
		return;
	touch(&q->draft, "date_updated");
	crud_fill(sids, "sids:{%s}", ask_account(q));
	change_same(&c, sids, fields_text(&q->was, "sid"), key, ERROR_MISSING);
	rename_it(q, &c, sids);
	if (r->write)
		r->write(q, &c, &q->was, &q->draft);
	write_difference(q, &c);
	run(q, &c, on_changed);
}

void crud_update(struct ask *q)
{
	crud_find(q, on_update);
}

/* --- delete --------------------------------------------------------------------- */

static void on_deleted(void *arg, int err, uint32_t code)
{
	struct ask *q = arg;

	if (ask_changed(q, err, code, fields_text(&q->was, "friendly_name")))
		ask_gone(q);
}

static void on_delete(void *arg, int err, const char *key,
                      const struct fields *fields)
{
	struct ask *q = arg;
	const struct resource *r = crud_resource(q);
	const char *sid = fields_text(fields, "sid");
	char index[CRUD_KEY_SIZE], sids[CRUD_KEY_SIZE];
	struct change c = {0};

	if (!crud_is_there(q, err, key, fields))
		return;
	fields_merge(&q->was, fields);
	crud_fill(index, r->index, crud_owner(q));
	crud_fill(sids, "sids:{%s}", ask_account(q));
	change_same(&c, sids, sid, key, ERROR_MISSING);
	if (r->write)
		r->write(q, &c, &q->was, NULL);
	change_run(&c, "DEL", key, NULL);
	change_run(&c, "HDEL", sids, sid, NULL);
	change_run(&c, "ZREM", index, sid, NULL);
	set_add(q, &c, "SREM", fields);
	run(q, &c, on_deleted);
}

void crud_delete(struct ask *q)
{
	crud_find(q, on_delete);
}
