/*
 * platform_expect.c - waits for what a call-controller writes to Redis
 */
#include "platform.h"

#include <stdio.h>
#include <string.h>

#include "loop/loop.h"
#include "store/redis.h"
#include "unit/test.h"

enum { WAIT_MS = 8000 };

struct hget {
	struct platform *p;
	const char *key, *field, *expect;
	char value[512];
	bool asked, known, start;
};

static bool same(const struct hget *h)
{
	if (!h->expect)
		return h->value[0] != 0;
	return h->start ? strncmp(h->value, h->expect, strlen(h->expect)) == 0
	                : strcmp(h->value, h->expect) == 0;
}

static void on_value(void *arg, int err, const redisReply *reply)
{
	struct hget *h = arg;

	h->asked = false;
	h->known = true;
	h->value[0] = 0;
	if (!err && reply->type == REDIS_REPLY_STRING)
		snprintf(h->value, sizeof(h->value), "%s", reply->str);
}

static bool is_as_expected(void *arg)
{
	struct hget *h = arg;

	if (h->asked)
		return false;
	if (h->known && same(h))
		return true;
	h->known = false;
	if (!h->asked)
		h->asked = redis_command(h->p->redis, on_value, h, "HGET %s %s",
		                         h->key, h->field) == 0;
	return false;
}

static void expect(struct hget *h)
{
	bool ok = run_until(h->p->loop, is_as_expected, h, WAIT_MS);

	redis_cancel(h->p->redis, h);
	if (!ok)
		fail_msg("%s %s is \"%s\", not \"%s\"", h->key, h->field,
		         h->value, h->expect ? h->expect : "(anything)");
}

void platform_expect(struct platform *p, const char *key, const char *field,
                     const char *value)
{
	struct hget h = {.p = p,
	                 .key = key,
	                 .field = field,
	                 .expect = value,
	                 .value = "(not asked)"};

	expect(&h);
}

void platform_expect_start(struct platform *p, const char *key,
                           const char *field, const char *start)
{
	struct hget h = {.p = p,
	                 .key = key,
	                 .field = field,
	                 .expect = start,
	                 .value = "(not asked)",
	                 .start = true};

	expect(&h);
}
