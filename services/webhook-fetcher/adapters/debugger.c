/*
 * debugger.c - alerts, told to the webhook of their account
 */
#include "adapters/debugger.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/callbacks.h"
#include "loop/loop.h"
#include "store/redis.h"

enum { SOON_MS = 20 };

static const char key_prefix[] = "debugger-";

struct debugger {
	struct redis *redis;         /* borrowed */
	struct callbacks *callbacks; /* borrowed */
	struct timer *timer;
};

/* alerts, callbacks, debugger; how many at a time, how many may wait. {alerts
 * looked at, callbacks made}. The first time it only learns where the end is. */
static struct redis_script pass_script = {
	.source =
		"local at = redis.call('GET', KEYS[3])\n"
		"if not at then\n"
		"  local last = redis.call('XREVRANGE', KEYS[1], '+', '-', "
		"'COUNT', 1)[1]\n"
		"  redis.call('SET', KEYS[3], last and last[1] or '0-0')\n"
		"  return {0, 0}\n"
		"end\n"
		"if redis.call('XLEN', KEYS[2]) > tonumber(ARGV[2]) then "
		"return {0, 0} end\n"
		"local part = redis.call('XRANGE', KEYS[1], '(' .. at, '+', "
		"'COUNT', ARGV[1])\n"
		"local made, urls = 0, {}\n"
		/* who is told: url, account that signs, owner */
		"local function webhook(sid)\n"
		"  if urls[sid] then return unpack(urls[sid]) end\n"
		"  local function look(account)\n"
		"    return unpack(redis.call('HMGET', 'account:' .. account, "
		"'debugger_url', 'owner_account_sid'))\n"
		"  end\n"
		"  local url, owner = look(sid)\n"
		"  local signs = sid\n"
		"  if owner == sid then owner = '' end\n"
		"  if (not url or url == '') and owner and owner ~= '' then\n"
		"    url, signs = look(owner), owner\n"
		"  end\n"
		"  urls[sid] = {url or '', signs, owner or ''}\n"
		"  return unpack(urls[sid])\n"
		"end\n"
		"local function escape(s)\n"
		"  return (string.gsub(s, '[^%w%-%._]', function(c)\n"
		"    return string.format('%%%02X', string.byte(c)) end))\n"
		"end\n"
		"local function or_null(s)\n"
		"  return s and s ~= '' and s or cjson.null\n"
		"end\n"
		"local function bare(url)\n"
		"  url = string.gsub(url, '%*%*%*@', '', 1)\n"
		"  return string.match(url, '^[^?#]*')\n"
		"end\n"
		/* the latest request of that URL, as the inspector has it */
		"local function request_of(v)\n"
		"  if v.call_sid == '' or v.url == '' then return end\n"
		"  for _, text in ipairs(redis.call('LRANGE', 'request:' .. "
		"v.call_sid, 0, 9)) do\n"
		"    local well, r = pcall(cjson.decode, text)\n"
		"    if well and r.url and bare(r.url) == bare(v.url) then "
		"return r end\n"
		"  end\n"
		"end\n"
		"local function payload(v, r)\n"
		"  local out = {resource_sid = or_null(v.call_sid), "
		"service_sid = cjson.null, error_code = v.code,\n"
		"    more_info = {Msg = v.text, ErrorCode = v.code, "
		"LogLevel = string.upper(v.level)},\n"
		"    webhook = cjson.null}\n"
		"  if v.url ~= '' then out.more_info.url = v.url end\n"
		"  if v.status ~= '' then out.more_info.httpResponse = "
		"v.status end\n"
		"  if v.source ~= '' then out.more_info.source = v.source "
		"end\n"
		"  if r then out.webhook = {type = 'application/json',\n"
		"    request = {url = r.url, method = r.method, headers = "
		"r.request_headers, parameters = r.params},\n"
		"    response = {status_code = r.status, headers = "
		"r.response_headers, body = r.body}} end\n"
		"  return cjson.encode(out)\n"
		"end\n"
		"for _, e in ipairs(part) do\n"
		"  local v = {}\n"
		"  for i = 1, #e[2], 2 do v[e[2][i]] = e[2][i + 1] end\n"
		"  local url, signs, owner = '', '', ''\n"
		"  if v.account_sid ~= '' then url, signs, owner = "
		"webhook(v.account_sid) end\n"
		"  if url ~= '' then\n"
		"    local ms, seq = string.match(e[1], '(%d+)-(%d+)')\n"
		"    local body = {}\n"
		"    local function say(name, value)\n"
		"      body[#body + 1] = name .. '=' .. escape(value)\n"
		"    end\n"
		"    say('AccountSid', v.account_sid)\n"
		"    say('Level', v.level == 'error' and 'ERROR' or "
		"'WARNING')\n"
		"    say('ParentAccountSid', owner)\n"
		"    local text = payload(v, request_of(v))\n"
		"    if #text > 20000 then text = payload(v) end\n"
		"    say('Payload', text)\n"
		"    say('PayloadType', 'application/json')\n"
		"    say('Sid', string.format('NO%016x%016x', ms, seq))\n"
		"    say('Timestamp', v.time)\n"
		"    redis.call('XADD', KEYS[2], '*', 'account_sid', signs, "
		"'call_sid', '', 'method', 'POST', 'url', url,\n"
		"      'body', table.concat(body, '&'), 'key', 'debugger-' .. "
		"e[1])\n"
		"    made = made + 1\n"
		"  end\n"
		"  at = e[1]\n"
		"end\n"
		"if #part > 0 then redis.call('SET', KEYS[3], at) end\n"
		"return {#part, made}\n",
};

static void on_passed(void *arg, int err, const redisReply *reply)
{
	struct debugger *d = arg;

	if (err || reply->type != REDIS_REPLY_ARRAY || reply->elements != 2)
		return;
	if (redis_number_at(reply, 1) > 0)
		callbacks_look(d->callbacks);
	if (redis_number_at(reply, 0) == DEBUGGER_BATCH)
		timer_start(d->timer, SOON_MS);
}

static void on_timer(void *arg)
{
	struct debugger *d = arg;
	char batch[12], max[12];
	const char *argv[] = {"alerts", "callbacks", "debugger", batch, max};

	timer_start(d->timer, DEBUGGER_EVERY_MS);
	if (!redis_up(d->redis))
		return;
	(void)snprintf(batch, sizeof(batch), "%d", (int)DEBUGGER_BATCH);
	(void)snprintf(max, sizeof(max), "%d", (int)DEBUGGER_MAX);
	(void)redis_eval(d->redis, &pass_script, on_passed, d, 3, 5, argv,
	                 NULL);
}

bool debugger_is_ours(const char *key)
{
	return strncmp(key, key_prefix, sizeof(key_prefix) - 1) == 0;
}

int debugger_alloc(struct debugger **dp, struct loop *loop, struct redis *redis,
                   struct callbacks *callbacks)
{
	struct debugger *d = calloc(1, sizeof(*d));

	if (!d)
		return ENOMEM;
	d->redis = redis;
	d->callbacks = callbacks;
	if (timer_alloc(&d->timer, loop, on_timer, d)) {
		free(d);
		return ENOMEM;
	}
	timer_start(d->timer, DEBUGGER_EVERY_MS);
	*dp = d;
	return 0;
}

void debugger_free(struct debugger *d)
{
	if (!d)
		return;
	redis_cancel(d->redis, d);
	timer_free(d->timer);
	free(d);
}
