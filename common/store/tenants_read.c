/*
 * tenants_read.c - the configuration is read whole: at the start, and when what
 *                  changed is not known
 *
 * Family by family: some hundred names of its set, then their hashes, until the set
 * is at its end. So the other commands of the process are never behind more than
 * these. What changes meanwhile may be in it or not: those changes are newer than
 * the version it is read for, so they are read after it.
 */
#include "store/tenants_impl.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "loop/loop.h"
#include "store/redis.h"
#include "store/seal.h"

enum { NAMES_AT_ONCE = 250, FREED_AT_ONCE = 1000 };

const struct tenants_family tenants_families[FAMILY_COUNT] = {
	[FAMILY_ACCOUNT] = {"accounts", "account:"},
	[FAMILY_DOMAIN] = {"domains", "domain:"},
	[FAMILY_ACCESS_LIST] = {"access-lists", "access-list:"},
	[FAMILY_NUMBER] = {"numbers", "number:"},
	[FAMILY_CARRIER] = {"carriers", "carrier:"},
	[FAMILY_PERMISSIONS] = {"dialing-permissions", "dialing-permissions:"},
	[FAMILY_APPLICATION] = {"applications", "application:"},
	[FAMILY_CALLER_ID] = {"caller-ids", "caller-id:"},
	[FAMILY_RATES] = {"rates", "rates:"},
};

/* --- one record ------------------------------------------------------------------ */

/* Put the text of what is sealed in its place. */
static int open_values(struct tenants *t, struct record *record,
                       const char *values[], char *opened[])
{
	int err = 0;

	for (size_t i = 0; i < record->n && !err; i++) {
		err = redis_open_field(t->redis, record->names[i], values[i],
		                       &opened[i]);
		if (opened[i])
			values[i] = opened[i];
	}
	return err;
}

static int put(struct tenants *t, struct snapshot *into, enum family family,
               const char *name, const struct record *record)
{
	static const struct record none = {.n = 0};
	int err = snapshot_put(into, family, name, record);

	if (!err || err == ENOMEM)
		return err;
	log_error(t->log,
	          "a record in `%s` is wrong and left out: %s. Load the "
	          "tenants file again",
	          tenants_families[family].set, name);
	return snapshot_put(into, family, name, &none);
}

int tenants_take(struct tenants *t, struct snapshot *into, enum family family,
                 const char *name, const redisReply *hash)
{
	const char *names[RECORD_FIELDS_MAX], *values[RECORD_FIELDS_MAX];
	char *opened[RECORD_FIELDS_MAX] = {NULL};
	struct record record = {.names = names, .values = values};
	int err;

	for (size_t i = 0;
	     i + 1 < hash->elements && record.n < RECORD_FIELDS_MAX; i += 2) {
		names[record.n] = hash->element[i]->str;
		values[record.n++] = hash->element[i + 1]->str;
	}
	err = open_values(t, &record, values, opened);
	/* An account without its token would be a wrong one. */
	if (err == EACCES && family != FAMILY_ACCOUNT) {
		log_error(t->log,
		          "a record in `%s` can not be opened and is left "
		          "out: %s",
		          tenants_families[family].set, name);
		record.n = 0;
		err = 0;
	}
	if (!err)
		err = put(t, into, family, name, &record);
	for (size_t i = 0; i < RECORD_FIELDS_MAX; i++)
		seal_cleanse(opened[i]); /* NULL: the field is not sealed */
	return err;
}

/* --- all of them ------------------------------------------------------------------ */

static void ask_names(struct tenants *t);

void tenants_sweep(void *arg)
{
	struct tenants *t = arg;

	if (t->old && !snapshot_free_some(t->old, FREED_AT_ONCE))
		timer_start(t->sweep, 0);
	else
		t->old = NULL;
}

static void put_aside(struct tenants *t, struct snapshot *s)
{
	snapshot_free(t->old); /* seldom: it had time to go */
	t->old = s;
	timer_start(t->sweep, 0);
}

