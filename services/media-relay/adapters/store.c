/*
 * store.c - sessions in Redis, so that a killed relay opens them again
 */
#include "store.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/record.h"
#include "adapters/recordings.h"
#include "base/service.h"
#include "loop/loop.h"
#include "store/redis.h"
#include "store/time.h"

enum { KEY_SIZE = 128, NUMBER_SIZE = 24, FIELD_SIZE = LEG_NAME_SIZE + 8 };
enum {
	ARGS_MAX = 2 + 20 +
	           2 * (2 * SESSION_LEGS_MAX + SESSION_EVENTS_MAX +
	                SESSION_RECORDINGS_MAX)
};

/* A command being put together; what `owned` holds is freed with it. */
struct args {
	size_t n;
	const char *v[ARGS_MAX];
	size_t n_owned;
	char *owned[ARGS_MAX];
	bool failed;
};

static void session_key(const struct session *s, char key[KEY_SIZE])
{
	(void)snprintf(key, KEY_SIZE, "media:{%s}", s->id);
}

static void instance_key(const struct app *app, char key[KEY_SIZE])
{
	(void)snprintf(key, KEY_SIZE, "relay:%s:sessions",
	               service_instance(app->service));
}

/* --- writing --------------------------------------------------------------- */

static void add(struct args *a, const char *name, const char *value)
{
	if (a->n + 2 > ARGS_MAX) {
		a->failed = true;
		return;
	}
	a->v[a->n++] = name;
	a->v[a->n++] = value;
}

/* Takes @p value over. */
static void add_owned(struct args *a, const char *prefix, const char *name,
                      char *value)
{
	char *field = malloc(FIELD_SIZE);

	if (!field || !value || a->n_owned + 2 > ARGS_MAX) {
		free(field);
		free(value);
		a->failed = true;
		return;
	}
	(void)snprintf(field, FIELD_SIZE, "%s%s", prefix, name);
	a->owned[a->n_owned++] = field;
	a->owned[a->n_owned++] = value;
	add(a, field, value);
}

static char *number(uint64_t n)
{
	char *text = malloc(NUMBER_SIZE);

	if (text)
		(void)snprintf(text, NUMBER_SIZE, "%" PRIu64, n);
	return text;
}

static void add_session(struct args *a, const struct app_session *as)
{
	const struct session *s = as->state;
	char *updated = malloc(TIME_TEXT_SIZE);

	if (updated)
		time_text(loop_wall_ms(), updated);
	add(a, "session", s->id);
	add(a, "call_sid", s->call_sid);
	add(a, "account_sid", s->account_sid);
	add(a, "controller", s->controller);
	add(a, "relay", service_instance(as->app->service));
	add(a, "released", s->released ? "true" : "false");
	add_owned(a, "version", "", number(s->version));
	add_owned(a, "epoch", "", number(s->epoch));
	add_owned(a, "sequence", "", number(s->sequence));
	add_owned(a, "updated", "", updated);
	for (size_t i = 0; i < s->n; i++)
		add_owned(a, "leg.", s->legs[i]->spec.name,
		          record_leg(s->legs[i]));
	for (size_t i = 0; i < s->n_recordings; i++)
		add_owned(a, "recording.", s->recordings[i]->spec.sid,
		          record_recording(s->recordings[i]));
	for (size_t i = 0; i < s->n_events; i++) {
		char name[NUMBER_SIZE];

		(void)snprintf(name, sizeof(name), "%" PRIu64,
		               s->events[i].sequence);
		add_owned(a, "event.", name, record_event(&s->events[i]));
	}
}

static size_t add_secrets(struct args *a, const struct session *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++) {
		char *secret = record_secret(s->legs[i]);

		if (!secret)
			continue;
		add_owned(a, "", s->legs[i]->spec.name, secret);
		n++;
	}
	return n;
}

static void free_args(struct args *a)
{
	for (size_t i = 0; i < a->n_owned; i++)
		free(a->owned[i]);
	free(a);
}

