/*
 * waiting.c - calls that the API places faster than the account may: they wait
 */
#include "waiting.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "base/service.h"
#include "create.h"
#include "loop/loop.h"
#include "store.h"
#include "store/rules.h"
#include "store/seal.h"
#include "store/tenants.h"
#include "store/time.h"

enum { POLL_MS = 1000 }; /* another process may have put one there */
enum { TAKEN_MAX = 20 }; /* at once */
enum { PACKED_BYTES_MAX = 65536, HEX = 16, DECIMAL = 10 };

/* KEYS: account-pace:{AC…}. ARGV: a call's share [us], the longest wait [us]. The
 * value is when the next one may begin: one after the other, none saved up. */
static struct redis_script pace_script = {
	.source = "local t = redis.call('TIME')\n"
		  "local now = t[1] * 1000000 + t[2]\n"
		  "local at = tonumber(redis.call('GET', KEYS[1]) or '0')\n"
		  "if at < now then at = now end\n"
		  "if at - now > tonumber(ARGV[2]) then return -1 end\n"
		  "local next = at + tonumber(ARGV[1])\n"
		  "redis.call('SET', KEYS[1], string.format('%.0f', next), "
		  "'PX',\n"
		  "  math.ceil((next - now) / 1000) + 1000)\n"
		  "return math.ceil((at - now) / 1000)\n",
};

/* KEYS: call:{CA…} calls:waiting call-create:{CA…} calls:{AC…}. ARGV: sid account_sid
 * from to phone_number_sid, date, now [ms], due [ms], what is needed to begin. */
static struct redis_script put_script = {
	.source = "local s = redis.call('HGET', KEYS[1], 'status')\n"
		  "if s then return s end\n"
		  "redis.call('HSET', KEYS[1], 'sid', ARGV[1], 'account_sid', "
		  "ARGV[2],\n"
		  "  'from', ARGV[3], 'to', ARGV[4], 'phone_number_sid', "
		  "ARGV[5],\n"
		  "  'status', 'queued', 'direction', 'outbound-api',\n"
		  "  'date_created', ARGV[6], 'date_updated', ARGV[6])\n"
		  "redis.call('ZADD', KEYS[4], ARGV[7], ARGV[1])\n"
		  "redis.call('SET', KEYS[3], ARGV[7] .. ' ' .. ARGV[9], 'EX', "
		  "172800)\n"
		  "redis.call('ZADD', KEYS[2], ARGV[8], ARGV[1])\n"
		  "return 1\n",
};

/* KEYS: calls:waiting controller:…:calls. ARGV: now [ms], most, instance. Who takes one
 * owns it, so that it is written off should we die now. Answers with the time of the
 * next one, and for each its sid and what was kept. */
static struct redis_script take_script = {
	.source = "local out = {''}\n"
		  "for _, sid in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], "
		  "'-inf',\n"
		  "    ARGV[1], 'LIMIT', 0, tonumber(ARGV[2]))) do\n"
		  "  redis.call('ZREM', KEYS[1], sid)\n"
		  "  local kept = redis.call('GET', 'call-create:{' .. sid .. "
		  "'}')\n"
		  "  redis.call('DEL', 'call-create:{' .. sid .. '}')\n"
		  "  redis.call('HSET', 'call:{' .. sid .. '}', 'owner', "
		  "ARGV[3],\n"
		  "    'epoch', '1')\n"
		  "  redis.call('SADD', KEYS[2], sid)\n"
		  "  out[#out + 1] = sid\n"
		  "  out[#out + 1] = kept or ''\n"
		  "end\n"
		  "out[1] = redis.call('ZRANGE', KEYS[1], 0, 0, "
		  "'WITHSCORES')[2] or ''\n"
		  "return out\n",
};

/* KEYS: calls:waiting call-create:{CA…} call:{CA…} account-calls:{AC…}. ARGV: sid, date,
 * seconds that the record stays. */
static struct redis_script cancel_script = {
	.source = "if redis.call('ZREM', KEYS[1], ARGV[1]) == 0 then return 0 "
		  "end\n"
		  "redis.call('DEL', KEYS[2])\n"
		  "redis.call('ZREM', KEYS[4], ARGV[1])\n"
		  "redis.call('HSET', KEYS[3], 'status', 'canceled', "
		  "'end_time',\n"
		  "  ARGV[2], 'date_updated', ARGV[2])\n"
		  "redis.call('EXPIRE', KEYS[3], ARGV[3])\n"
		  "return 1\n",
};

