/*
 * removal.c - bindings are taken away by others than their phones
 */
#include "adapters/removal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "adapters/index.h"
#include "adapters/location.h"
#include "adapters/script.h"
#include "core/aor.h"
#include "core/binding.h"
#include "store/redis.h"

enum { LEFT_MAX = 2 * BINDINGS_MAX }; /* some more may be there: asserted */

struct removal {
	struct redis *redis; /* borrowed, as the location */
	struct location *location;
	removal_h *handler;
	void *arg;
	char aor[AOR_TEXT_SIZE];
};

static struct redis_script script;

/* {how many, field of each that is left …} */
static size_t take(const struct removal *r, const redisReply *reply)
{
	const char *left[LEFT_MAX] = {NULL};
	size_t n = 0;

	for (size_t i = 1; i < reply->elements && n < LEFT_MAX; i++)
		left[n++] = reply->element[i]->str;
	location_keep(r->location, r->aor, left, n);
	if (n == 0)
		index_write(r->redis, r->aor, 0, false);
	return (size_t)reply->element[0]->integer;
}

static void on_removed(void *arg, int err, const redisReply *reply)
{
	struct removal *r = arg;

	if (!err && (reply->type != REDIS_REPLY_ARRAY || reply->elements < 1))
		err = EPROTO;
	r->handler(r->arg, err, err ? 0 : take(r, reply));
	free(r);
}

int removal_start(struct redis *redis, struct location *location,
                  const char *const aor_and_sid[2], removal_h *handler,
                  void *arg)
{
	struct removal *r = malloc(sizeof(*r));
	char key[AOR_TEXT_SIZE + 8];
	const char *argv[] = {key, aor_and_sid[0], aor_and_sid[1]};
	int err;

	if (!r)
		return ENOMEM;
	*r = (struct removal){redis, location, handler, arg, ""};
	(void)snprintf(r->aor, sizeof(r->aor), "%s", aor_and_sid[0]);
	(void)snprintf(key, sizeof(key), "aor:{%s}", r->aor);
	script.source = script_remove;
	err = redis_eval(redis, &script, on_removed, r, 1, 3, argv, NULL);
	if (err)
		free(r);
	return err;
}
