/*
 * snapshot_rates.c - what calls of the accounts of a snapshot cost
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "base/json_read.h"
#include "store/snapshot_parts.h"

enum { MINIMUM_S = 60, INCREMENT_S = 60, NAME_SIZE = 160 };

static int read_rate(struct snapshot *s, const json_t *object, struct rate *out)
{
	const char *direction = json_read_text(object, "direction");
	const json_t *minimum = json_object_get(object, "minimum");
	const json_t *increment = json_object_get(object, "increment");

	out->direction = strcmp(direction, "inbound") == 0    ? RATE_INBOUND
	                 : strcmp(direction, "outbound") == 0 ? RATE_OUTBOUND
	                                                      : RATE_BOTH;
	out->prefix = snapshot_copy(s, json_read_text(object, "prefix"));
	out->minimum_s =
		minimum ? (uint32_t)json_integer_value(minimum) : MINIMUM_S;
	out->increment_s = increment ? (uint32_t)json_integer_value(increment)
	                             : INCREMENT_S;
	if (!out->prefix)
		return ENOMEM;
	return rate_price_parse(json_read_text(object, "per_minute"),
	                        &out->per_minute)
	               ? 0
	               : EINVAL;
}

int snapshot_add_rates(struct snapshot *s, const struct record *r)
{
	struct rates_entry *e = snapshot_entry(s, sizeof(*e));
	/* One of an account is called "AC…/default". */
	const char *name =
		record_copy(s, r, "name", record_get(r, "friendly_name", ""));
	json_t *list = json_loads(record_get(r, "rates", "[]"), 0, NULL);
	size_t n = json_array_size(list);
	struct rate *rates = NULL;
	int err = e && name ? 0 : ENOMEM;

	if (!err && (!*name || !json_is_array(list) || n > RATES_MAX))
		err = EINVAL;
	if (!err) {
		rates = snapshot_get(s, (n + 1) * sizeof(*rates));
		e->table.currency = record_copy(s, r, "currency", "USD");
		err = rates && e->table.currency ? 0 : ENOMEM;
	}
	for (size_t i = 0; i < n && !err; i++)
		err = read_rate(s, json_array_get(list, i), &rates[i]);
	if (!err) {
		e->table.rates = rates;
		e->table.n = n;
		hash_add(&s->rates, &e->by_name, name);
	}
	json_decref(list);
	return err;
}

const struct rate_table *snapshot_rates(const struct snapshot *s,
                                        const char *account_sid)
{
	const struct account *a = snapshot_account(s, account_sid);
	const char *name = a && *a->rates ? a->rates : "default";
	char own[NAME_SIZE];
	struct hash_entry *e;

	(void)snprintf(own, sizeof(own), "%s/%s",
	               a && *a->owner ? a->owner : account_sid, name);
	e = hash_find(&s->rates, own);
	if (!e)
		e = hash_find(&s->rates, name);
	return e ? &hash_object(e, struct rates_entry, by_name)->table : NULL;
}
