/*
 * snapshot.c - all that another process needs to go on with a call, in Redis
 */
#include "snapshot.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "ask.h"
#include "base/json_text.h"
#include "base/service.h"
#include "base/strbuf.h"
#include "core/url.h"
#include "loop/loop.h"
#include "media.h"
#include "sip.h"
#include "store.h"
#include "store/redis.h"
#include "told.h"

enum { ARGS_MORE = 32 }; /* arguments of a snapshot that are not fields */
enum { NUMBER_SIZE = 24 };

/* One script, one round trip: refused when the call has a newer owner. ARGV:
 * epoch, then for each key what of it is told, the number of pairs, the pairs. */
static struct redis_script save_script = {
	.source = "local e = redis.call('HGET', KEYS[1], 'epoch')\n"
		  "if e and tonumber(e) > tonumber(ARGV[1]) then return 0 end\n"
		  "local i = 2\n"
		  "for k = 1, 4 do\n"
		  "  local how, n = ARGV[i], tonumber(ARGV[i + 1])\n"
		  "  i = i + 2\n"
		  "  if how == 'all' and k > 1 then\n"
		  "    redis.call('DEL', KEYS[k])\n"
		  "  elseif how == 'all' then\n" /* the record's fields stay */
		  "    local keep = {" STORE_RECORD_FIELDS ", owner=1}\n"
		  "    for j = i, i + 2 * n - 2, 2 do keep[ARGV[j]] = 1 end\n"
		  "    for _, f in ipairs(redis.call('HKEYS', KEYS[k])) do\n"
		  "      if not keep[f] then\n"
		  "        redis.call('HDEL', KEYS[k], f)\n"
		  "      end\n"
		  "    end\n"
		  "  end\n"
		  "  if n > 0 then\n"
		  "    redis.call('HSET', KEYS[k],\n"
		  "               unpack(ARGV, i, i + 2 * n - 1))\n"
		  "  end\n"
		  "  i = i + 2 * n\n"
		  "end\n"
		  "return 1\n",
};

struct saved {
	struct ask ask;
};

static void on_saved(void *arg, int err, const redisReply *reply)
{
	struct saved *saved = arg;
	struct app *app = saved->ask.app;
	struct owned *o = app_find(app, saved->ask.call_sid);

	ask_free(&saved->ask);
	if (!o)
		return;
	if (err) { /* Redis may have it, or not */
		told_forget(&o->told);
		snapshot_save(app, o, NULL);
	}
	if (err == EPROTO)
		log_error(&o->log, "snapshot was refused: %s", reply->str);
	else if (!err && reply->type == REDIS_REPLY_INTEGER &&
	         reply->integer == 0) {
		log_warn(&o->log, "another controller owns the call now");
		app_forget(app, o);
	}
}

struct args {
	int n, max;
	bool masked; /* some field shows *** for a secret */
	struct told *told;
	int begin; /* of the group being written: how, and the number of pairs */
	unsigned group;
	char counts[TOLD_GROUPS][NUMBER_SIZE];
	const char *v[]; /* max of them */
};

static void begin_group(struct args *a)
{
	a->begin = a->n;
	a->n += 2;
}

static void end_group(struct args *a)
{
	static const char *const how[] = {
		[TOLD_SAME] = "same", [TOLD_SOME] = "some", [TOLD_ALL] = "all"};
	const char **pairs = &a->v[a->begin + 2];
	size_t n = (size_t)(a->n - a->begin - 2) / 2;
	enum told_news news = told_compare(a->told, a->group, pairs, &n);

	if (news == TOLD_SAME)
		n = 0;
	(void)snprintf(a->counts[a->group], NUMBER_SIZE, "%zu", n);
	a->v[a->begin] = how[news];
	a->v[a->begin + 1] = a->counts[a->group++];
	a->n = a->begin + 2 + 2 * (int)n;
}

static void add_pair(struct args *a, const char *name, const char *value)
{
	if (a->n + 2 > a->max || !value)
		return;
	a->v[a->n++] = name;
	a->v[a->n++] = value;
}

/* People read these hashes: a password in a URL is not for them. */
static void add_fields(struct args *a, struct fields *f, enum field_group group)
{
	for (size_t i = 0; i < f->n; i++) {
		const char *masked;

		if (f->v[i].group != group)
			continue;
		masked = url_mask(&f->arena, f->v[i].value);
		a->masked = a->masked || masked;
		add_pair(a, f->v[i].name, masked ? masked : f->v[i].value);
	}
}

/* As it is to be kept in Redis; NULL when it can not be sealed: then it is not
 * kept at all */
static const char *sealed(struct redis *r, struct arena *a, const char *value)
{
	char *text = NULL;

	if (redis_seal_field(r, "password", value, &text))
		return NULL;
	if (text)
		value = arena_str(a, text);
	free(text);
	return value;
}

/* The URLs that were masked, whole, by group and name */
static void add_secrets(struct redis *r, struct args *a, struct fields *f)
{
	for (size_t i = 0; a->masked && i < f->n; i++)
		if (f->v[i].group != FIELD_LEG &&
		    url_mask(&f->arena, f->v[i].value))
			add_pair(a,
			         arena_printf(&f->arena, "%s %s",
			                      f->v[i].group == FIELD_CALL
			                              ? "call"
			                              : "twiml",
			                      f->v[i].name),
			         sealed(r, &f->arena, f->v[i].value));
}