/* Written anew, so that nothing is left of what was played before */
static void write_secrets(struct app_session *as, int expire_s)
{
	struct redis *r = as->app->redis;
	struct args *a = calloc(1, sizeof(*a));
	char key[KEY_SIZE];
	size_t n;

	if (!a)
		return;
	(void)snprintf(key, sizeof(key), "media:{%s}:secret", as->state->id);
	a->v[a->n++] = "HSET";
	a->v[a->n++] = key;
	n = add_secrets(a, as->state);
	if (n > 0 || as->secret)
		(void)redis_command(r, NULL, NULL, "DEL %s", key);
	as->secret = n > 0;
	if (n > 0 && !a->failed) {
		(void)redis_argv(r, NULL, NULL, (int)a->n, a->v, NULL);
		(void)redis_command(r, NULL, NULL, "EXPIRE %s %d", key,
		                    expire_s);
	}
	free_args(a);
}

static void write_session(struct app_session *as, int expire_s)
{
	struct redis *r = as->app->redis;
	struct args *a = calloc(1, sizeof(*a));
	char key[KEY_SIZE];

	if (!a)
		return;
	session_key(as->state, key);
	a->v[a->n++] = "HSET";
	a->v[a->n++] = key;
	add_session(a, as);
	/* What fails here is written again with the next figures, or when
	 * Redis is back. */
	if (!a->failed) {
		(void)redis_argv(r, NULL, NULL, (int)a->n, a->v, NULL);
		(void)redis_command(r, NULL, NULL, "EXPIRE %s %d", key,
		                    expire_s);
	}
	free_args(a);
	write_secrets(as, expire_s);
}

void store_write(struct app_session *as)
{
	char key[KEY_SIZE];

	if (as->state->released) {
		store_end(as);
		return;
	}
	if (!redis_up(as->app->redis))
		return;
	instance_key(as->app, key);
	write_session(as, STORE_EXPIRE_S);
	(void)redis_command(as->app->redis, NULL, NULL, "SADD %s %s", key,
	                    as->state->id);
}

void store_end(struct app_session *as)
{
	if (redis_up(as->app->redis))
		write_session(as, STORE_ENDED_EXPIRE_S);
}

void store_forget(struct app *app, const char *id)
{
	char key[KEY_SIZE];

	instance_key(app, key);
	(void)redis_command(app->redis, NULL, NULL, "SREM %s %s", key, id);
}

void store_forget_recording(struct app_session *as, const char *sid)
{
	char key[KEY_SIZE];

	session_key(as->state, key);
	(void)redis_command(as->app->redis, NULL, NULL, "HDEL %s recording.%s",
	                    key, sid);
}

void store_forget_event(struct app_session *as, uint64_t sequence)
{
	char key[KEY_SIZE];

	session_key(as->state, key);
	(void)redis_command(as->app->redis, NULL, NULL,
	                    "HDEL %s event.%" PRIu64, key, sequence);
}

/* --- reading --------------------------------------------------------------- */

static const char read_both[] = "return {redis.call('HGETALL', KEYS[1]), "
				"redis.call('HGETALL', KEYS[2])}";

static const char *value_of(const redisReply *hash, const char *name)
{
	for (size_t i = 0; i + 1 < hash->elements; i += 2) {
		if (strcmp(hash->element[i]->str, name) == 0)
			return hash->element[i + 1]->str;
	}
	return "";
}

static void read_parts(struct session *s, const redisReply *hash,
                       const struct log *log)
{
	for (size_t i = 0; i + 1 < hash->elements; i += 2) {
		const char *name = hash->element[i]->str;
		const char *value = hash->element[i + 1]->str;
		int err = 0;

		if (strncmp(name, "leg.", 4) == 0)
			err = record_read_leg(s, value);
		else if (strncmp(name, "event.", 6) == 0)
			err = record_read_event(s, value);
		else if (strncmp(name, "recording.", 10) == 0)
			err = record_read_recording(s, value);
		if (err)
			log_error(log, "media:{%s} %s is not readable: %s",
			          s->id, name, strerror(err));
	}
}

