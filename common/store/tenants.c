/*
 * tenants.c - the configuration of the installation, in memory: questions
 *
 * How it gets there: tenants_read.c (all of it), tenants_follow.c (what changes).
 */
#include "store/tenants.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "loop/loop.h"
#include "store/cidr.h"
#include "store/redis.h"
#include "store/tenants_impl.h"

enum { NAME_MAX_LEN = 255 };

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
	TAILQ_INIT(&t->asked);
	err = timer_alloc(&t->poll, loop, tenants_check, t);
	if (!err)
		err = timer_alloc(&t->sweep, loop, tenants_sweep, t);
	if (!err)
		err = redis_subscribe(redis, "config", tenants_on_told, t);
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
	tenants_forget_asked(t);
	timer_free(t->poll);
	timer_free(t->sweep);
	snapshot_free(t->now);
	snapshot_free(t->next);
	snapshot_free(t->old);
	free(t->version);
	free(t->next_version);
	free(t);
}

bool tenants_ready(const struct tenants *t)
{
	return t->now != NULL;
}

bool tenants_lost(const struct tenants *t)
{
	return t->lost || (t->version && strcmp(t->version, "0") == 0);
}

const struct snapshot *tenants_snapshot(const struct tenants *t)
{
	return t->now;
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

const struct number *tenants_number_by_sid(const struct tenants *t,
                                           const char *sid)
{
	return t->now ? snapshot_number_by_sid(t->now, sid) : NULL;
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