static void end_reading(struct tenants *t)
{
	struct snapshot *next = t->next;
	char *version = t->next_version;

	t->next = NULL;
	t->next_version = NULL;
	if (!t->failed) {
		put_aside(t, t->now);
		t->now = next;
		log_info(t->log, "configuration version %s read", version);
		tenants_go_by(t, version);
		timer_start(t->poll, t->again ? 0 : TENANTS_POLL_MS);
	} else {
		put_aside(t, next);
		free(version);
		timer_start(t->poll,
		            t->locked ? TENANTS_POLL_MS : TENANTS_RETRY_MS);
	}
	t->again = false;
}

/* The replies to what was asked last are there. */
static void go_on(struct tenants *t)
{
	bool next = strcmp(t->cursor, "0") == 0; /* this set is at its end */

	if (t->failed || (next && t->family + 1 == FAMILY_COUNT)) {
		end_reading(t);
		return;
	}
	t->family += next;
	ask_names(t);
}

static void reply_done(struct tenants *t)
{
	if (--t->open == 0)
		go_on(t);
}

static void drop(struct tenants_asked *a)
{
	TAILQ_REMOVE(&a->tenants->asked, a, link);
	free(a);
}

void tenants_forget_asked(struct tenants *t)
{
	struct tenants_asked *a, *next;

	for (a = TAILQ_FIRST(&t->asked); a; a = next) {
		next = TAILQ_NEXT(a, link);
		redis_cancel(t->redis, a);
		free(a);
	}
	TAILQ_INIT(&t->asked);
}

static void on_record(void *arg, int err, const redisReply *reply)
{
	struct tenants_asked *a = arg;
	struct tenants *t = a->tenants;

	if (!err && reply->type != REDIS_REPLY_ARRAY)
		err = EPROTO;
	if (!err)
		err = tenants_take(t, t->next, t->family, a->name, reply);
	t->failed = t->failed || err;
	t->locked = t->locked || err == EACCES;
	drop(a);
	reply_done(t);
}

static void ask_record(struct tenants *t, const char *name, size_t len)
{
	struct tenants_asked *a = calloc(1, sizeof(*a) + len + 1);

	if (!a) {
		t->failed = true;
		return;
	}
	a->tenants = t;
	memcpy(a->name, name, len);
	TAILQ_INSERT_TAIL(&t->asked, a, link);
	if (redis_command(t->redis, on_record, a, "HGETALL %s%s",
	                  tenants_families[t->family].prefix, a->name)) {
		t->failed = true;
		drop(a);
	} else {
		t->open++;
	}
}

static void on_names(void *arg, int err, const redisReply *reply)
{
	struct tenants *t = arg;
	const redisReply *names;

	if (err || reply->type != REDIS_REPLY_ARRAY || reply->elements != 2) {
		t->failed = true;
		reply_done(t);
		return;
	}
	(void)snprintf(t->cursor, sizeof(t->cursor), "%s",
	               reply->element[0]->str);
	names = reply->element[1];
	for (size_t i = 0; i < names->elements && !t->failed; i++)
		ask_record(t, names->element[i]->str, names->element[i]->len);
	reply_done(t);
}

static void ask_names(struct tenants *t)
{
	t->open = 1;
	if (redis_command(t->redis, on_names, t, "SSCAN %s %s COUNT %d",
	                  tenants_families[t->family].set, t->cursor,
	                  (int)NAMES_AT_ONCE)) {
		t->failed = true;
		reply_done(t);
	}
}

void tenants_read(struct tenants *t, const char *version)
{
	t->failed = t->locked = false;
	t->family = 0;
	(void)snprintf(t->cursor, sizeof(t->cursor), "0");
	t->next_version = strdup(version);
	if (!t->next_version || snapshot_alloc(&t->next)) {
		free(t->next_version);
		t->next_version = NULL;
		timer_start(t->poll, TENANTS_RETRY_MS);
		return;
	}
	ask_names(t);
}