static bool all_strings(const redisReply *r)
{
	for (size_t i = 0; i < r->elements; i++) {
		if (r->element[i]->type != REDIS_REPLY_STRING)
			return false;
	}
	return r->type == REDIS_REPLY_ARRAY;
}

static void read_secrets(struct session *s, const redisReply *hash,
                         const struct log *log)
{
	for (size_t i = 0; i + 1 < hash->elements; i += 2) {
		const char *leg = hash->element[i]->str;
		int err = record_read_secret(s, leg, hash->element[i + 1]->str);

		if (err)
			log_warn(log, "media:{%s}:secret %s is of no use: %s",
			         s->id, leg, strerror(err));
	}
}

static void read_session(struct app *app, const redisReply *hash,
                         const redisReply *secrets)
{
	const char *id = value_of(hash, "session");
	uint64_t now = loop_wall_ms();
	uint64_t updated = time_parse(value_of(hash, "updated"));
	struct session *s;

	if (id[0] == '\0' || app_find(app, id) || session_alloc(&s, id))
		return;
	s->version = strtoull(value_of(hash, "version"), NULL, 10);
	s->epoch = strtoull(value_of(hash, "epoch"), NULL, 10);
	s->sequence = strtoull(value_of(hash, "sequence"), NULL, 10);
	s->released = strcmp(value_of(hash, "released"), "true") == 0;
	(void)snprintf(s->call_sid, sizeof(s->call_sid), "%s",
	               value_of(hash, "call_sid"));
	(void)snprintf(s->account_sid, sizeof(s->account_sid), "%s",
	               value_of(hash, "account_sid"));
	(void)snprintf(s->controller, sizeof(s->controller), "%s",
	               value_of(hash, "controller"));
	read_parts(s, hash, app->log);
	read_secrets(s, secrets, app->log);
	app_reopen(app, s, now > updated ? (now - updated) * 1000 : 0);
}

static void one_less(struct app *app)
{
	if (--app->restore.pending > 0)
		return;
	if (app->restore.failed) /* tried again when Redis is back */
		return;
	app->restore.ended = true;
	app->restore.done(app);
}

static void on_session(void *arg, int err, const redisReply *reply)
{
	struct app *app = arg;

	if (err)
		app->restore.failed = true;
	else if (reply->type == REDIS_REPLY_ARRAY && reply->elements == 2 &&
	         all_strings(reply->element[0]) &&
	         all_strings(reply->element[1]))
		read_session(app, reply->element[0], reply->element[1]);
	one_less(app);
}

static void on_list(void *arg, int err, const redisReply *reply)
{
	struct app *app = arg;

	app->restore.failed = err != 0;
	if (!err && all_strings(reply)) {
		for (size_t i = 0; i < reply->elements; i++) {
			const char *id = reply->element[i]->str;

			if (redis_command(app->redis, on_session, app,
			                  "EVAL %s 2 media:{%s} "
			                  "media:{%s}:secret",
			                  read_both, id, id))
				app->restore.failed = true;
			else
				app->restore.pending++;
		}
	}
	one_less(app);
}

static void write_all(struct app *app)
{
	struct hash_iter it = hash_iter(&app->sessions);
	struct hash_entry *h;

	while ((h = hash_next(&it))) {
		struct app_session *as =
			hash_object(h, struct app_session, hash);

		store_write(as);
		recordings_write_all(as);
	}
}

static void on_up(void *arg)
{
	struct app *app = arg;
	char key[KEY_SIZE];

	if (app->restore.ended) {
		write_all(app); /* it may have lost what it had */
		return;
	}
	if (app->restore.pending > 0)
		return;
	instance_key(app, key);
	if (redis_command(app->redis, on_list, app, "SMEMBERS %s", key) == 0)
		app->restore.pending = 1;
}

void store_restore(struct app *app, void (*done)(void *arg))
{
	app->restore.done = done;
	redis_on_up(app->redis, on_up, app);
}

void store_close(struct app *app)
{
	redis_cancel(app->redis, app);
}
