/*
 * replies.c - the same question gets the same answer, once
 *
 * Pure: no I/O, no clock, no log.
 */
#include "replies.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <sys/queue.h>

#include "base/hash.h"

struct entry {
	struct hash_entry hash;
	TAILQ_ENTRY(entry) link;
	struct kept kept;
	size_t size;      /* of the reply */
	uint64_t ends_at; /* monotonic [ms]; of one with a reply */
	char key[];
};

struct replies {
	struct hash table;
	TAILQ_HEAD(, entry) order; /* those with a reply, oldest first */
	TAILQ_HEAD(, entry) under_way;
	size_t bytes;
};

int replies_alloc(struct replies **rp)
{
	struct replies *r = calloc(1, sizeof(*r));

	if (!r)
		return ENOMEM;
	TAILQ_INIT(&r->order);
	TAILQ_INIT(&r->under_way);
	if (hash_init(&r->table)) {
		free(r);
		return ENOMEM;
	}
	*rp = r;
	return 0;
}

static void drop(struct replies *r, struct entry *e)
{
	if (e->kept.owner)
		TAILQ_REMOVE(&r->under_way, e, link);
	else
		TAILQ_REMOVE(&r->order, e, link);
	hash_remove(&r->table, &e->hash);
	r->bytes -= e->size;
	free(e->kept.reply);
	free(e);
}

void replies_free(struct replies *r)
{
	if (!r)
		return;
	while (!TAILQ_EMPTY(&r->order))
		drop(r, TAILQ_FIRST(&r->order));
	while (!TAILQ_EMPTY(&r->under_way))
		drop(r, TAILQ_FIRST(&r->under_way));
	hash_close(&r->table);
	free(r);
}

static struct entry *find(const struct replies *r, const char *key)
{
	struct hash_entry *e = hash_find(&r->table, key);

	return e ? hash_object(e, struct entry, hash) : NULL;
}

static void expire(struct replies *r, uint64_t now_ms)
{
	struct entry *e;

	while ((e = TAILQ_FIRST(&r->order)) &&
	       (e->ends_at <= now_ms || r->table.n > REPLIES_MAX ||
	        r->bytes > REPLIES_BYTES_MAX))
		drop(r, e);
}

const struct kept *replies_find(struct replies *r, const char *key,
                                uint64_t now_ms)
{
	struct entry *e;

	expire(r, now_ms);
	e = find(r, key);
	return e ? &e->kept : NULL;
}

int replies_begin(struct replies *r, const char *key, void *owner,
                  uint64_t now_ms)
{
	size_t n = strlen(key) + 1;
	struct entry *e = calloc(1, sizeof(*e) + n);

	if (!e)
		return ENOMEM;
	expire(r, now_ms);
	memcpy(e->key, key, n);
	e->kept.owner = owner;
	hash_add(&r->table, &e->hash, e->key);
	TAILQ_INSERT_TAIL(&r->under_way, e, link);
	return 0;
}

static const char *put(char **to, const char *s)
{
	size_t n = strlen(s) + 1;
	char *at = memcpy(*to, s, n);

	*to += n;
	return at;
}

/* A copy in one block */
static struct reply *copy_reply(const struct reply *from, size_t *size)
{
	struct reply *to;
	char *text;

	*size = sizeof(*to) + strlen(from->content_type) + strlen(from->url) +
	        strlen(from->text) + 3 + from->body_len;
	to = malloc(*size);
	if (!to)
		return NULL;
	*to = *from;
	text = (char *)(to + 1);
	to->content_type = put(&text, from->content_type);
	to->url = put(&text, from->url);
	to->text = put(&text, from->text);
	to->body = from->body_len ? memcpy(text, from->body, from->body_len)
	                          : NULL;
	return to;
}

void replies_end(struct replies *r, const char *key, const struct reply *reply,
                 uint64_t now_ms)
{
	struct entry *e = find(r, key);

	if (!e || !e->kept.owner)
		return;
	e->kept.reply = copy_reply(reply, &e->size);
	if (!e->kept.reply) {
		e->size = 0;
		drop(r, e);
		return;
	}
	TAILQ_REMOVE(&r->under_way, e, link);
	e->kept.owner = NULL;
	e->ends_at = now_ms + REPLIES_KEPT_MS;
	TAILQ_INSERT_TAIL(&r->order, e, link);
	r->bytes += e->size;
	expire(r, now_ms);
}

void replies_forget(struct replies *r, const char *key)
{
	struct entry *e = find(r, key);

	if (e)
		drop(r, e);
}
