/*
 * credential.c - one user of a credential list, with a short cache
 *
 * A cache entry is one (list, realm, username), found or not. Entries stand in
 * a hash and in a list by age of use; the oldest goes when the cache is full,
 * all go when the configuration changes.
 *
 * A Redis that came back empty lacks every user. So before a user is said to be
 * in none of the lists Redis is asked whether there is a configuration at all;
 * what it said before a change of the configuration is not believed after it.
 */
#include "store/credential.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "loop/loop.h"
#include "store/redis.h"
#include "store/seal.h"

enum { KEY_SIZE = 420, SID_TEXT_MAX = 40, REALM_MAX = 255, LISTS_MAX = 100 };

struct entry {
	struct hash_entry by_key;
	struct entry *newer, *older;
	uint64_t read_at; /* monotonic [ms] */
	struct credential credential;
	char key[];
};

/* A question that Redis has to answer */
struct question {
	struct question *next;
	struct credentials *owner;
	credential_h *handler;
	void *arg;
	uint64_t changes;     /* that were known when the asking began */
	size_t list, n_lists; /* where in `lists` the asking is */
	char (*lists)[SID_TEXT_MAX];
	char username[CREDENTIAL_USERNAME_MAX + 1];
	char realm[REALM_MAX + 1];
};

struct credentials {
	struct redis *redis; /* borrowed */
	uint64_t changes;    /* of the configuration, so far */
	struct hash entries;
	struct entry *newest, *oldest;
	struct question *open;
};

/* ---- the cache ------------------------------------------------------- */

static void unlink_entry(struct credentials *c, struct entry *e)
{
	*(e->newer ? &e->newer->older : &c->newest) = e->older;
	*(e->older ? &e->older->newer : &c->oldest) = e->newer;
}

static void push_newest(struct credentials *c, struct entry *e)
{
	e->newer = NULL;
	e->older = c->newest;
	*(c->newest ? &c->newest->newer : &c->oldest) = e;
	c->newest = e;
}

static void drop(struct credentials *c, struct entry *e)
{
	hash_remove(&c->entries, &e->by_key);
	unlink_entry(c, e);
	explicit_bzero(&e->credential, sizeof(e->credential));
	free(e);
}

static void empty(void *arg, const char *payload)
{
	struct credentials *c = arg;

	(void)payload;
	c->changes++;
	while (c->oldest)
		drop(c, c->oldest);
}

static void make_key(const struct question *q, char key[KEY_SIZE])
{
	(void)snprintf(key, KEY_SIZE, "%s %s %s", q->lists[q->list], q->realm,
	               q->username);
}

static const struct credential *look_up(struct credentials *c, const char *key)
{
	struct hash_entry *found = hash_find(&c->entries, key);
	struct entry *e;

	if (!found)
		return NULL;
	e = hash_object(found, struct entry, by_key);
	if (loop_now_ms() - e->read_at > CREDENTIAL_CACHE_S * 1000ULL &&
	    redis_up(c->redis)) {
		drop(c, e);
		return NULL;
	}
	unlink_entry(c, e);
	push_newest(c, e);
	return &e->credential;
}

static void keep(struct credentials *c, const char *key,
                 const struct credential *credential)
{
	size_t n = strlen(key) + 1;
	struct entry *e = malloc(sizeof(*e) + n);

	if (!e) /* then the next one asks Redis again */
		return;
	if (c->entries.n >= CREDENTIAL_CACHE_MAX)
		drop(c, c->oldest);
	memcpy(e->key, key, n);
	e->credential = *credential;
	e->read_at = loop_now_ms();
	hash_add(&c->entries, &e->by_key, e->key);
	push_newest(c, e);
}

/* ---- asking ---------------------------------------------------------- */

static void end_question(struct question *q, int err,
                         const struct credential *credential)
{
	static const struct credential none;
	struct question **at = &q->owner->open;

	while (*at != q)
		at = &(*at)->next;
	*at = q->next;
	q->handler(q->arg, err, credential ? credential : &none);
	free(q->lists);
	free(q);
}

/* One HA1, of @p size - 1 hexadecimal digits. @return 0, ENOMEM or EACCES */
static int take(struct redis *r, char *out, size_t size,
                const redisReply *value)
{
	char *opened = NULL;
	const char *text;
	int err = 0;

	out[0] = '\0';
	if (value->type != REDIS_REPLY_STRING)
		return 0;
	err = redis_open_field(r, "ha1_md5", value->str, &opened);
	text = opened ? opened : value->str;
	if (!err && strlen(text) + 1 == size)
		memcpy(out, text, size);
	seal_cleanse(opened);
	return err;
}

static void proceed(struct question *q);

static void on_reply(void *arg, int err, const redisReply *reply)
{
	struct question *q = arg;
	struct credential found = {0};
	char key[KEY_SIZE];

	if (!err && (reply->type != REDIS_REPLY_ARRAY || reply->elements != 2))
		err = EPROTO;
	if (!err)
		err = take(q->owner->redis, found.md5, sizeof(found.md5),
		           reply->element[0]);
	if (!err)
		err = take(q->owner->redis, found.sha256, sizeof(found.sha256),
		           reply->element[1]);
	if (err) {
		end_question(q, err, NULL);
		return;
	}
	found.found = *found.md5 || *found.sha256;
	make_key(q, key);
	if (q->changes == q->owner->changes)
		keep(q->owner, key, &found);
	if (found.found) {
		end_question(q, 0, &found);
	} else {
		q->list++;
		proceed(q);
	}
	explicit_bzero(&found, sizeof(found));
}

