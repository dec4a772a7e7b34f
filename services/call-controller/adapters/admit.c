/*
 * admit.c - how many calls an account has at a time, in all processes
 */
#include "admit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "app.h"
#include "store.h"
#include "store/alert.h"
#include "store/rules.h"
#include "store/sure.h"
#include "store/tenants.h"

/* KEYS: account-calls:{AC…} calls:live calls:waiting. ARGV: CallSid, most.
 * Scores are when a member was last known to be right [ms]. Of a full set the twenty
 * are looked at that were not for the longest time, so that it costs the same always
 * and each of them has its turn; a call that began in the last ten seconds need not be
 * live yet. */
static struct redis_script admit_script = {
	.source =
		"local t = redis.call('TIME')\n"
		"local now = t[1] * 1000 + math.floor(t[2] / 1000)\n"
		"if redis.call('ZSCORE', KEYS[1], ARGV[1]) then return 1 end\n"
		"local most = tonumber(ARGV[2])\n"
		"if redis.call('ZCARD', KEYS[1]) >= most then\n"
		"  for _, sid in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1],\n"
		"      '-inf', now - 10000, 'LIMIT', 0, 20)) do\n"
		"    if redis.call('ZSCORE', KEYS[2], sid) or\n"
		"       redis.call('ZSCORE', KEYS[3], sid) then\n"
		"      redis.call('ZADD', KEYS[1], now, sid)\n"
		"    else\n"
		"      redis.call('ZREM', KEYS[1], sid)\n"
		"    end\n"
		"  end\n"
		"  if redis.call('ZCARD', KEYS[1]) >= most then return 0 end\n"
		"end\n"
		"redis.call('ZADD', KEYS[1], now, ARGV[1])\n"
		"redis.call('EXPIRE', KEYS[1], 172800)\n" /* two days */
		"return 1\n",
};

static uint32_t most_of(const struct app *app, const char *account_sid)
{
	return rules_calls_max(tenants_snapshot(app->tenants), account_sid);
}

bool admit_limited(const struct app *app, const char *account_sid)
{
	return most_of(app, account_sid) > 0;
}

static void key_of(const char *account_sid, char key[STORE_KEY_MAX])
{
	(void)snprintf(key, STORE_KEY_MAX, "account-calls:{%s}", account_sid);
}

int admit_ask(struct app *app, const char *account_sid, const char *call_sid,
              redis_reply_h *handler, void *arg)
{
	char key[STORE_KEY_MAX], most[16];
	const char *argv[] = {key, "calls:live", "calls:waiting", call_sid,
	                      most};

	key_of(account_sid, key);
	(void)snprintf(most, sizeof(most), "%u", most_of(app, account_sid));
	return redis_eval(app->redis, &admit_script, handler, arg, 3, 5, argv,
	                  NULL);
}

bool admit_granted(const struct app *app, int err, const redisReply *reply)
{
	if (!err && reply->type == REDIS_REPLY_INTEGER)
		return reply->integer != 0;
	log_warn(&app->log,
	         "a call is let in, however many the account has: %s",
	         err == EPROTO ? reply->str : strerror(err));
	return true;
}

void admit_alert(struct app *app, const char *account_sid,
                 const struct admit_caller *caller)
{
	struct alert alert = {
		.account_sid = account_sid,
		.code = ADMIT_REFUSED,
		.text = ADMIT_TEXT
		": calls_max of the account, five of a trial",
	};

	if (caller && caller->source[0]) {
		alert.source = caller->source;
		alert.user = caller->user;
		alert.domain = caller->domain;
		alert.sip_method = "INVITE";
		alert.sip_status = 503;
	}
	alert_write(app->redis, &app->log, &alert);
}

void admit_leave(struct app *app, const char *account_sid, const char *call_sid)
{
	char key[STORE_KEY_MAX];

	if (!admit_limited(app, account_sid))
		return;
	key_of(account_sid, key);
	sure_argv(app->sure, 3, (const char *[]){"ZREM", key, call_sid});
}
