/*
 * snapshot.c - the configuration as it was read once
 */
#include "store/snapshot.h"

#include <errno.h>
#include <string.h>

#include "store/snapshot_parts.h"

enum { EXPIRES_MIN_S = 60, EXPIRES_MAX_S = 3600 };

static int add_account(struct snapshot *s, const struct record *r)
{
	struct account_entry *e = snapshot_get(s, sizeof(*e));

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
	struct domain_entry *e = snapshot_get(s, sizeof(*e));
	struct domain *d = e ? &e->domain : NULL;
	int err;

	if (!e)
		return ENOMEM;
	d->sid = record_copy(s, r, "sid", "");
	d->name = record_copy(s, r, "domain_name", "");
	d->realm = record_copy(s, r, "realm", "");
	d->account_sid = record_copy(s, r, "account_sid", "");
	d->default_caller_id = record_copy(s, r, "default_caller_id", "");
	d->registration = record_bool(r, "sip_registration", false);
	d->secure = record_bool(r, "secure", false);
	d->md5_only = record_bool(r, "md5_only", false);
	d->expires_min = record_uint(r, "expires_min", EXPIRES_MIN_S);
	d->expires_default = record_uint(r, "expires_default", EXPIRES_MAX_S);
	d->expires_max = record_uint(r, "expires_max", EXPIRES_MAX_S);
	if (!d->sid || !d->name || !d->realm || !d->account_sid ||
	    !d->default_caller_id)
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
	struct access_list_entry *e = snapshot_get(s, sizeof(*e));
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
	struct number_entry *e = snapshot_get(s, sizeof(*e));
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
	err = record_voice(s, r, &n->voice);
	if (err)
		return err;
	hash_add(&s->numbers, &e->by_number, n->number);
	return 0;
}

int snapshot_add(struct snapshot *s, enum family family,
                 const struct record *record)
{
	static int (*const add[FAMILY_COUNT])(struct snapshot * s,
	                                      const struct record *r) = {
		[FAMILY_ACCOUNT] = add_account,
		[FAMILY_DOMAIN] = add_domain,
		[FAMILY_ACCESS_LIST] = add_access_list,
		[FAMILY_NUMBER] = add_number,
		[FAMILY_CARRIER] = snapshot_add_carrier,
		[FAMILY_PERMISSIONS] = snapshot_add_permissions,
		[FAMILY_APPLICATION] = snapshot_add_application,
		[FAMILY_CALLER_ID] = snapshot_add_caller_id,
		[FAMILY_RATES] = snapshot_add_rates,
	};

	return add[family](s, record);
}

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

	return e ? &hash_object(e, struct number_entry, by_number)->number
	         : NULL;
}