static void begin(struct question *q)
{
	q->changes = q->owner->changes;
	q->list = 0;
	proceed(q);
}

/* Without a configuration, that a list lacks the user means nothing. */
static void forget_missing(struct question *q)
{
	char key[KEY_SIZE];

	for (q->list = 0; q->list < q->n_lists; q->list++) {
		struct hash_entry *found;
		struct entry *e;

		make_key(q, key);
		found = hash_find(&q->owner->entries, key);
		e = found ? hash_object(found, struct entry, by_key) : NULL;
		if (e && !e->credential.found)
			drop(q->owner, e);
	}
}

static void on_configured(void *arg, int err, const redisReply *reply)
{
	struct question *q = arg;

	if (!err && reply->type != REDIS_REPLY_INTEGER)
		err = EPROTO;
	if (!err && reply->integer == 0) {
		forget_missing(q);
		err = ENODATA;
	}
	if (!err && q->changes != q->owner->changes)
		begin(q);
	else
		end_question(q, err, NULL);
}

/* No list has the user, or there are no lists. */
static void end_missing(struct question *q)
{
	int err = 0;

	if (redis_up(q->owner->redis))
		err = redis_command(q->owner->redis, on_configured, q,
		                    "EXISTS config:version");
	else
		end_question(q, 0, NULL); /* as the cache has it */
	if (err)
		end_question(q, err, NULL);
}

static int ask(struct question *q)
{
	char key[KEY_SIZE], md5[REALM_MAX + 8], sha256[REALM_MAX + 8];
	const char *argv[] = {"HMGET", key, md5, sha256};

	(void)snprintf(key, sizeof(key), "credential-list:%s:user:%s",
	               q->lists[q->list], q->username);
	(void)snprintf(md5, sizeof(md5), "md5 %s", q->realm);
	(void)snprintf(sha256, sizeof(sha256), "sha256 %s", q->realm);
	return redis_argv(q->owner->redis, on_reply, q, 4, argv, NULL);
}

/* Go on to the first list that is not known to lack the user. */
static void proceed(struct question *q)
{
	struct credentials *c = q->owner;
	char key[KEY_SIZE];
	int err;

	for (; q->list < q->n_lists; q->list++) {
		const struct credential *known;

		make_key(q, key);
		known = look_up(c, key);
		if (known && known->found) {
			end_question(q, 0, known);
			return;
		}
		if (known)
			continue;
		err = ask(q);
		if (err)
			end_question(q, err, NULL);
		return;
	}
	end_missing(q);
}

/* A copy of @p query, or NULL when memory ran out. */
static struct question *make_question(struct credentials *c,
                                      const struct credential_query *query)
{
	struct question *q = calloc(1, sizeof(*q));

	if (!q)
		return NULL;
	q->lists = calloc(query->n_lists, sizeof(*q->lists));
	if (!q->lists) {
		free(q);
		return NULL;
	}
	for (size_t i = 0; i < query->n_lists; i++)
		(void)snprintf(q->lists[i], SID_TEXT_MAX, "%s",
		               query->lists[i]);
	q->n_lists = query->n_lists;
	(void)snprintf(q->username, sizeof(q->username), "%s", query->username);
	(void)snprintf(q->realm, sizeof(q->realm), "%s", query->realm);
	q->owner = c;
	q->next = c->open;
	c->open = q;
	return q;
}

void credentials_find(struct credentials *c,
                      const struct credential_query *query,
                      credential_h *handler, void *arg)
{
	static const struct credential none;
	struct question *q;

	if (strlen(query->username) > CREDENTIAL_USERNAME_MAX ||
	    strlen(query->realm) > REALM_MAX || query->n_lists == 0 ||
	    query->n_lists > LISTS_MAX) {
		handler(arg, 0, &none); /* no list has such a user */
		return;
	}
	q = make_question(c, query);
	if (!q) {
		handler(arg, ENOMEM, &none);
		return;
	}
	q->handler = handler;
	q->arg = arg;
	begin(q);
}

void credentials_cancel(struct credentials *c, const void *arg)
{
	struct question **at = &c->open;

	while (*at) {
		struct question *q = *at;

		if (q->arg != arg) {
			at = &q->next;
			continue;
		}
		*at = q->next;
		redis_cancel(c->redis, q);
		free(q->lists);
		free(q);
	}
}

int credentials_alloc(struct credentials **cp, struct redis *redis)
{
	struct credentials *c = calloc(1, sizeof(*c));
	int err = ENOMEM;

	if (!c)
		goto out;
	c->redis = redis;
	if (hash_init(&c->entries))
		goto out;
	err = redis_subscribe(redis, "config", empty, c);
out:
	if (err)
		credentials_free(c);
	else
		*cp = c;
	return err;
}

void credentials_free(struct credentials *c)
{
	if (!c)
		return;
	while (c->open)
		credentials_cancel(c, c->open->arg);
	empty(c, NULL);
	hash_close(&c->entries);
	free(c);
}
