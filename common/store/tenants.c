/*
 * tenants.c - the configuration of the installation, in memory
 *
 *     IDLE ──version differs──► READING ──all there──► swap, IDLE
 *                                  └───any failed────► IDLE, tried again
 *
 * One reading asks for the sets of names, then for every hash they name, all
 * pipelined; the new snapshot replaces the old one only when it is whole.
 */
#include "store/tenants.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "loop/loop.h"
#include "store/cidr.h"
#include "store/redis.h"
#include "store/seal.h"
#include "store/snapshot.h"

enum { POLL_MS = 5000, RETRY_MS = 200, NAME_MAX_LEN = 255 };

/* The set of names and the prefix of the keys of each family */
static const struct {
	const char *set;
	const char *prefix;
} families[FAMILY_COUNT] = {
	[FAMILY_ACCOUNT] = {"accounts", "account:"},
	[FAMILY_DOMAIN] = {"domains", "domain:"},
	[FAMILY_ACCESS_LIST] = {"access-lists", "access-list:"},
	[FAMILY_NUMBER] = {"numbers", "number:"},
	[FAMILY_CARRIER] = {"carriers", "carrier:"},
	[FAMILY_PERMISSIONS] = {"dialing-permissions", "dialing-permissions:"},
	[FAMILY_APPLICATION] = {"applications", "application:"},
	[FAMILY_CALLER_ID] = {"caller-ids", "caller-id:"},
	[FAMILY_RATES] = {"rates", "rates:"},
};

/* What a reply belongs to: one for each family, so its address is the id */
struct reading {
	struct tenants *tenants;
	enum family family;
};

struct tenants {
	struct redis *redis;   /* borrowed */
	const struct log *log; /* borrowed */
	const char *instance;  /* borrowed */
	struct timer *poll;
	struct snapshot *now;  /* NULL before the first reading */
	struct snapshot *next; /* NULL when none is under way */
	struct reading readings[FAMILY_COUNT];
	size_t open; /* replies that are awaited */
	bool failed;
	bool changed;  /* since this reading began, perhaps */
	bool locked;   /* it failed because no key of ours opens a secret */
	char *version; /* of `now` */
	char *next_version; /* of `next` */
};

static void check(void *arg);

static void tell_seen(struct tenants *t)
{
	(void)redis_command(t->redis, NULL, NULL, "HSET config:seen %s %s",
	                    t->instance, t->version);
	(void)redis_command(t->redis, NULL, NULL, "PUBLISH config-seen %s",
	                    t->instance);
}

static void end_reading(struct tenants *t)
{
	if (t->failed) {
		snapshot_free(t->next);
		free(t->next_version);
		timer_start(t->poll, t->locked ? POLL_MS : RETRY_MS);
	} else {
		snapshot_finish(t->next);
		snapshot_free(t->now);
		t->now = t->next;
		free(t->version);
		t->version = t->next_version;
		log_info(t->log, "configuration version %s read", t->version);
		tell_seen(t);
		timer_start(t->poll, t->changed ? 0 : POLL_MS);
	}
	t->next = NULL;
	t->next_version = NULL;
	t->changed = false;
}

static void reply_done(struct tenants *t)
{
	if (--t->open == 0)
		end_reading(t);
}

/* Put the text of what is sealed in its place. */
static int open_values(struct tenants *t, struct record *record,
                       const char *values[], char *opened[])
{
	int err = 0;

	for (size_t i = 0; i < record->n && !err; i++) {
		err = redis_open_field(t->redis, record->names[i], values[i],
		                       &opened[i]);
		if (opened[i])
			values[i] = opened[i];
	}
	return err;
}

static void add_record(struct reading *r, const struct record *record, int err)
{
	struct tenants *t = r->tenants;

	if (!err)
		err = snapshot_add(t->next, r->family, record);
	/* An account without its token would be a wrong one. */
	t->locked = t->locked || (err == EACCES && r->family == FAMILY_ACCOUNT);
	if (err == ENOMEM || t->locked)
		t->failed = true;
	else if (err)
		log_error(t->log,
		          "a record in `%s` is wrong and left out: %s. Load "
		          "the tenants file again",
		          families[r->family].set, record->names[0]);
}

