/*
 * targets.c - the devices of an AoR, for a call: one read of Redis
 */
#include "adapters/targets.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/json.h"
#include "loop/loop.h"
#include "store/redis.h"

struct search {
	targets_h *handler;
	void *arg;
};

static int by_age(const void *a, const void *b)
{
	const struct target *x = a, *y = b;

	return strcmp(y->registered_at, x->registered_at);
}

static void on_hash(void *arg, int err, const redisReply *reply)
{
	struct search *s = arg;
	uint64_t now_ms = loop_wall_ms();
	struct target targets[TARGETS_MAX];
	struct json_t *json[TARGETS_MAX];
	size_t n = 0;

	if (!err && reply->type != REDIS_REPLY_ARRAY)
		err = EPROTO;
	for (size_t i = 1; !err && i < reply->elements && n < TARGETS_MAX;
	     i += 2) {
		const redisReply *value = reply->element[i];

		json[n] = json_open_target(value->str, value->len, now_ms,
		                           &targets[n]);
		if (json[n])
			n++;
	}
	qsort(targets, n, sizeof(targets[0]), by_age);
	s->handler(s->arg, err, targets, n);
	for (size_t i = 0; i < n; i++)
		json_close(json[i]);
	free(s);
}

int targets_find(struct redis *redis, const struct aor *aor, targets_h *handler,
                 void *arg)
{
	struct search *s = malloc(sizeof(*s));
	char text[AOR_TEXT_SIZE];
	int err;

	if (!s)
		return ENOMEM;
	*s = (struct search){handler, arg};
	aor_text(aor, text);
	err = redis_command(redis, on_hash, s, "HGETALL aor:{%s}", text);
	if (err)
		free(s);
	return err;
}
