/*
 * records.c - the configuration and the records in Redis, as the API needs them
 */
#include "records.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/change.h"
#include "records_fill.h"
#include "records_lua.h"
#include "records_seal.h"
#include "seen.h"
#include "store/redis.h"
#include "store/seal.h"

enum { KEY_SIZE = 320, CHANGE_ARGS = 3 };

/* A question while Redis thinks about it */
struct question {
	struct question *next, **at; /* of the db */
	struct records_db *db;
	redis_reply_h *on_reply;
	void *handler_arg;
	union {
		records_one_h *one;
		records_texts_h *texts;
		records_change_h *change;
		records_reply_h *reply;
	} handler;
};

struct records_db {
	struct redis *redis; /* borrowed */
	struct seen *seen;
	struct question *open;
};

static struct question *question(struct records_db *db, redis_reply_h *on_reply,
                                 void *arg)
{
	struct question *q = calloc(1, sizeof(*q));

	if (!q)
		return NULL;
	q->db = db;
	q->on_reply = on_reply;
	q->handler_arg = arg;
	q->at = &db->open;
	q->next = db->open;
	if (q->next)
		q->next->at = &q->next;
	db->open = q;
	return q;
}

static void drop(struct question *q)
{
	*q->at = q->next;
	if (q->next)
		q->next->at = q->at;
	free(q);
}

/* Give it to Redis. It is gone when that fails. */
static int ask(struct question *q, struct redis_script *script, int n_keys,
               int argc, const char *const *argv)
{
	int err = redis_eval(q->db->redis, script, q->on_reply, q, n_keys, argc,
	                     argv, NULL);

	if (err)
		drop(q);
	return err;
}

int records_fill(const struct records_db *db, struct fields *f,
                 const redisReply *reply)
{
	int err = 0;

	for (size_t i = 0; i + 1 < reply->elements && !err; i += 2) {
		const char *name = reply->element[i]->str;
		const char *value = reply->element[i + 1]->str;
		char *opened = NULL;

		err = redis_open_field(db->redis, name, value, &opened);
		if (!err)
			fields_add(f, name, opened ? opened : value);
		seal_cleanse(opened);
	}
	return !err && f->failed ? ENOMEM : err;
}

/* --- one ------------------------------------------------------------------------ */

static void on_one(void *arg, int err, const redisReply *reply)
{
	struct question *q = arg;
	struct fields f = {0};
	const char *key = "";

	if (!err && reply->type == REDIS_REPLY_ARRAY && reply->elements == 2) {
		key = reply->element[0]->str;
		err = records_fill(q->db, &f, reply->element[1]);
	}
	q->handler.one(q->handler_arg, err, key, &f);
	fields_close(&f);
	drop(q);
}

int records_find(struct records_db *db, const char *account_sid,
                 const char *sid, records_one_h *handler, void *arg)
{
	struct question *q = question(db, on_one, arg);
	char key[KEY_SIZE];
	const char *argv[] = {key, sid};

	if (!q)
		return ENOMEM;
	q->handler.one = handler;
	(void)snprintf(key, sizeof(key), "sids:{%s}", account_sid);
	return ask(q, &records_find_script, 1, 2, argv);
}

int records_get(struct records_db *db, const char *key, records_one_h *handler,
                void *arg)
{
	struct question *q = question(db, on_one, arg);

	if (!q)
		return ENOMEM;
	q->handler.one = handler;
	return ask(q, &records_get_script, 1, 1, &key);
}

/* --- a list of texts ------------------------------------------------------------ */

static void on_texts(void *arg, int err, const redisReply *reply)
{
	struct question *q = arg;
	const char **texts = NULL;
	size_t n = 0;

	if (!err && reply->type != REDIS_REPLY_ARRAY)
		err = EPROTO;
	if (!err && !(texts = calloc(reply->elements + 1, sizeof(*texts))))
		err = ENOMEM;
	for (; !err && n < reply->elements; n++)
		texts[n] = reply->element[n]->str;
	q->handler.texts(q->handler_arg, err, texts, n);
	free(texts);
	drop(q);
}