static void take_record(struct reading *r, const redisReply *reply)
{
	const char *names[RECORD_FIELDS_MAX], *values[RECORD_FIELDS_MAX];
	char *opened[RECORD_FIELDS_MAX] = {NULL};
	struct record record = {.names = names, .values = values};
	int err;

	for (size_t i = 0;
	     i + 1 < reply->elements && record.n < RECORD_FIELDS_MAX; i += 2) {
		names[record.n] = reply->element[i]->str;
		values[record.n++] = reply->element[i + 1]->str;
	}
	if (record.n == 0) /* deleted since its name was read */
		return;
	err = open_values(r->tenants, &record, values, opened);
	add_record(r, &record, err);
	for (size_t i = 0; i < record.n; i++)
		seal_cleanse(opened[i]);
}

static void on_record(void *arg, int err, const redisReply *reply)
{
	struct reading *r = arg;

	if (err || reply->type != REDIS_REPLY_ARRAY)
		r->tenants->failed = true;
	else
		take_record(r, reply);
	reply_done(r->tenants);
}

static void ask_record(struct reading *r, const char *name)
{
	struct tenants *t = r->tenants;

	if (redis_command(t->redis, on_record, r, "HGETALL %s%s",
	                  families[r->family].prefix, name))
		t->failed = true;
	else
		t->open++;
}

static void on_names(void *arg, int err, const redisReply *reply)
{
	struct reading *r = arg;

	if (err || reply->type != REDIS_REPLY_ARRAY)
		r->tenants->failed = true;
	else
		for (size_t i = 0; i < reply->elements; i++)
			ask_record(r, reply->element[i]->str);
	reply_done(r->tenants);
}

static void start_reading(struct tenants *t, const char *version)
{
	t->failed = t->locked = false;
	t->open = 1; /* held until all sets are asked for */
	t->next_version = strdup(version);
	if (!t->next_version || snapshot_alloc(&t->next))
		t->failed = true;
	for (size_t i = 0; i < FAMILY_COUNT && !t->failed; i++) {
		if (redis_command(t->redis, on_names, &t->readings[i],
		                  "SMEMBERS %s", families[i].set))
			t->failed = true;
		else
			t->open++;
	}
	reply_done(t);
}

static void on_version(void *arg, int err, const redisReply *reply)
{
	struct tenants *t = arg;
	const char *version = "0";

	if (t->next) { /* its end looks again */
		t->changed = true;
		return;
	}
	if (err) {
		timer_start(t->poll, RETRY_MS);
		return;
	}
	if (reply->type == REDIS_REPLY_STRING)
		version = reply->str;
	if (t->version && strcmp(t->version, version) == 0)
		timer_start(t->poll, POLL_MS);
	else
		start_reading(t, version);
}

static void check(void *arg)
{
	struct tenants *t = arg;

	if (t->next) /* the end of this reading starts the timer */
		return;
	if (redis_command(t->redis, on_version, t, "GET config:version"))
		timer_start(t->poll, RETRY_MS);
}

static void on_change(void *arg, const char *payload)
{
	struct tenants *t = arg;

	(void)payload;
	t->changed = t->next != NULL;
	check(t);
}

int tenants_alloc(struct tenants **tp, struct loop *loop, struct redis *redis,
                  const struct log *log, const char *instance)
{
	struct tenants *t = calloc(1, sizeof(*t));
	int err = ENOMEM;

	if (!t)
		goto out;
	t->redis = redis;
	t->log = log;
	t->instance = instance;
	for (size_t i = 0; i < FAMILY_COUNT; i++)
		t->readings[i] = (struct reading){t, (enum family)i};
	err = timer_alloc(&t->poll, loop, check, t);
	if (!err)
		err = redis_subscribe(redis, "config", on_change, t);
	if (!err)
		timer_start(t->poll, 0);
out:
	if (err)
		tenants_free(t);
	else
		*tp = t;
	return err;
}

