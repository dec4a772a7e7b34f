/*
 * reseal.c - seal the secrets that Redis holds, with the key of now
 */
#include "reseal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "doom.h"
#include "store.h"
#include "store/seal.h"

static const char swap_field[] =
	"if redis.call('HGET', KEYS[1], ARGV[1]) == ARGV[2] then "
	"redis.call('HSET', KEYS[1], ARGV[1], ARGV[3]) return 1 end return 0";
static const char swap_string[] =
	"if redis.call('GET', KEYS[1]) == ARGV[2] then "
	"redis.call('SET', KEYS[1], ARGV[3]) return 1 end return 0";

struct place {
	const char *script, *key, *field;
};

static int put(struct store *s, const struct place *p, const char *was,
               const char *now, size_t *n)
{
	redisReply *r = store_ask(s, "EVAL %s 1 %s %s %s %s", p->script, p->key,
	                          p->field, was, now);

	if (!r)
		return ENOTCONN;
	*n += (size_t)r->integer;
	freeReplyObject(r);
	return 0;
}

static int renew(struct store *s, const struct place *p, const char *value,
                 size_t *n)
{
	const struct seal *seal = store_seal(s);
	char *opened = NULL, *sealed = NULL;
	int err = seal_open_field(seal, p->field, value, &opened);
	const char *plain = opened ? opened : value;

	if (!err)
		err = seal_field(seal, p->field, plain, &sealed);
	if (!err && (sealed || opened))
		err = put(s, p, value, sealed ? sealed : plain, n);
	seal_cleanse(opened);
	free(sealed);
	return err;
}

static int renew_hash(struct store *s, const char *key, size_t *n)
{
	redisReply *r = store_ask(s, "HGETALL %s", key);
	int err = r ? 0 : ENOTCONN;

	for (size_t i = 0; !err && i + 1 < r->elements; i += 2) {
		const struct place p = {swap_field, key, r->element[i]->str};

		err = renew(s, &p, r->element[i + 1]->str, n);
	}
	if (r)
		freeReplyObject(r);
	return err;
}

static int renew_key(struct store *s, const char *key, size_t *n)
{
	redisReply *r = store_ask(s, "TYPE %s", key);
	int err = r ? 0 : ENOTCONN;
	bool hash = r && strcmp(r->str, "hash") == 0;

	if (r)
		freeReplyObject(r);
	return hash ? renew_hash(s, key, n) : err;
}

/* The installation's HMAC key, a string */
static int renew_secret(struct store *s, size_t *n)
{
	const struct place p = {swap_string, "secret", "password"};
	redisReply *r = store_ask(s, "GET secret");
	int err = r ? 0 : ENOTCONN;

	if (r && r->type == REDIS_REPLY_STRING)
		err = renew(s, &p, r->str, n);
	if (r)
		freeReplyObject(r);
	return err;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int reseal(struct store *s, size_t *n)
{
	struct doom keys = {0};
	int err = doom_all(s, &keys);

	*n = 0;
	/* Some are named twice: by their set and by their account. */
	if (keys.n)
		qsort(keys.v, keys.n, sizeof(*keys.v), by_name);
	for (size_t i = 0; i < keys.n && !err; i++)
		if (i == 0 || strcmp(keys.v[i - 1], keys.v[i]) != 0)
			err = renew_key(s, keys.v[i], n);
	if (!err)
		err = renew_secret(s, n);
	doom_close(&keys);
	return err;
}
