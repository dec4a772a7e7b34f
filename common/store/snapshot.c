/*
 * snapshot.c - the configuration as it was read
 */
#include "store/snapshot.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "store/snapshot_parts.h"

enum { EXPIRES_MIN_S = 60, EXPIRES_MAX_S = 3600 };

static int add_account(struct snapshot *s, const struct record *r)
{
	struct account_entry *e = snapshot_entry(s, sizeof(*e));

	if (!e)
		return ENOMEM;
	e->account.sid = record_copy(s, r, "sid", "");
	e->account.auth_token = record_copy(s, r, "auth_token", "");
	e->account.realm = record_copy(s, r, "realm", "");
	e->account.owner = record_copy(s, r, "owner_account_sid", "");
	e->account.rates = record_copy(s, r, "rates", "");
	e->account.active =
		strcmp(record_get(r, "status", "active"), "active") == 0;
	e->account.trial = strcmp(record_get(r, "type", ""), "Trial") == 0;
	e->account.calls_max = record_uint(r, "calls_max", 0);
	e->account.calls_per_second = record_uint(r, "calls_per_second", 0);
	e->account.any_caller =
		strcmp(record_get(r, "caller_id_policy", ""), "any") == 0;
	if (!e->account.sid || !e->account.auth_token || !e->account.realm ||
	    !e->account.owner || !e->account.rates)
		return ENOMEM;
	if (!*e->account.sid)
		return EINVAL;
	hash_add(&s->accounts, &e->by_sid, e->account.sid);
	return 0;
}

int record_voice(struct snapshot *s, const struct record *r, struct voice *v)
{
	v->url = record_copy(s, r, "voice_url", "");
	v->method = record_copy(s, r, "voice_method", "POST");
	v->fallback_url = record_copy(s, r, "voice_fallback_url", "");
	v->fallback_method = record_copy(s, r, "voice_fallback_method", "POST");
	v->status_callback_url =
		record_copy(s, r, "voice_status_callback_url", "");
	v->status_callback_method =
		record_copy(s, r, "voice_status_callback_method", "POST");
	return v->url && v->method && v->fallback_url && v->fallback_method &&
	                       v->status_callback_url &&
	                       v->status_callback_method
	               ? 0
	               : ENOMEM;
}

static int read_lists(struct snapshot *s, const struct record *r,
                      struct domain *d)
{
	int err = record_words(s, r, "registration_credential_lists",
	                       TENANT_LISTS_MAX, &d->registration_lists,
	                       &d->n_registration_lists);

	if (!err)
		err = record_words(s, r, "call_credential_lists",
		                   TENANT_LISTS_MAX, &d->call_lists,
		                   &d->n_call_lists);
	if (!err)
		err = record_words(s, r, "call_access_lists", TENANT_LISTS_MAX,
		                   &d->access_lists, &d->n_access_lists);
	return err;
}

static int add_domain(struct snapshot *s, const struct record *r)
{
	struct domain_entry *e = snapshot_entry(s, sizeof(*e));
	struct domain *d = e ? &e->domain : NULL;
	int err;

	if (!e)
		return ENOMEM;
	d->sid = record_copy(s, r, "sid", "");
	d->name = record_copy(s, r, "domain_name", "");
	d->realm = record_copy(s, r, "realm", "");
	d->account_sid = record_copy(s, r, "account_sid", "");
	d->default_caller_id = record_copy(s, r, "default_caller_id", "");
	d->emergency_caller_sid = record_copy(s, r, "emergency_caller_sid", "");
	d->emergency = record_bool(r, "emergency_calling_enabled", false);
	d->registration = record_bool(r, "sip_registration", false);
	d->secure = record_bool(r, "secure", false);
	d->md5_only = record_bool(r, "md5_only", false);
	d->expires_min = record_uint(r, "expires_min", EXPIRES_MIN_S);
	d->expires_default = record_uint(r, "expires_default", EXPIRES_MAX_S);
	d->expires_max = record_uint(r, "expires_max", EXPIRES_MAX_S);
	if (!d->sid || !d->name || !d->realm || !d->account_sid ||
	    !d->default_caller_id || !d->emergency_caller_sid)
		return ENOMEM;
	if (!*d->sid || !*d->name || d->expires_min > d->expires_max)
		return EINVAL;
	err = record_voice(s, r, &d->voice);
	if (!err)
		err = read_lists(s, r, d);
	if (err)
		return err;
	hash_add(&s->domains, &e->by_name, d->name);
	hash_add(&s->domain_sids, &e->by_sid, d->sid);
	return 0;
}

