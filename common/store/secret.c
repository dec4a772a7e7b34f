/*
 * secret.c - the installation's HMAC key
 *
 *     ASKING ──GET──► known: KNOWN ──every KEEP_MS, when Redis is back──► SET NX
 *       ▲  └────────► absent: SET NX a random one, ask again
 *       └─ every RETRY_MS while Redis is away
 *
 * Who starts after Redis lost its data must find the secret of those that run:
 * what they signed would mean nothing to it.
 */
#include "store/secret.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "loop/loop.h"
#include "store/redis.h"
#include "store/seal.h"

enum { RETRY_MS = 100, KEEP_MS = 2000, HEX_SIZE = 2 * SECRET_SIZE + 1 };

struct secret {
	struct redis *redis; /* borrowed */
	struct timer *retry;
	void (*ready)(void *arg);
	void *arg;
	bool known;
	unsigned char bytes[SECRET_SIZE];
};

static bool from_hex(const char *hex, unsigned char *out)
{
	if (strlen(hex) != HEX_SIZE - 1)
		return false;
	for (size_t i = 0; i < SECRET_SIZE; i++) {
		char pair[3] = {hex[2 * i], hex[2 * i + 1], '\0'}, *end;

		out[i] = (unsigned char)strtoul(pair, &end, 16);
		if (end != pair + 2)
			return false;
	}
	return true;
}

/* Unless there is one. */
static void put(struct secret *s, const unsigned char bytes[SECRET_SIZE])
{
	char hex[HEX_SIZE], *sealed = NULL;

	for (size_t i = 0; i < SECRET_SIZE; i++)
		(void)snprintf(hex + 2 * i, 3, "%02x", bytes[i]);
	if (!redis_seal_field(s->redis, "password", hex, &sealed))
		(void)redis_command(s->redis, NULL, NULL, "SET secret %s NX",
		                    sealed ? sealed : hex);
	free(sealed);
	explicit_bzero(hex, sizeof(hex));
}

static void make(struct secret *s)
{
	unsigned char random[SECRET_SIZE];

	if (getrandom(random, sizeof(random), 0) == sizeof(random))
		put(s, random);
}

/* @return whether it is known now */
static bool take(struct secret *s, const char *value)
{
	char *opened = NULL;
	bool known = !redis_open_field(s->redis, "password", value, &opened) &&
	             from_hex(opened ? opened : value, s->bytes);

	seal_cleanse(opened);
	return known;
}

static void on_reply(void *arg, int err, const redisReply *reply)
{
	struct secret *s = arg;

	if (!err && reply->type == REDIS_REPLY_STRING && take(s, reply->str)) {
		s->known = true;
		timer_start(s->retry, KEEP_MS);
		if (s->ready)
			s->ready(s->arg);
		return;
	}
	if (!err && reply->type == REDIS_REPLY_NIL)
		make(s);
	timer_start(s->retry, RETRY_MS);
}

static void ask(void *arg)
{
	struct secret *s = arg;

	if (s->known) {
		put(s, s->bytes);
		timer_start(s->retry, KEEP_MS);
	} else if (redis_command(s->redis, on_reply, s, "GET secret")) {
		timer_start(s->retry, RETRY_MS);
	}
}

static void on_up(void *arg)
{
	struct secret *s = arg;

	if (s->known)
		put(s, s->bytes);
}

int secret_alloc(struct secret **sp, struct loop *loop, struct redis *redis,
                 void (*ready)(void *arg), void *arg)
{
	struct secret *s = calloc(1, sizeof(*s));
	int err = ENOMEM;

	if (!s)
		goto out;
	s->redis = redis;
	s->ready = ready;
	s->arg = arg;
	err = timer_alloc(&s->retry, loop, ask, s);
	if (err)
		goto out;
	timer_start(s->retry, 0);
	redis_on_up(redis, on_up, s);
out:
	if (err)
		secret_free(s);
	else
		*sp = s;
	return err;
}

void secret_free(struct secret *s)
{
	if (!s)
		return;
	redis_cancel(s->redis, s);
	timer_free(s->retry);
	explicit_bzero(s->bytes, sizeof(s->bytes));
	free(s);
}

const unsigned char *secret_bytes(const struct secret *s)
{
	return s->known ? s->bytes : NULL;
}
