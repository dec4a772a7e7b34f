/*
 * cookie_store.c - the cookies of a call in Redis
 */
#include "adapters/cookie_store.h"

#include <string.h>

#include "core/cookies.h"
#include "loop/loop.h"
#include "store/redis.h"

void cookie_store_add(struct redis *redis, const char *scope, const char *host,
                      const char *set_cookie)
{
	if (strlen(set_cookie) > COOKIES_SIZE_MAX ||
	    redis_command(redis, NULL, NULL, "RPUSH cookies:%s %s\n%s", scope,
	                  host, set_cookie) != 0)
		return;
	(void)redis_command(redis, NULL, NULL, "LTRIM cookies:%s %d -1", scope,
	                    -COOKIE_STORE_MAX);
	(void)redis_command(redis, NULL, NULL, "EXPIRE cookies:%s %d", scope,
	                    COOKIES_KEPT_MS / 1000);
}

/* "host\nset-cookie", in the order in which they came */
static void take(const struct cookie_store_read *r, char *entry)
{
	char *set_cookie = strchr(entry, '\n');

	if (!set_cookie)
		return;
	*set_cookie++ = '\0';
	cookies_restore(r->cookies, r->scope, entry, set_cookie, loop_now_ms());
}

static void on_entries(void *arg, int err, const redisReply *reply)
{
	struct cookie_store_read *r = arg;

	if (!err && reply->type == REDIS_REPLY_ARRAY) {
		cookies_open(r->cookies, r->scope, loop_now_ms());
		for (size_t i = 0; i < reply->elements; i++) {
			if (reply->element[i]->type == REDIS_REPLY_STRING)
				take(r, reply->element[i]->str);
		}
	}
	r->handler(r->arg);
}

int cookie_store_read(struct cookie_store_read *r)
{
	return redis_command(r->redis, on_entries, r, "LRANGE cookies:%s 0 -1",
	                     r->scope);
}
