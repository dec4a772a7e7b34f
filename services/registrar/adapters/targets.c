/*
 * targets.c - the devices of an AoR, for a call: one read of Redis
 */
#include "adapters/targets.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/json.h"
#include "base/log.h"
#include "loop/loop.h"
#include "store/redis.h"

struct search {
	const struct log *log; /* borrowed */
	targets_h *handler;
	void *arg;
	char aor[AOR_TEXT_SIZE];
};

static int by_age(const void *a, const void *b)
{
	const struct target *x = a, *y = b;

	return strcmp(y->registered_at, x->registered_at);
}

/* Is it no hash at all? Then it has no bindings. */
static bool is_wrong(int err, const redisReply *reply)
{
	return err == EPROTO && reply &&
	       strncmp(reply->str, "WRONGTYPE", 9) == 0;
}

static void on_hash(void *arg, int err, const redisReply *reply)
{
	struct search *s = arg;
	uint64_t now_ms = loop_wall_ms();
	struct target targets[TARGETS_MAX];
	struct json_t *json[TARGETS_MAX];
	struct log by_aor = {s->log, "aor", s->aor};
	bool bad = is_wrong(err, reply), ended;
	size_t n = 0;

	if (bad)
		err = 0;
	else if (!err && reply->type != REDIS_REPLY_ARRAY)
		err = EPROTO;
	for (size_t i = 1; !err && i < reply->elements && n < TARGETS_MAX;
	     i += 2) {
		const redisReply *value = reply->element[i];

		json[n] = json_open_target(value->str, value->len, now_ms,
		                           &targets[n], &ended);
		if (json[n])
			n++;
		else
			bad = bad || !ended;
	}
	if (bad)
		log_error(&by_aor, "what is no binding is left out");
	qsort(targets, n, sizeof(targets[0]), by_age);
	s->handler(s->arg, err, targets, n);
	for (size_t i = 0; i < n; i++)
		json_close(json[i]);
	free(s);
}

int targets_find(struct redis *redis, const struct log *log,
                 const struct aor *aor, targets_h *handler, void *arg)
{
	struct search *s = malloc(sizeof(*s));
	int err;

	if (!s)
		return ENOMEM;
	*s = (struct search){log, handler, arg, ""};
	aor_text(aor, s->aor);
	err = redis_command(redis, on_hash, s, "HGETALL aor:{%s}", s->aor);
	if (err)
		free(s);
	return err;
}
