/*
 * plan.c - the Redis commands that make a model the configuration
 *
 * Pure: no I/O, no clock, no log.
 */
#include "plan.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/strbuf.h"

#include "numbering/number_range.h"
#include "store/ha1.h"
#include "store/tenants.h"
#include "store/value.h"

#include "plan_impl.h"

/* The last part of the key of @p o: what people know it by. */
static const char *last_part(const struct object *o)
{
	if (o->id == KIND_DOMAIN || o->id == KIND_NUMBER || o->id == KIND_RATES)
		return object_name(o);
	return o->sid;
}

static void add_list(struct strbuf *b, const char *item)
{
	if (b->len)
		strbuf_addc(b, ' ');
	strbuf_add(b, item);
}

/* A list as one text: values as they stand, names as the SIDs they mean. */
static void list_pair(struct plan *p, const struct object *o,
                      const struct field *f, const struct node *list)
{
	struct strbuf b = {0};

	for (size_t i = 0; list && i < list->n; i++) {
		const char *text = list->values[i]->text;
		const struct object *to = NULL;

		if (f->type == FIELD_NAMES)
			to = model_find(p->m, o, f->ref, text);
		add_list(&b, to ? to->sid : text);
		if (o->id == KIND_ACCESS_LIST && !strchr(text, '/'))
			strbuf_add(&b, strchr(text, ':') ? "/128" : "/32");
	}
	p->w.failed = p->w.failed || b.failed;
	plan_pair(p, f->name, strbuf_str(&b));
	strbuf_close(&b);
}

static void voice_pair(struct plan *p, const struct object *o)
{
	const char *name = object_text(o, "voice_bin");
	const struct object *bin =
		name[0] ? model_find(p->m, o, KIND_BIN, name) : NULL;
	struct strbuf url = {0};

	if (!bin) {
		plan_pair(p, "voice_url", object_text(o, "voice_url"));
		return;
	}
	strbuf_addf(&url, "%s/twiml/%s", p->public_url, bin->sid);
	p->w.failed = p->w.failed || url.failed;
	plan_pair(p, "voice_url", strbuf_str(&url));
	strbuf_close(&url);
}

static void emergency_pair(struct plan *p, const struct object *o)
{
	const char *number = object_text(o, "emergency_caller");
	const struct object *to =
		number[0] ? model_find(p->m, o, KIND_NUMBER, number) : NULL;

	plan_pair(p, "emergency_caller_sid", to ? to->sid : "");
}

int plan_number(const struct object *o, const char *field)
{
	uint32_t v = 0;

	(void)value_uint(object_text(o, field), 0, INT32_MAX, &v);
	return (int)v;
}

static json_t *target_json(const struct object *o)
{
	return json_pack("{s:s, s:i, s:i, s:s, s:s}", "uri",
	                 object_text(o, "uri"), "priority",
	                 plan_number(o, "priority"), "weight",
	                 plan_number(o, "weight"), "username",
	                 object_text(o, "username"), "password",
	                 object_text(o, "password"));
}

static void targets_pair(struct plan *p, const struct object *carrier)
{
	json_t *list = json_array();
	char *text = NULL;

	for (const struct object *o = carrier->next; o; o = o->next)
		if (o->id == KIND_TARGET && o->owner == carrier)
			(void)json_array_append_new(list, target_json(o));
	if (list)
		text = json_dumps(list, JSON_COMPACT);
	if (text)
		plan_pair(p, "targets", text);
	else
		p->w.failed = true;
	free(text);
	json_decref(list);
}

static int carrier_pairs(struct plan *p, const struct object *o)
{
	struct ha1 ha1 = {"", ""};
	int err = 0;

	if (object_text(o, "username")[0])
		err = ha1_make(&ha1, object_text(o, "username"),
		               TENANTS_CARRIER_REALM,
		               object_text(o, "password"));
	plan_pair(p, "ha1_md5", ha1.md5);
	plan_pair(p, "ha1_sha256", ha1.sha256);
	targets_pair(p, o);
	return err;
}

static void field_pairs(struct plan *p, const struct object *o)
{
	const struct field *f = o->kind->fields;

	for (int i = 0; f[i].name; i++) {
		if (f[i].hidden || f[i].type == FIELD_OBJECTS ||
		    f[i].type == FIELD_SID)
			continue;
		if (strcmp(f[i].name, "voice_url") == 0)
			voice_pair(p, o);
		else if (strcmp(f[i].name, "emergency_caller") == 0)
			emergency_pair(p, o);
		else if (f[i].type == FIELD_CIDRS ||
		         f[i].type == FIELD_PREFIXES ||
		         f[i].type == FIELD_NUMBERS || f[i].type == FIELD_NAMES)
			list_pair(p, o, &f[i], o->v[i].node);
		else
			plan_pair(p, f[i].name, o->v[i].text);
	}
}