struct waiting {
	struct app *app; /* borrowed */
	struct timer *timer;
	uint64_t at_ms; /* when it is due; monotonic */
};

/* ---- when? --------------------------------------------------------------------- */

static uint32_t rate_of(const struct app *app, const char *account_sid)
{
	return rules_calls_per_second(tenants_snapshot(app->tenants),
	                              account_sid);
}

bool waiting_limited(const struct app *app, const char *account_sid)
{
	return rate_of(app, account_sid) > 0;
}

int waiting_ask(struct app *app, const char *account_sid,
                redis_reply_h *handler, void *arg)
{
	char key[STORE_KEY_MAX], share[16], longest[24];
	const char *argv[] = {key, share, longest};
	uint32_t rate = rate_of(app, account_sid);

	(void)snprintf(key, sizeof(key), "account-pace:{%s}", account_sid);
	(void)snprintf(share, sizeof(share), "%u", 1000000 / (rate ? rate : 1));
	(void)snprintf(longest, sizeof(longest), "%llu",
	               WAITING_HOURS_MAX * 3600ULL * 1000000);
	return redis_eval(app->redis, &pace_script, handler, arg, 1, 3, argv,
	                  NULL);
}

/* ---- kept ------------------------------------------------------------------------ */

static char *hex_of(const uint8_t *bytes, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	char *out = malloc(2 * n + 1);

	for (size_t i = 0; out && i < n; i++) {
		out[2 * i] = digits[bytes[i] / HEX];
		out[2 * i + 1] = digits[bytes[i] % HEX];
	}
	if (out)
		out[2 * n] = '\0';
	return out;
}

static Trestle__CallCreate *unhex(const char *text)
{
	size_t n = strlen(text) / 2;
	uint8_t *bytes = n <= PACKED_BYTES_MAX ? malloc(n + 1) : NULL;
	Trestle__CallCreate *out = NULL;
	char pair[3] = "";

	for (size_t i = 0; bytes && i < n; i++) {
		memcpy(pair, text + 2 * i, 2);
		bytes[i] = (uint8_t)strtoul(pair, NULL, HEX);
	}
	if (bytes)
		out = trestle__call_create__unpack(NULL, n, bytes);
	free(bytes);
	return out;
}

static char *pack(struct app *app, const Trestle__CallCreate *c)
{
	size_t n = trestle__call_create__get_packed_size(c);
	uint8_t *bytes = n <= PACKED_BYTES_MAX ? malloc(n + 1) : NULL;
	char *text = NULL, *sealed = NULL;

	if (bytes) {
		(void)trestle__call_create__pack(c, bytes);
		text = hex_of(bytes, n);
	}
	free(bytes);
	/* there may be passwords in it */
	if (text && redis_seal(app->redis) &&
	    seal_text(redis_seal(app->redis), text, &sealed)) {
		seal_cleanse(text);
		return NULL;
	}
	if (sealed)
		seal_cleanse(text);
	return sealed ? sealed : text;
}

static void wake(struct waiting *w, uint64_t in_ms)
{
	uint64_t at_ms;

	if (in_ms > POLL_MS)
		in_ms = POLL_MS;
	at_ms = loop_now_ms() + in_ms;
	if (w->at_ms && w->at_ms <= at_ms)
		return;
	w->at_ms = at_ms;
	timer_start(w->timer, (uint32_t)in_ms);
}

int waiting_put(struct app *app, const Trestle__CallCreate *c, uint64_t wait_ms,
                redis_reply_h *handler, void *arg)
{
	char record[STORE_KEY_MAX], create[STORE_KEY_MAX], list[STORE_KEY_MAX];
	char date[TIME_TEXT_SIZE], now[24], due[24];
	char *packed = pack(app, c);
	const char *argv[] = {record,
	                      "calls:waiting",
	                      create,
	                      list,
	                      c->call_sid,
	                      c->account_sid,
	                      c->from,
	                      c->to,
	                      c->phone_number_sid,
	                      date,
	                      now,
	                      due,
	                      packed};
	uint64_t ms = loop_wall_ms();
	int err;

	if (!packed)
		return ENOMEM;
	(void)snprintf(record, sizeof(record), "call:{%s}", c->call_sid);
	(void)snprintf(create, sizeof(create), "call-create:{%s}", c->call_sid);
	(void)snprintf(list, sizeof(list), "calls:{%s}", c->account_sid);
	time_text(ms, date);
	(void)snprintf(now, sizeof(now), "%" PRIu64, ms);
	(void)snprintf(due, sizeof(due), "%" PRIu64, ms + wait_ms);
	wake(app->waiting, wait_ms);
	err = redis_eval(app->redis, &put_script, handler, arg, 4, 13, argv,
	                 NULL);
	seal_cleanse(packed);
	return err;
}

