/*
 * doom.c - keys of the configuration as it is
 */
#include "doom.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/schema.h"
#include "store.h"

/* The sorted sets of an account, "<name>:{AC…}" */
static const char *const indexes[] = {
	"sids",         "domains",    "numbers",     "credential-lists",
	"access-lists", "bins",       "carriers",    "applications",
	"keys",         "caller-ids", "subaccounts", NULL};

/* The sets of what only the API makes */
static const char *const sets[] = {"applications", "caller-ids",
                                   "dialing-permissions", NULL};

static int add(struct doom *d, const char *prefix, const char *part,
               const char *suffix)
{
	char key[512];

	if (d->n == d->cap) {
		size_t cap = d->cap ? d->cap * 2 : 256;
		char **v = realloc(d->v, cap * sizeof(*v));

		if (!v)
			return ENOMEM;
		d->v = v;
		d->cap = cap;
	}
	(void)snprintf(key, sizeof(key), "%s%s%s", prefix, part, suffix);
	d->v[d->n] = strdup(key);
	if (!d->v[d->n])
		return ENOMEM;
	d->n++;
	return 0;
}

static int add_users(struct store *s, struct doom *d, const char *list)
{
	redisReply *r = store_ask(s, "SMEMBERS credential-list:%s:users", list);
	char prefix[256];
	int err = r ? 0 : ENOTCONN;

	(void)snprintf(prefix, sizeof(prefix),
	               "credential-list:%s:user:", list);
	for (size_t i = 0; !err && i < r->elements; i++)
		err = add(d, prefix, r->element[i]->str, "");
	if (r)
		freeReplyObject(r);
	if (!err)
		err = add(d, "credential-list:", list, ":users");
	return err ? err : add(d, "credentials:{", list, "}");
}

/* What is named by sid and index, whatever kind it is of */
static int add_account(struct store *s, struct doom *d, const char *account)
{
	redisReply *r = store_ask(s, "HVALS sids:{%s}", account);
	char suffix[64];
	int err = r ? 0 : ENOTCONN;

	(void)snprintf(suffix, sizeof(suffix), ":{%s}", account);
	for (size_t i = 0; !err && i < r->elements; i++)
		err = add(d, r->element[i]->str, "", "");
	if (r)
		freeReplyObject(r);
	for (size_t i = 0; indexes[i] && !err; i++)
		err = add(d, indexes[i], suffix, "");
	if (!err)
		err = add(d, "verified-numbers:{", account, "}");
	return err ? err : add(d, "dialing-permissions:", account, "");
}

static int add_kind(struct store *s, struct doom *d, enum kind_id id)
{
	const struct kind *k = kind_of(id);
	redisReply *r = store_ask(s, "SMEMBERS %s", k->set);
	int err = r ? 0 : ENOTCONN;

	for (size_t i = 0; !err && i < r->elements; i++) {
		const char *name = r->element[i]->str;

		err = add(d, k->family, name, "");
		if (!err && id == KIND_ACCOUNT)
			err = add_account(s, d, name);
		if (!err && id == KIND_CREDENTIAL_LIST)
			err = add_users(s, d, name);
		if (!err && id == KIND_ACCESS_LIST)
			err = add(d, "addresses:{", name, "}");
	}
	if (r)
		freeReplyObject(r);
	if (!err)
		err = add(d, k->set, "", "");
	return err;
}

int doom_all(struct store *s, struct doom *d)
{
	int err = 0;

	for (int id = 0; id < KIND_MAX && !err; id++)
		if (kind_of((enum kind_id)id)->family)
			err = add_kind(s, d, (enum kind_id)id);
	for (size_t i = 0; sets[i] && !err; i++)
		err = add(d, sets[i], "", "");
	return err;
}

void doom_close(struct doom *d)
{
	for (size_t i = 0; i < d->n; i++)
		free(d->v[i]);
	free(d->v);
}
