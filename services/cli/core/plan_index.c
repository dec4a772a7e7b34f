/*
 * plan_index.c - where the API finds what the file says (proto/README.md)
 *
 * Pure: no I/O, no clock, no log.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "store/time.h"

#include "plan_impl.h"

enum { KEY = 320 };

void plan_dates(struct plan *p)
{
	char now[TIME_TEXT_SIZE];

	time_text(p->now_ms, now);
	plan_pair(p, "date_created", now);
	plan_pair(p, "date_updated", now);
}

static int put(struct plan *p, const char *account, const char *sid,
               const char *key)
{
	char sids[KEY];

	(void)snprintf(sids, sizeof(sids), "sids:{%s}", account);
	plan_word(p, "HSET");
	plan_word(p, sids);
	plan_pair(p, sid, key);
	return plan_give(p);
}

static int list(struct plan *p, const char *index, const char *sid)
{
	char score[24];

	(void)snprintf(score, sizeof(score), "%" PRIu64, p->now_ms);
	plan_word(p, "ZADD");
	plan_word(p, index);
	plan_pair(p, score, sid);
	return plan_give(p);
}

/* An address of an access list is a thing of its own to the API. */
static int put_address(struct plan *p, const struct object *o, const char *cidr)
{
	const char *account = object_account(o)->sid;
	size_t n = strcspn(cidr, "/");
	char sid[SID_SIZE], key[KEY], address[64], index[KEY];
	uint64_t sum = hash_bytes(cidr, strlen(cidr), 0);
	int err;

	(void)snprintf(sid, sizeof(sid), "IP%016" PRIx64 "%016" PRIx64,
	               hash_bytes(o->sid, strlen(o->sid), sum), sum);
	(void)snprintf(key, sizeof(key), "access-list:%s:address:%s", o->sid,
	               sid);
	(void)snprintf(address, sizeof(address), "%.*s", (int)n, cidr);
	(void)snprintf(index, sizeof(index), "addresses:{%s}", o->sid);
	plan_word(p, "HSET");
	plan_word(p, key);
	plan_pair(p, "sid", sid);
	plan_pair(p, "account_sid", account);
	plan_pair(p, "ip_access_control_list_sid", o->sid);
	plan_pair(p, "friendly_name", cidr);
	plan_pair(p, "ip_address", address);
	plan_pair(p, "cidr_prefix_length",
	          cidr[n]             ? cidr + n + 1
	          : strchr(cidr, ':') ? "128"
	                              : "32");
	plan_dates(p);
	err = plan_give(p);
	if (!err)
		err = put(p, account, sid, key);
	return err ? err : list(p, index, sid);
}

static int put_addresses(struct plan *p, const struct object *o)
{
	const struct node *all = object_value(o, "addresses")->node;
	int err = 0;

	for (size_t i = 0; all && i < all->n && !err; i++)
		err = put_address(p, o, all->values[i]->text);
	return err;
}

static int put_verified(struct plan *p, const struct object *o)
{
	char key[KEY];

	(void)snprintf(key, sizeof(key), "verified-numbers:{%s}",
	               object_account(o)->sid);
	plan_word(p, "HSET");
	plan_word(p, key);
	plan_pair(p, object_name(o), o->sid);
	return plan_give(p);
}

int plan_index(struct plan *p, const struct object *o, const char *key)
{
	const struct object *account = object_account(o);
	char index[KEY];
	int err;

	if (o->id == KIND_ACCOUNT || !account)
		return 0; /* carriers of nobody are not the API's */
	if (o->id == KIND_USER)
		(void)snprintf(index, sizeof(index), "credentials:{%s}",
		               o->owner->sid);
	else
		(void)snprintf(index, sizeof(index), "%s:{%s}", o->kind->set,
		               account->sid);
	err = put(p, account->sid, o->sid, key);
	if (!err)
		err = list(p, index, o->sid);
	if (!err && o->id == KIND_ACCESS_LIST)
		err = put_addresses(p, o);
	if (!err && o->id == KIND_CALLER_ID)
		err = put_verified(p, o);
	return err;
}