int records_texts(struct records_db *db, const char *key, size_t from, size_t n,
                  records_texts_h *handler, void *arg)
{
	struct question *q = question(db, on_texts, arg);
	int err;

	if (!q)
		return ENOMEM;
	q->handler.texts = handler;
	err = redis_command(db->redis, q->on_reply, q, "LRANGE %s %llu %llu",
	                    key, (unsigned long long)from,
	                    (unsigned long long)(from + n - 1));
	if (err)
		drop(q);
	return err;
}

/* --- a change ------------------------------------------------------------------- */

static void on_in_force(void *arg)
{
	struct question *q = arg;

	q->handler.change(q->handler_arg, 0, 0);
	drop(q);
}

/* What happened is told when every process goes by it. */
static void on_change(void *arg, int err, const redisReply *reply)
{
	struct question *q = arg;

	if (!err && reply->type != REDIS_REPLY_INTEGER)
		err = EPROTO;
	if (!err && reply->integer < 0) {
		seen_wait(q->db->seen, (uint64_t)-reply->integer, on_in_force,
		          q);
		return;
	}
	q->handler.change(q->handler_arg, err,
	                  err ? 0 : (uint32_t)reply->integer);
	drop(q);
}

int records_change(struct records_db *db, const struct change *change,
                   records_change_h *handler, void *arg)
{
	const struct change_words *first = &change->conditions;
	const struct change_words *then = &change->commands;
	size_t n = CHANGE_ARGS + first->n + then->n;
	const char **argv = calloc(n, sizeof(*argv));
	char **kept = calloc(then->n + 1, sizeof(*kept));
	struct question *q = NULL;
	int err = ENOMEM;

	if (!argv || !kept || change->failed)
		goto out;
	argv[0] = "config:version";
	argv[1] = "config:changes";
	argv[2] = change->quiet ? "quiet" : "";
	for (size_t i = 0; i < first->n; i++)
		argv[CHANGE_ARGS + i] = first->v[i];
	for (size_t i = 0; i < then->n; i++)
		argv[CHANGE_ARGS + first->n + i] = then->v[i];
	err = records_seal(redis_seal(db->redis), argv + CHANGE_ARGS + first->n,
	                   then->n, kept);
	if (err)
		goto out;
	err = ENOMEM;
	q = question(db, on_change, arg);
	if (!q)
		goto out;
	q->handler.change = handler;
	err = ask(q, &records_change_script, 2, (int)n, argv);
out:
	for (size_t i = 0; kept && i < then->n; i++)
		free(kept[i]);
	free(kept);
	free(argv);
	return err;
}

/* --- anything else ---------------------------------------------------------------- */

static void on_any(void *arg, int err, const redisReply *reply)
{
	struct question *q = arg;

	q->handler.reply(q->handler_arg, err, err ? NULL : reply);
	drop(q);
}

int records_eval(struct records_db *db, struct redis_script *script, int argc,
                 const char *const *argv, records_reply_h *handler, void *arg)
{
	struct question *q = question(db, on_any, arg);

	if (!q)
		return ENOMEM;
	q->handler.reply = handler;
	return ask(q, script, 1, argc, argv);
}

/* --- life ----------------------------------------------------------------------- */

int records_db_alloc(struct records_db **dbp, struct loop *loop,
                     struct redis *redis)
{
	struct records_db *db = calloc(1, sizeof(*db));

	if (!db)
		return ENOMEM;
	db->redis = redis;
	if (seen_alloc(&db->seen, loop, redis)) {
		free(db);
		return ENOMEM;
	}
	*dbp = db;
	return 0;
}

void records_db_free(struct records_db *db)
{
	if (!db)
		return;
	seen_free(db->seen);
	while (db->open) {
		struct question *q = db->open;

		redis_cancel(db->redis, q);
		q->on_reply(q, ECANCELED, NULL);
	}
	free(db);
}