static int add_access_list(struct snapshot *s, const struct record *r)
{
	struct access_list_entry *e = snapshot_entry(s, sizeof(*e));
	const char *sid = record_copy(s, r, "sid", "");
	int err = e && sid ? record_cidrs(s, r, "addresses", &e->addresses)
	                   : ENOMEM;

	if (err || !*sid)
		return err ? err : EINVAL;
	hash_add(&s->access_lists, &e->by_sid, sid);
	return 0;
}

static int add_number(struct snapshot *s, const struct record *r)
{
	struct number_entry *e = snapshot_entry(s, sizeof(*e));
	struct number *n = e ? &e->number : NULL;
	int err;

	if (!e)
		return ENOMEM;
	n->sid = record_copy(s, r, "sid", "");
	n->number = record_copy(s, r, "phone_number", "");
	n->account_sid = record_copy(s, r, "account_sid", "");
	e->application = record_copy(s, r, "voice_application_sid", "");
	if (!n->sid || !n->number || !n->account_sid || !e->application)
		return ENOMEM;
	if (!*n->number)
		return EINVAL;
	err = record_voice(s, r, &e->voice);
	if (err)
		return err;
	hash_add(&s->numbers, &e->by_number, n->number);
	hash_add(&s->number_sids, &e->by_sid, n->sid);
	return 0;
}

/* --- records come and go -------------------------------------------------------- */

#define IN(entry, table, member)                                               \
	{                                                                      \
		offsetof(struct snapshot, table),                              \
			offsetof(struct entry, member), true                   \
	}

static const struct kind {
	int (*add)(struct snapshot *s, const struct record *r);
	/* where its entries stand; carriers stand in a list of their own */
	struct place {
		size_t table, member;
		bool used;
	} places[2];
} kinds[FAMILY_COUNT] = {
	[FAMILY_ACCOUNT] = {add_account, {IN(account_entry, accounts, by_sid)}},
	[FAMILY_DOMAIN] = {add_domain,
                           {IN(domain_entry, domains, by_name),
                            IN(domain_entry, domain_sids, by_sid)}},
	[FAMILY_ACCESS_LIST] = {add_access_list,
                                {IN(access_list_entry, access_lists, by_sid)}},
	[FAMILY_NUMBER] = {add_number,
                           {IN(number_entry, numbers, by_number),
                            IN(number_entry, number_sids, by_sid)}},
	[FAMILY_CARRIER] = {snapshot_add_carrier, {{0}}},
	[FAMILY_PERMISSIONS] = {snapshot_add_permissions,
                                {IN(permissions_entry, permissions, by_sid)}},
	[FAMILY_APPLICATION] = {snapshot_add_application,
                                {IN(application_entry, applications, by_sid)}},
	[FAMILY_CALLER_ID] = {snapshot_add_caller_id,
                              {IN(caller_id_entry, caller_ids, by_name)}},
	[FAMILY_RATES] = {snapshot_add_rates,
                          {IN(rates_entry, rates, by_name)}},
};

static void drop(struct snapshot *s, struct piece *p)
{
	const struct kind *kind = &kinds[p->family];
	unsigned char *tables = (unsigned char *)s, *entry = p->entry;

	for (size_t i = 0; i < 2 && kind->places[i].used; i++)
		hash_remove((void *)(tables + kind->places[i].table),
		            (void *)(entry + kind->places[i].member));
	if (p->family == FAMILY_CARRIER)
		snapshot_drop_carrier(s, p->entry);
	hash_remove(&s->pieces, &p->by_key);
	LIST_REMOVE(p, link);
	piece_free(p);
}

static void drop_key(struct snapshot *s, const char *key)
{
	struct hash_entry *e = hash_find(&s->pieces, key);

	if (e)
		drop(s, hash_object(e, struct piece, by_key));
}