/* Fields of one leg, which stand together, become one JSON object. */
static const char *leg_text(const struct owned *o, const struct fields *f,
                            size_t *at, struct strbuf *b)
{
	const char *key = f->v[*at].key;
	size_t len;

	strbuf_reset(b);
	strbuf_add(b, "{\"core\":{");
	for (; *at < f->n && f->v[*at].group == FIELD_LEG &&
	       strcmp(f->v[*at].key, key) == 0;
	     (*at)++)
		json_text_member(b, f->v[*at].name, f->v[*at].value);
	strbuf_addc(b, '}');
	len = b->len;
	json_text_name(b, "sip");
	if (!sip_save(o, (unsigned)strtoul(key, NULL, 10), b))
		b->s[b->len = len] = '\0';
	strbuf_addc(b, '}');
	return key;
}

static void add_legs(struct args *a, const struct owned *o, struct fields *f)
{
	struct strbuf b = {0};
	size_t i = 0;

	while (i < f->n) {
		const char *key;

		if (f->v[i].group != FIELD_LEG) {
			i++;
			continue;
		}
		key = leg_text(o, f, &i, &b);
		if (!b.failed)
			add_pair(a, key, arena_strn(&f->arena, b.s, b.len));
	}
	strbuf_close(&b);
}

static void write_snapshot(struct app *app, struct owned *o, struct args *a)
{
	char call[STORE_KEY_MAX], legs[STORE_KEY_MAX], twiml[STORE_KEY_MAX];
	char secret[STORE_KEY_MAX], epoch[NUMBER_SIZE];
	struct saved *saved = ask_alloc(app, sizeof(*saved), o->sid);

	if (!saved)
		return;
	(void)snprintf(call, sizeof(call), "call:{%s}", o->sid);
	(void)snprintf(legs, sizeof(legs), "call:{%s}:legs", o->sid);
	(void)snprintf(twiml, sizeof(twiml), "call:{%s}:twiml", o->sid);
	(void)snprintf(secret, sizeof(secret), "call:{%s}:secret", o->sid);
	(void)snprintf(epoch, sizeof(epoch), "%llu",
	               (unsigned long long)o->epoch);
	a->v[0] = call;
	a->v[1] = legs;
	a->v[2] = twiml;
	a->v[3] = secret;
	a->v[4] = epoch;
	a->n = 5;
	begin_group(a);
	add_fields(a, app->fields, FIELD_CALL);
	add_pair(a, "owner", service_instance(app->service));
	add_pair(a, "epoch", epoch);
	add_pair(a, "session", call_session(o->call));
	add_pair(a, "relay", media_relay(o));
	add_pair(a, "sip_domain", o->domain);
	end_group(a);
	begin_group(a);
	add_legs(a, o, app->fields);
	end_group(a);
	begin_group(a);
	add_fields(a, app->fields, FIELD_TWIML);
	end_group(a);
	begin_group(a);
	add_secrets(app->redis, a, app->fields);
	end_group(a);
	if (!redis_eval(app->redis, &save_script, on_saved, saved, 4, a->n,
	                a->v, NULL))
		return;
	told_forget(&o->told);
	ask_free(&saved->ask);
}

static void write_one(struct app *app, struct owned *o)
{
	struct args *args = NULL;
	size_t max;

	if (!call_save(o->call, app->fields)) {
		max = 4 * app->fields->n + ARGS_MORE;
		args = malloc(sizeof(*args) + max * sizeof(args->v[0]));
	}
	if (args) {
		*args = (struct args){.max = (int)max, .told = &o->told};
		write_snapshot(app, o, args);
	} else {
		log_error(&o->log, "out of memory: no snapshot");
	}
	free(args);
}

void snapshot_flush(void *arg)
{
	struct app *app = arg;

	while (app->dirty) {
		struct owned *o = app->dirty;

		app->dirty = o->next_dirty;
		o->dirty = false;
		if (redis_up(app->redis)) /* else when it is back */
			write_one(app, o);
	}
}

void snapshot_forget(struct app *app, struct owned *o)
{
	struct owned **op = &app->dirty;

	while (*op && *op != o)
		op = &(*op)->next_dirty;
	if (*op)
		*op = o->next_dirty;
}

static void save_within(struct app *app, struct owned *o, uint32_t ms)
{
	if (ms == 0 || !app->dirty)
		timer_start(app->save_timer, ms);
	if (o->dirty)
		return;
	o->dirty = true;
	o->next_dirty = app->dirty;
	app->dirty = o;
}

void snapshot_save(struct app *app, struct owned *o, const struct command *cmd)
{
	bool urgent =
		!o->saved || (call_answered(o->call) && !o->saved_answered);

	(void)cmd;
	o->saved = true;
	o->saved_answered = call_answered(o->call);
	save_within(app, o, urgent ? 0 : SNAPSHOT_DELAY_MS);
}

void snapshot_save_soon(struct app *app, struct owned *o)
{
	save_within(app, o, 0);
}

void snapshot_save_all(struct app *app)
{
	struct hash_iter it = hash_iter(&app->calls);
	struct hash_entry *e;

	while ((e = hash_next(&it))) {
		struct owned *o = hash_object(e, struct owned, entry);

		told_forget(&o->told);
		snapshot_save(app, o, NULL);
	}
}
