/*
 * prune.c - what is older than it shall be: calls in the list of their account
 *           whose records are gone, alerts
 *
 * A record goes by itself, some days after its call (store.c). Its place in
 * `calls:{AC…}` goes as long after it was made, which is a little before.
 */
#include "prune.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "app.h"
#include "loop/loop.h"
#include "store.h"
#include "store/redis.h"

enum { FIRST_MS = 5000 };
enum { EVERY_MS = 10 * 60 * 1000 };
enum { LIST_LONGER_S = 24 * 3600 }; /* of an account that is no more */

struct prune {
	struct app *app; /* borrowed */
	struct timer *timer;
};

static void prune_alerts(const struct prune *p, const char *key)
{
	unsigned long long keep_ms =
		p->app->settings->alerts_days * 24ULL * 3600 * 1000;

	(void)redis_command(p->app->redis, NULL, NULL, "XTRIM %s MINID %llu",
	                    key, loop_wall_ms() - keep_ms);
}

static void on_accounts(void *arg, int err, const redisReply *reply)
{
	struct prune *p = arg;
	struct redis *redis = p->app->redis;
	unsigned long long keep_s = store_keep_s(p->app);
	unsigned long long now = loop_wall_ms();
	char alerts[STORE_KEY_MAX];

	if (err || reply->type != REDIS_REPLY_ARRAY)
		return;
	for (size_t i = 0; i < reply->elements; i++) {
		const char *sid = reply->element[i]->str;

		(void)redis_command(redis, NULL, NULL,
		                    "ZREMRANGEBYSCORE calls:{%s} -inf (%llu",
		                    sid, now - keep_s * 1000);
		(void)redis_command(redis, NULL, NULL, "EXPIRE calls:{%s} %llu",
		                    sid, keep_s + LIST_LONGER_S);
		(void)snprintf(alerts, sizeof(alerts), "alerts:{%.34s}", sid);
		prune_alerts(p, alerts);
	}
}

static void prune(void *arg)
{
	struct prune *p = arg;

	(void)redis_command(p->app->redis, on_accounts, p, "SMEMBERS accounts");
	prune_alerts(p, "alerts");
	timer_start(p->timer, EVERY_MS);
}

int prune_alloc(struct prune **pp, struct app *app)
{
	struct prune *p = calloc(1, sizeof(*p));
	int err = ENOMEM;

	if (!p)
		return ENOMEM;
	p->app = app;
	err = timer_alloc(&p->timer, app->loop, prune, p);
	if (err) {
		free(p);
		return err;
	}
	timer_start(p->timer, FIRST_MS);
	*pp = p;
	return 0;
}

void prune_free(struct prune *p)
{
	if (!p)
		return;
	redis_cancel(p->app->redis, p);
	timer_free(p->timer);
	free(p);
}
