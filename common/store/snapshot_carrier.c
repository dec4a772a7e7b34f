/*
 * snapshot_carrier.c - the carriers of a snapshot
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/json_read.h"
#include "store/snapshot_parts.h"

enum { HOST_SIZE = 64 }; /* an IP address as text, and NUL */

static uint32_t number_of(const json_t *object, const char *name)
{
	json_int_t n = json_integer_value(json_object_get(object, name));

	return n < 0 || n > UINT16_MAX ? 0 : (uint32_t)n;
}

static int read_target(struct snapshot *s, const json_t *object,
                       struct carrier_target *t)
{
	t->uri = snapshot_copy(s, json_read_text(object, "uri"));
	t->username = snapshot_copy(s, json_read_text(object, "username"));
	t->password = snapshot_copy(s, json_read_text(object, "password"));
	t->priority = number_of(object, "priority");
	t->weight = number_of(object, "weight");
	if (!t->uri || !t->username || !t->password)
		return ENOMEM;
	return *t->uri ? 0 : EINVAL;
}

/* The targets of a carrier, a JSON list */
static int read_targets(struct snapshot *s, const struct record *r,
                        struct carrier *out)
{
	json_t *list = json_loads(record_get(r, "targets", "[]"), 0, NULL);
	struct carrier_target *targets;
	size_t n = json_array_size(list);
	int err = EINVAL;

	if (!json_is_array(list) || n > CARRIER_TARGETS_MAX)
		goto out;
	err = ENOMEM;
	targets = snapshot_get(s, (n + 1) * sizeof(*targets));
	if (!targets)
		goto out;
	err = 0;
	for (size_t i = 0; i < n && !err; i++)
		err = read_target(s, json_array_get(list, i), &targets[i]);
	out->targets = targets;
	out->n_targets = n;
out:
	json_decref(list);
	return err;
}

static int read_carrier(struct snapshot *s, const struct record *r,
                        struct carrier_entry *e)
{
	struct carrier *c = &e->carrier;
	int err;

	c->sid = record_copy(s, r, "sid", "");
	c->name = record_copy(s, r, "friendly_name", "");
	c->account_sid = record_copy(s, r, "account_sid", "");
	c->prefixes = record_copy(s, r, "prefixes", "");
	c->priority = record_uint(r, "priority", 10);
	c->strip_plus = record_bool(r, "strip_plus", false);
	c->prefix = record_copy(s, r, "prefix", "");
	c->country = record_copy(s, r, "country", "");
	c->host = record_copy(s, r, "host", "");
	c->username = record_copy(s, r, "username", "");
	c->ha1_md5 = record_copy(s, r, "ha1_md5", "");
	c->ha1_sha256 = record_copy(s, r, "ha1_sha256", "");
	c->md5_only = record_bool(r, "md5_only", false);
	c->emergency = record_bool(r, "emergency", false);
	c->any_media_source =
		strcmp(record_get(r, "media_source", ""), "any") == 0;
	if (!c->sid || !c->name || !c->account_sid || !c->prefixes ||
	    !c->prefix || !c->country || !c->host || !c->username ||
	    !c->ha1_md5 || !c->ha1_sha256)
		return ENOMEM;
	err = record_cidrs(s, r, "sources", &e->sources);
	return err ? err : read_targets(s, r, c);
}

/* Does @p x come before @p y? */
static bool before(const struct carrier *x, const struct carrier *y)
{
	if (x->priority != y->priority)
		return x->priority < y->priority;
	return strcmp(x->sid, y->sid) < 0;
}

static int make_room(struct snapshot *s)
{
	size_t room = s->carriers_room ? 2 * s->carriers_room : 16;
	struct carrier_entry **grown;

	if (s->n_carriers < s->carriers_room)
		return 0;
	grown = realloc(s->carriers, room * sizeof(struct carrier_entry *));
	if (!grown)
		return ENOMEM;
	s->carriers = grown;
	s->carriers_room = room;
	return 0;
}

int snapshot_add_carrier(struct snapshot *s, const struct record *r)
{
	struct carrier_entry *e = snapshot_entry(s, sizeof(*e));
	int err = e ? read_carrier(s, r, e) : ENOMEM;
	size_t at;

	if (!err && !*e->carrier.sid)
		err = EINVAL;
	if (!err)
		err = make_room(s);
	if (err)
		return err;
	at = s->n_carriers++;
	for (; at && before(&e->carrier, &s->carriers[at - 1]->carrier); at--)
		s->carriers[at] = s->carriers[at - 1];
	s->carriers[at] = e;
	return 0;
}

void snapshot_drop_carrier(struct snapshot *s, const struct carrier_entry *e)
{
	size_t at = 0;

	while (at < s->n_carriers && s->carriers[at] != e)
		at++;
	if (at == s->n_carriers)
		return;
	s->n_carriers--;
	for (; at < s->n_carriers; at++)
		s->carriers[at] = s->carriers[at + 1];
}

const struct carrier *snapshot_carrier_nth(const struct snapshot *s, size_t n)
{
	return n < s->n_carriers ? &s->carriers[n]->carrier : NULL;
}

static bool list_has(const struct cidr_list *list,
                     const struct cidr_address *ip)
{
	for (size_t i = 0; i < list->n; i++)
		if (cidr_contains(&list->v[i], ip))
			return true;
	return false;
}

const struct carrier *snapshot_carrier_by_source(const struct snapshot *s,
                                                 const struct cidr_address *ip)
{
	for (size_t i = 0; i < s->n_carriers; i++)
		if (list_has(&s->carriers[i]->sources, ip))
			return &s->carriers[i]->carrier;
	return NULL;
}

/* "sip:192.0.2.1:5062;transport=tcp", "sip:user@[2001:db8::1]" */
static bool target_is(const char *uri, const struct cidr_address *ip)
{
	const char *host = strchr(uri, '@');
	struct cidr_address address;
	char text[HOST_SIZE];
	bool ip6;

	if (!host)
		host = strchr(uri, ':');
	if (!host)
		return false;
	ip6 = host[1] == '[';
	host += ip6 ? 2 : 1;
	(void)snprintf(text, sizeof(text), "%.*s",
	               (int)strcspn(host, ip6 ? "]" : ":;?"), host);
	return !cidr_address_parse(&address, text) &&
	       memcmp(&address, ip, sizeof(address)) == 0;
}

static bool carrier_is(const struct carrier_entry *e,
                       const struct cidr_address *ip)
{
	if (list_has(&e->sources, ip))
		return true;
	for (size_t i = 0; i < e->carrier.n_targets; i++)
		if (target_is(e->carrier.targets[i].uri, ip))
			return true;
	return false;
}

bool snapshot_carrier_has(const struct snapshot *s, const char *sid,
                          const struct cidr_address *ip)
{
	for (size_t i = 0; i < s->n_carriers; i++)
		if (strcmp(s->carriers[i]->carrier.sid, sid) == 0)
			return carrier_is(s->carriers[i], ip);
	return false;
}

bool snapshot_access_list_has(const struct snapshot *s, const char *sid,
                              const struct cidr_address *ip)
{
	struct hash_entry *e = hash_find(&s->access_lists, sid);

	return e && list_has(&hash_object(e, struct access_list_entry, by_sid)
	                              ->addresses,
	                     ip);
}