static int write_object(struct plan *p, const struct object *o)
{
	const struct object *account = object_account(o);
	char key[256 + 32];
	int err = 0;

	(void)snprintf(key, sizeof(key), "%s%s", o->kind->family, last_part(o));
	plan_word(p, "HSET");
	plan_word(p, key);
	plan_pair(p, "sid", o->sid);
	if (o->id != KIND_ACCOUNT)
		plan_pair(p, "account_sid", account ? account->sid : "");
	field_pairs(p, o);
	if (o->id == KIND_CARRIER)
		err = carrier_pairs(p, o);
	if (o->id == KIND_RATES)
		plan_rates(p, o);
	if (o->id == KIND_NUMBER)
		plan_pair(p, "type", number_type(object_name(o)));
	plan_dates(p);
	if (!err)
		err = plan_give(p);
	if (err)
		return err;
	plan_word(p, "SADD");
	plan_pair(p, o->kind->set, last_part(o));
	err = plan_give(p);
	if (!err)
		err = plan_index(p, o, key);
	return !err && o->id == KIND_ACCOUNT ? plan_account(p, o) : err;
}

static bool maps(const struct plan *p, const struct object *domain,
                 const char *field, const struct object *list)
{
	const struct node *names = object_value(domain, field)->node;

	for (size_t i = 0; names && i < names->n; i++)
		if (model_find(p->m, domain, KIND_CREDENTIAL_LIST,
		               names->values[i]->text) == list)
			return true;
	return false;
}

/* The realms in which the users of a list may sign in: the one of the account,
 * or the domains the list is mapped to. Without either there is no HA1 at all. */
struct realms {
	const char *v[PLAN_REALMS_MAX];
	size_t n;
};

static void find_realms(const struct plan *p, const struct object *list,
                        struct realms *r)
{
	const struct object *account = object_account(list);
	const char *own = account ? object_text(account, "realm") : "";

	r->n = 0;
	if (own[0]) {
		r->v[r->n++] = own;
		return;
	}
	for (const struct object *o = p->m->first; o; o = o->next) {
		if (o->id != KIND_DOMAIN || r->n == PLAN_REALMS_MAX)
			continue;
		if (maps(p, o, "registration_credential_lists", list) ||
		    maps(p, o, "call_credential_lists", list))
			r->v[r->n++] = object_name(o);
	}
}

static int user_pairs(struct plan *p, const struct object *user,
                      const struct realms *r)
{
	char field[256 + 8];
	struct ha1 ha1;
	int err = 0;

	for (size_t i = 0; i < r->n && !err; i++) {
		err = ha1_make(&ha1, object_name(user), r->v[i],
		               object_text(user, "password"));
		(void)snprintf(field, sizeof(field), "md5 %s", r->v[i]);
		plan_pair(p, field, ha1.md5);
		(void)snprintf(field, sizeof(field), "sha256 %s", r->v[i]);
		plan_pair(p, field, ha1.sha256);
	}
	return err;
}

static int write_user(struct plan *p, const struct object *user,
                      const struct realms *r)
{
	char key[128];
	int err;

	(void)snprintf(key, sizeof(key), "credential-list:%s:user:%s",
	               user->owner->sid, object_name(user));
	plan_word(p, "HSET");
	plan_word(p, key);
	plan_pair(p, "sid", user->sid);
	plan_pair(p, "account_sid", object_account(user)->sid);
	plan_pair(p, "credential_list_sid", user->owner->sid);
	plan_pair(p, "username", object_name(user));
	plan_dates(p);
	err = user_pairs(p, user, r);
	if (!err)
		err = plan_give(p);
	if (!err)
		err = plan_index(p, user, key);
	if (err)
		return err;
	(void)snprintf(key, sizeof(key), "credential-list:%s:users",
	               user->owner->sid);
	plan_word(p, "SADD");
	plan_pair(p, key, object_name(user));
	return plan_give(p);
}

int plan_write(const struct model *m, const char *public_url, uint64_t now_ms,
               plan_command_h *handler, void *arg)
{
	struct plan p = {.m = m,
	                 .public_url = public_url,
	                 .now_ms = now_ms,
	                 .handler = handler,
	                 .arg = arg};
	struct realms realms = {.n = 0};
	const struct object *list = NULL; /* that `realms` are of */
	int err = 0;

	for (const struct object *o = m->first; o && !err; o = o->next) {
		if (o->kind->family)
			err = write_object(&p, o);
		if (o->id != KIND_USER)
			continue;
		if (o->owner != list)
			find_realms(&p, o->owner, &realms);
		list = o->owner;
		err = write_user(&p, o, &realms);
	}
	plan_clear(&p);
	free(p.w.v);
	return err;
}
