/*
 * forget.c - the record of a call is deleted
 */
#include "forget.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "app.h"
#include "ask.h"
#include "control.h"
#include "store.h"
#include "store/redis.h"

struct forget {
	struct ask ask;
	struct bus_return from;
};

/* ARGV: account_sid sid. What is deleted is in no list any more. */
static struct redis_script forget_script = {
	.source =
		"local c = redis.call('HMGET', KEYS[1], 'account_sid',\n"
		"                     'status', 'parent_call_sid')\n"
		"if c[1] ~= ARGV[1] then return 'none' end\n"
		"for _, s in ipairs({'queued', 'ringing', 'in-progress'}) do\n"
		"  if c[2] == s then return 'live' end\n"
		"end\n"
		"redis.call('DEL', KEYS[1], KEYS[2])\n"
		"redis.call('ZREM', KEYS[3], ARGV[2])\n"
		"if c[3] and c[3] ~= '' then\n"
		"  redis.call('SREM', 'call:{' .. c[3] .. '}:children',\n"
		"             ARGV[2])\n"
		"end\n"
		"return 'done'\n",
};

static void on_forgotten(void *arg, int err, const redisReply *reply)
{
	struct forget *f = arg;
	struct app *app = f->ask.app;
	const char *result =
		!err && reply->type == REDIS_REPLY_STRING ? reply->str : "";

	if (strcmp(result, "done") == 0)
		control_done(app, &f->from, f->ask.call_sid, "");
	else if (strcmp(result, "none") == 0)
		control_refuse(app, &f->from, 20404, "there is no such call",
		               "");
	else if (strcmp(result, "live") == 0)
		control_refuse(app, &f->from, 20009,
		               "the call has not ended: it can not be deleted",
		               "");
	else
		bus_refuse(app->bus, &f->from,
		           TRESTLE__REFUSAL__REASON__UNAVAILABLE,
		           "Redis does not answer");
	ask_free(&f->ask);
}

void forget_on_request(struct app *app, const struct bus_return *from,
                       const Trestle__CallDelete *request)
{
	struct forget *f = ask_alloc(app, sizeof(*f), request->call_sid);
	char call[STORE_KEY_MAX], children[STORE_KEY_MAX], calls[STORE_KEY_MAX];
	const char *argv[] = {call, children, calls, request->account_sid,
	                      request->call_sid};

	if (!f) {
		bus_refuse(app->bus, from, TRESTLE__REFUSAL__REASON__OVERLOADED,
		           "out of memory");
		return;
	}
	f->from = *from;
	(void)snprintf(call, sizeof(call), "call:{%s}", request->call_sid);
	(void)snprintf(children, sizeof(children), "call:{%s}:children",
	               request->call_sid);
	(void)snprintf(calls, sizeof(calls), "calls:{%s}",
	               request->account_sid);
	if (redis_eval(app->redis, &forget_script, on_forgotten, f, 3, 5, argv,
	               NULL))
		on_forgotten(f, ENOTCONN, NULL);
}
