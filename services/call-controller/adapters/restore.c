/*
 * restore.c - a call out of its four hashes in Redis
 */
#include "restore.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include <jansson.h>

#include "app.h"
#include "media.h"
#include "sip.h"
#include "store/redis.h"
#include "store/seal.h"

static int add(struct restore *r, enum field_group group, const char *key,
               const char *name, const char *value)
{
	struct fields *f = r->fields;

	if (f->n == FIELDS_MAX)
		return EINVAL;
	f->v[f->n++] = (struct field){
		.group = group,
		.key = arena_str(&f->arena, key),
		.name = arena_str(&f->arena, name),
		.value = arena_str(&f->arena, value),
	};
	return f->arena.failed ? ENOMEM : 0;
}

static int add_all(struct restore *r, enum field_group group,
                   const redisReply *reply)
{
	int err = 0;

	if (reply->type != REDIS_REPLY_ARRAY)
		return EINVAL;
	for (size_t i = 0; i + 1 < reply->elements && !err; i += 2)
		err = add(r, group, "", reply->element[i]->str,
		          reply->element[i + 1]->str);
	return err;
}

static const char *find(const redisReply *reply, const char *name)
{
	for (size_t i = 0; i + 1 < reply->elements; i += 2)
		if (strcmp(reply->element[i]->str, name) == 0)
			return reply->element[i + 1]->str;
	return "";
}

int restore_record(struct restore *r, const redisReply *reply)
{
	if (reply->type != REDIS_REPLY_ARRAY)
		return EINVAL;
	r->fields = calloc(1, sizeof(*r->fields));
	r->legs = json_object();
	if (!r->fields || !r->legs)
		return ENOMEM;
	fields_init(r->fields);
	(void)snprintf(r->relay, sizeof(r->relay), "%s", find(reply, "relay"));
	(void)snprintf(r->domain, sizeof(r->domain), "%s",
	               find(reply, "sip_domain"));
	r->epoch = strtoull(find(reply, "epoch"), NULL, 10);
	return add_all(r, FIELD_CALL, reply);
}

int restore_twiml(struct restore *r, const redisReply *reply)
{
	return add_all(r, FIELD_TWIML, reply);
}

/* "call voice_url" stands for the masked field of that group and name. */
static int unmask(struct restore *r, const char *name, const char *value)
{
	enum field_group group =
		strncmp(name, "call ", 5) == 0 ? FIELD_CALL : FIELD_TWIML;
	struct fields *f = r->fields;

	name += strcspn(name, " ");
	for (size_t i = 0; i < f->n && *name; i++)
		if (f->v[i].group == group &&
		    strcmp(f->v[i].name, name + 1) == 0)
			f->v[i].value = arena_str(&f->arena, value);
	return f->arena.failed ? ENOMEM : 0;
}

static int unmask_sealed(struct restore *r, struct redis *redis,
                         const char *name, const char *value)
{
	char *opened = NULL;
	int err = redis_open_field(redis, "password", value, &opened);

	if (!err)
		err = unmask(r, name, opened ? opened : value);
	seal_cleanse(opened);
	return err;
}

int restore_secret(struct restore *r, struct redis *redis,
                   const redisReply *reply)
{
	int err = 0;

	if (reply->type != REDIS_REPLY_ARRAY)
		return EINVAL;
	for (size_t i = 0; i + 1 < reply->elements && !err; i += 2)
		err = unmask_sealed(r, redis, reply->element[i]->str,
		                    reply->element[i + 1]->str);
	return err;
}

static int restore_leg(struct restore *r, const char *key, const char *text)
{
	json_t *leg = json_loads(text, 0, NULL);
	json_t *core = json_object_get(leg, "core");
	const char *name;
	json_t *value;
	int err = leg ? 0 : EINVAL;

	json_object_foreach(core, name, value)
	{
		if (!err && json_is_string(value))
			err = add(r, FIELD_LEG, key, name,
			          json_string_value(value));
	}
	if (!err && json_is_object(json_object_get(leg, "sip")))
		(void)json_object_set(r->legs, key,
		                      json_object_get(leg, "sip"));
	json_decref(leg);
	return err;
}

int restore_legs(struct restore *r, const redisReply *reply)
{
	int err = 0;

	if (reply->type != REDIS_REPLY_ARRAY)
		return EINVAL;
	for (size_t i = 0; i + 1 < reply->elements && !err; i += 2)
		err = restore_leg(r, reply->element[i]->str,
		                  reply->element[i + 1]->str);
	return err;
}

static int restore_dialogs(const struct restore *r, struct owned *o)
{
	const char *number;
	json_t *saved;
	int err = 0;

	json_object_foreach(r->legs, number, saved)
	{
		if (!err)
			err = sip_restore(
				o, (unsigned)strtoul(number, NULL, 10), saved);
	}
	return err;
}

int restore_call(struct restore *r, struct app *app)
{
	struct event ev = app_event(EV_RESTORED, 0);
	uint8_t seed[SEED_SIZE];
	struct call *call = NULL;
	struct owned *o;
	char sid[SID_SIZE];
	int err;

	if (getrandom(seed, sizeof(seed), 0) < 0)
		return errno;
	err = call_restore(&call, r->fields, seed);
	if (err)
		return err;
	o = app_add(app, call, r->domain, r->epoch);
	if (!o) {
		call_free(call);
		return ENOMEM;
	}
	err = restore_dialogs(r, o);
	if (!err)
		err = media_restore(o, r->relay);
	if (err) {
		app_forget(app, o);
		return err;
	}
	memcpy(sid, o->sid, sizeof(sid));
	app_step(app, sid, &ev);
	return 0;
}

void restore_close(struct restore *r)
{
	if (r->fields)
		fields_close(r->fields);
	free(r->fields);
	json_decref(r->legs);
}