int snapshot_put(struct snapshot *s, enum family family, const char *name,
                 const struct record *record)
{
	struct piece *p;
	int err = piece_alloc(&p, family, name);

	if (err)
		return err;
	s->taken = p;
	if (record->n)
		err = kinds[family].add(s, record);
	s->taken = NULL;
	if (err != ENOMEM) /* what stood there is no more */
		drop_key(s, p->key);
	if (err || !record->n) {
		piece_free(p);
		return err;
	}
	hash_add(&s->pieces, &p->by_key, p->key);
	LIST_INSERT_HEAD(&s->all, p, link);
	return 0;
}

/* --- life ----------------------------------------------------------------------- */

int snapshot_alloc(struct snapshot **sp)
{
	struct snapshot *s = calloc(1, sizeof(*s));
	int err = ENOMEM;

	if (!s)
		return ENOMEM;
	LIST_INIT(&s->all);
	err = hash_init(&s->pieces);
	for (size_t i = 0; i < FAMILY_COUNT && !err; i++)
		for (size_t j = 0; j < 2 && kinds[i].places[j].used && !err;
		     j++)
			err = hash_init((void *)((unsigned char *)s +
			                         kinds[i].places[j].table));
	if (err)
		snapshot_free(s);
	else
		*sp = s;
	return err;
}

bool snapshot_free_some(struct snapshot *s, size_t n)
{
	struct piece *p;

	while ((p = LIST_FIRST(&s->all))) {
		if (n-- == 0)
			return false;
		LIST_REMOVE(p, link);
		piece_free(p);
	}
	for (size_t i = 0; i < FAMILY_COUNT; i++)
		for (size_t j = 0; j < 2 && kinds[i].places[j].used; j++)
			hash_close((void *)((unsigned char *)s +
			                    kinds[i].places[j].table));
	hash_close(&s->pieces);
	free(s->carriers);
	free(s);
	return true;
}

void snapshot_free(struct snapshot *s)
{
	if (s)
		(void)snapshot_free_some(s, SIZE_MAX);
}

/* --- looking things up ---------------------------------------------------------- */

const struct account *snapshot_account(const struct snapshot *s,
                                       const char *sid)
{
	struct hash_entry *e = hash_find(&s->accounts, sid);

	return e ? &hash_object(e, struct account_entry, by_sid)->account
	         : NULL;
}

const struct domain *snapshot_domain(const struct snapshot *s, const char *name)
{
	struct hash_entry *e = hash_find(&s->domains, name);

	return e ? &hash_object(e, struct domain_entry, by_name)->domain : NULL;
}

const struct domain *snapshot_domain_by_sid(const struct snapshot *s,
                                            const char *sid)
{
	struct hash_entry *e = hash_find(&s->domain_sids, sid);

	return e ? &hash_object(e, struct domain_entry, by_sid)->domain : NULL;
}

const struct number *snapshot_number(const struct snapshot *s, const char *e164)
{
	struct hash_entry *e = hash_find(&s->numbers, e164);
	struct number_entry *n =
		e ? hash_object(e, struct number_entry, by_number) : NULL;

	if (n)
		snapshot_apply_application(s, n);
	return n ? &n->number : NULL;
}

const struct number *snapshot_number_by_sid(const struct snapshot *s,
                                            const char *sid)
{
	struct hash_entry *e = hash_find(&s->number_sids, sid);

	return e ? &hash_object(e, struct number_entry, by_sid)->number : NULL;
}

const struct domain *snapshot_emergency_domain(const struct snapshot *s,
                                               const char *account_sid)
{
	struct hash_iter it = hash_iter(&s->domains);
	const struct domain *found = NULL;
	struct hash_entry *e;

	while ((e = hash_next(&it))) {
		const struct domain *d =
			&hash_object(e, struct domain_entry, by_name)->domain;

		if (!d->emergency || strcmp(d->account_sid, account_sid) != 0)
			continue;
		if (!found ||
		    (*d->emergency_caller_sid && !*found->emergency_caller_sid))
			found = d;
	}
	return found;
}
