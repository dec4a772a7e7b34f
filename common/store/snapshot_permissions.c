/*
 * snapshot_permissions.c - where the accounts of a snapshot may call
 */
#include <errno.h>
#include <string.h>

#include "numbering/country.h"
#include "store/snapshot_parts.h"

int snapshot_add_permissions(struct snapshot *s, const struct record *r)
{
	struct permissions_entry *e = snapshot_entry(s, sizeof(*e));
	const char *sid = record_copy(s, r, "account_sid", "");
	const char **v;

	if (!e || !sid)
		return ENOMEM;
	if (!*sid)
		return EINVAL;
	v = snapshot_get(s, (2 * r->n + 1) * sizeof(*v));
	if (!v)
		return ENOMEM;
	e->inherited = record_bool(r, "inheritance", true);
	e->countries = v;
	for (size_t i = 0; i < r->n; i++) {
		if (strlen(r->names[i]) != 2 && strcmp(r->names[i], "*") != 0)
			continue;
		v[e->n] = snapshot_copy(s, r->names[i]);
		v[e->n + 1] = snapshot_copy(s, r->values[i]);
		if (!v[e->n] || !v[e->n + 1])
			return ENOMEM;
		e->n += 2;
	}
	hash_add(&s->permissions, &e->by_sid, sid);
	return 0;
}

static const struct permissions_entry *find(const struct snapshot *s,
                                            const char *sid)
{
	struct hash_entry *e = hash_find(&s->permissions, sid);

	return e ? hash_object(e, struct permissions_entry, by_sid) : NULL;
}

/* What is said of a country; NULL = nothing */
static const char *words_of(const struct permissions_entry *e, const char *iso)
{
	for (size_t i = 0; e && i < e->n; i += 2)
		if (strcmp(e->countries[i], iso) == 0)
			return e->countries[i + 1];
	return NULL;
}

bool snapshot_may_dial(const struct snapshot *s, const char *account_sid,
                       const char *e164, const char *defaults)
{
	const struct account *account = snapshot_account(s, account_sid);
	const struct permissions_entry *e = find(s, account_sid);
	enum country_kind kind;
	const struct country *country = country_of(e164, &kind);
	const char *words;

	if (!country)
		return strcmp(defaults, COUNTRY_ANY) == 0;
	if (account && account->owner[0] && (!e || e->inherited))
		e = find(s, account->owner);
	words = words_of(e, country->iso);
	if (!words)
		words = words_of(e, "*");
	return country_open(country, kind, words, defaults);
}