int waiting_cancel(struct app *app, const char *account_sid,
                   const char *call_sid, redis_reply_h *handler, void *arg)
{
	char create[STORE_KEY_MAX], record[STORE_KEY_MAX];
	char places[STORE_KEY_MAX], date[TIME_TEXT_SIZE], keep[24];
	const char *argv[] = {"calls:waiting", create, record, places,
	                      call_sid,        date,   keep};

	(void)snprintf(create, sizeof(create), "call-create:{%s}", call_sid);
	(void)snprintf(record, sizeof(record), "call:{%s}", call_sid);
	(void)snprintf(places, sizeof(places), "account-calls:{%s}",
	               account_sid);
	time_text(loop_wall_ms(), date);
	(void)snprintf(keep, sizeof(keep), "%" PRIu64, store_keep_s(app));
	return redis_eval(app->redis, &cancel_script, handler, arg, 4, 7, argv,
	                  NULL);
}

/* ---- due ------------------------------------------------------------------------- */

/* "1700000000000 0a1b…", perhaps sealed */
static void begin(struct app *app, const char *sid, const char *kept)
{
	char *opened = NULL, *rest = NULL;
	uint64_t created_ms = strtoull(kept, &rest, DECIMAL);
	const char *text = *rest == ' ' ? rest + 1 : "";
	Trestle__CallCreate *c = NULL;

	if (!seal_is_sealed(text))
		c = unhex(text);
	else if (redis_seal(app->redis) &&
	         !seal_open(redis_seal(app->redis), text, &opened))
		c = unhex(opened);
	seal_cleanse(opened);
	if (!c || strcmp(c->call_sid, sid) != 0 ||
	    create_waited(app, c, created_ms)) {
		log_error(&app->log, "%s, which waited, can not begin", sid);
		store_abandon(app, sid, service_instance(app->service));
	}
	if (c)
		trestle__call_create__free_unpacked(c, NULL);
}

static void on_taken(void *arg, int err, const redisReply *reply)
{
	struct waiting *w = arg;
	uint64_t now = loop_wall_ms(), next;

	if (err || reply->type != REDIS_REPLY_ARRAY || reply->elements == 0) {
		wake(w, POLL_MS);
		return;
	}
	next = strtoull(reply->element[0]->str, NULL, DECIMAL);
	wake(w, !next ? POLL_MS : next > now ? next - now : 0);
	for (size_t i = 1; i + 1 < reply->elements; i += 2)
		begin(w->app, reply->element[i]->str,
		      reply->element[i + 1]->str);
}

static void take(void *arg)
{
	struct waiting *w = arg;
	struct app *app = w->app;
	const char *me = service_instance(app->service);
	char calls[256], now[24], most[16];
	const char *argv[] = {"calls:waiting", calls, now, most, me};

	w->at_ms = 0;
	(void)snprintf(calls, sizeof(calls), "controller:%.200s:calls", me);
	(void)snprintf(now, sizeof(now), "%" PRIu64, loop_wall_ms());
	(void)snprintf(most, sizeof(most), "%d", TAKEN_MAX);
	if (app_refuses(app) ||
	    redis_eval(app->redis, &take_script, on_taken, w, 2, 5, argv, NULL))
		wake(w, POLL_MS);
}

/* ---- life ------------------------------------------------------------------------ */

int waiting_alloc(struct waiting **wp, struct app *app)
{
	struct waiting *w = calloc(1, sizeof(*w));

	if (!w)
		return ENOMEM;
	w->app = app;
	if (timer_alloc(&w->timer, app->loop, take, w)) {
		free(w);
		return ENOMEM;
	}
	wake(w, POLL_MS);
	*wp = w;
	return 0;
}

void waiting_free(struct waiting *w)
{
	if (!w)
		return;
	redis_cancel(w->app->redis, w);
	timer_free(w->timer);
	free(w);
}