void tenants_free(struct tenants *t)
{
	if (!t)
		return;
	redis_cancel(t->redis, t);
	for (size_t i = 0; i < FAMILY_COUNT; i++)
		redis_cancel(t->redis, &t->readings[i]);
	timer_free(t->poll);
	snapshot_free(t->now);
	snapshot_free(t->next);
	free(t->version);
	free(t->next_version);
	free(t);
}

bool tenants_ready(const struct tenants *t)
{
	return t->now != NULL;
}

const struct account *tenants_account(const struct tenants *t, const char *sid)
{
	return t->now ? snapshot_account(t->now, sid) : NULL;
}

const struct domain *tenants_domain(const struct tenants *t, const char *name)
{
	char lower[NAME_MAX_LEN + 1];
	size_t n = strlen(name);

	if (!t->now || n > NAME_MAX_LEN)
		return NULL;
	for (size_t i = 0; i <= n; i++)
		lower[i] = (char)tolower((unsigned char)name[i]);
	return snapshot_domain(t->now, lower);
}

const struct domain *tenants_domain_by_sid(const struct tenants *t,
                                           const char *sid)
{
	return t->now ? snapshot_domain_by_sid(t->now, sid) : NULL;
}

const struct number *tenants_number(const struct tenants *t, const char *e164)
{
	return t->now ? snapshot_number(t->now, e164) : NULL;
}

const struct carrier *tenants_carrier_nth(const struct tenants *t, size_t n)
{
	return t->now ? snapshot_carrier_nth(t->now, n) : NULL;
}

const struct carrier *tenants_carrier(const struct tenants *t, const char *sid)
{
	const struct carrier *c;

	for (size_t i = 0; (c = tenants_carrier_nth(t, i)); i++)
		if (strcmp(c->sid, sid) == 0)
			return c;
	return NULL;
}

bool tenants_carrier_serves(const struct tenants *t, const struct carrier *c,
                            const char *account_sid)
{
	const struct account *account;

	if (!c->account_sid[0] || strcmp(c->account_sid, account_sid) == 0)
		return true;
	account = tenants_account(t, account_sid);
	return account && strcmp(c->account_sid, account->owner) == 0;
}

const struct carrier *tenants_carrier_by_username(const struct tenants *t,
                                                  const char *username)
{
	const struct carrier *c;

	for (size_t i = 0; (c = tenants_carrier_nth(t, i)); i++)
		if (*c->username && strcmp(c->username, username) == 0)
			return c;
	return NULL;
}

const struct carrier *tenants_carrier_by_source(const struct tenants *t,
                                                const char *ip)
{
	struct cidr_address address;

	return t->now && !cidr_address_parse(&address, ip)
	               ? snapshot_carrier_by_source(t->now, &address)
	               : NULL;
}

bool tenants_carrier_has(const struct tenants *t, const char *sid,
                         const char *ip)
{
	struct cidr_address address;

	return t->now && !cidr_address_parse(&address, ip) &&
	       snapshot_carrier_has(t->now, sid, &address);
}

bool tenants_caller_id(const struct tenants *t, const char *account_sid,
                       const char *e164)
{
	return t->now && snapshot_caller_id(t->now, account_sid, e164);
}

bool tenants_may_dial(const struct tenants *t, const char *account_sid,
                      const char *e164, const char *defaults)
{
	return t->now && snapshot_may_dial(t->now, account_sid, e164, defaults);
}

const struct rate_table *tenants_rates(const struct tenants *t,
                                       const char *account_sid)
{
	return t->now ? snapshot_rates(t->now, account_sid) : NULL;
}

bool tenants_access_list_has(const struct tenants *t, const char *sid,
                             const char *ip)
{
	struct cidr_address address;

	return t->now && !cidr_address_parse(&address, ip) &&
	       snapshot_access_list_has(t->now, sid, &address);
}
