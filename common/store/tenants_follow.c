/*
 * tenants_follow.c - the configuration in memory follows that in Redis
 *
 *     IDLE ──told, or time──► CHECKING ─┬─ the same ──────────────► IDLE
 *                                       ├─ these records changed ─► put in, IDLE
 *                                       └─ not known ─► READING ──► IDLE
 *
 * `config:changes` has an entry for each change by the API, whose id is the version
 * that it made, and which keys it touched. One script answers with the records that
 * the next changes touched, as they are now; where an entry is missing (a file was
 * loaded, the log does not reach back so far), all is read. A record that changed
 * again since then is read again with that change: the last state is the same.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "loop/loop.h"
#include "store/redis.h"
#include "store/tenants_impl.h"

enum { CHANGES_AT_ONCE = 100, VERSION = 24 };

/* config:version, config:changes; our version, the most entries; of each family its
 * set and its prefix. The answer begins with a version and a word: {latest, "same"};
 * {latest, "all"}: read it whole; {"0", "none"}: there is none any more; {version, "more" or "last", family, name, hash,
 * family …}: what changed up to that version */
static struct redis_script changes_script = {
	.source =
		"local latest = redis.call('GET', KEYS[1])\n"
		"if not latest and ARGV[1] ~= '' then return {'0', 'none'} "
		"end\n"
		"latest = latest or '0'\n"
		"if latest == ARGV[1] then return {latest, 'same'} end\n"
		"local ours, now = tonumber(ARGV[1]), tonumber(latest)\n"
		"if not ours or not now or now < ours then return {latest, "
		"'all'} end\n"
		"local log = redis.call('XRANGE', KEYS[2], "
		"string.format('%.0f-0', ours + 1), '+', 'COUNT', ARGV[2])\n"
		"local last = string.format('%.0f', ours + #log)\n"
		"if #log == 0 or log[#log][1] ~= last .. '-0' then return "
		"{latest, 'all'} end\n"
		"local families = {}\n"
		"for i = 3, #ARGV, 2 do families[ARGV[i + 1]] = {(i - 3) / 2, "
		"ARGV[i]} end\n"
		"local out = {last, last == latest and 'last' or 'more'}\n"
		"local seen = {}\n"
		"for _, entry in ipairs(log) do\n"
		"  for i = 2, #entry[2], 2 do\n"
		"    local key = entry[2][i]\n"
		"    local prefix, name = string.match(key, '^([^:]*:)(.*)$')\n"
		"    local family = prefix and families[prefix]\n"
		"    if family and not seen[key] then\n"
		"      seen[key] = true\n"
		"      out[#out + 1] = family[1]\n"
		"      out[#out + 1] = name\n"
		"      out[#out + 1] = redis.call('SISMEMBER', family[2], "
		"name) "
		"== 1 and redis.call('HGETALL', key) or {}\n"
		"    end\n"
		"  end\n"
		"end\n"
		"return out\n",
};

static void tell_seen(struct tenants *t)
{
	(void)redis_command(t->redis, NULL, NULL, "HSET config:seen %s %s",
	                    t->instance, t->version);
	(void)redis_command(t->redis, NULL, NULL, "PUBLISH config-seen %s",
	                    t->instance);
}

void tenants_go_by(struct tenants *t, char *version)
{
	free(t->version);
	t->version = version;
	t->lost = false;
	tell_seen(t);
}

static bool well_formed(const redisReply *reply)
{
	if (reply->type != REDIS_REPLY_ARRAY || reply->elements < 2 ||
	    reply->elements % 3 != 2)
		return false;
	for (size_t i = 2; i < reply->elements; i += 3)
		if (reply->element[i]->type != REDIS_REPLY_INTEGER ||
		    reply->element[i]->integer < 0 ||
		    reply->element[i]->integer >= FAMILY_COUNT ||
		    reply->element[i + 2]->type != REDIS_REPLY_ARRAY)
			return false;
	return true;
}

/* What could not be put in stays as it was, and so does the version: it comes again
 * with the next question. */
static int put_in(struct tenants *t, const redisReply *reply)
{
	const char *version = reply->element[0]->str;
	char *copy = strdup(version);
	size_t n = (reply->elements - 2) / 3;
	int err = copy ? 0 : ENOMEM;

	for (size_t i = 0; i < n && !err; i++)
		err = tenants_take(
			t, t->now,
			(enum family)reply->element[2 + 3 * i]->integer,
			reply->element[3 + 3 * i]->str,
			reply->element[4 + 3 * i]);
	if (err) {
		free(copy);
		return err;
	}
	log_info(t->log, "configuration version %s: records changed: %zu",
	         version, n);
	tenants_go_by(t, copy);
	return 0;
}

/* A Redis that lost its data is not a configuration without accounts. */
static void tell_lost(struct tenants *t)
{
	if (!t->lost && strcmp(t->version, "0") != 0)
		log_warn(t->log, "Redis has no configuration any more: what "
		                 "was known stands. Load the tenants file");
	t->lost = true;
}

/* @return milliseconds until the next question; UINT32_MAX = it is read whole */
static uint32_t proceed(struct tenants *t, int err, const redisReply *reply)
{
	const char *word;
	bool same, whole;

	if (!err && !well_formed(reply))
		err = EPROTO;
	if (err)
		return TENANTS_RETRY_MS;
	word = reply->element[1]->str;
	if (strcmp(word, "none") == 0) {
		tell_lost(t);
		return TENANTS_POLL_MS;
	}
	same = strcmp(word, "same") == 0;
	if (same && !t->lost)
		return TENANTS_POLL_MS;
	/* One that is there again may count its versions from the beginning. */
	whole = same || t->lost || strcmp(word, "all") == 0 || !t->now;
	if (whole) {
		tenants_read(t, reply->element[0]->str);
		return UINT32_MAX;
	}
	err = put_in(t, reply);
	if (err)
		return err == EACCES ? TENANTS_POLL_MS : TENANTS_RETRY_MS;
	return strcmp(word, "more") == 0 ? 0 : TENANTS_POLL_MS;
}

static void on_changes(void *arg, int err, const redisReply *reply)
{
	struct tenants *t = arg;
	uint32_t ms;

	t->checking = false;
	ms = proceed(t, err, reply);
	if (ms == UINT32_MAX)
		return; /* the end of the reading starts the timer */
	timer_start(t->poll, t->again && ms == TENANTS_POLL_MS ? 0 : ms);
	t->again = false;
}

void tenants_check(void *arg)
{
	struct tenants *t = arg;
	char most[VERSION];
	const char *argv[4 + 2 * FAMILY_COUNT] = {
		"config:version", "config:changes",
		t->version ? t->version : "", most};

	if (t->checking || t->next) {
		t->again = true;
		return;
	}
	(void)snprintf(most, sizeof(most), "%d", (int)CHANGES_AT_ONCE);
	for (size_t i = 0; i < FAMILY_COUNT; i++) {
		argv[4 + 2 * i] = tenants_families[i].set;
		argv[5 + 2 * i] = tenants_families[i].prefix;
	}
	if (redis_eval(t->redis, &changes_script, on_changes, t, 2,
	               4 + 2 * FAMILY_COUNT, argv, NULL))
		timer_start(t->poll, TENANTS_RETRY_MS);
	else
		t->checking = true;
}

void tenants_on_told(void *arg, const char *payload)
{
	(void)payload;
	tenants_check(arg);
}
