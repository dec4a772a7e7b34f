/*
 * store.c - Redis, one question at a time (hiredis, blocking)
 */
#include "store.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/plan.h"
#include "doom.h"
#include "store/seal.h"
#include "store/time.h"
#include "store/value.h"

enum { ATTEMPTS = 5 }; /* when others change the configuration meanwhile */

struct store {
	redisContext *redis;
	struct seal *seal;
	char problem[256];
	size_t open; /* commands sent whose reply was not read */
};

struct url {
	char user[128], password[128], host[256];
	uint32_t port, db;
};

/* Copy @p n bytes as a string. @return whether they fit */
static bool copy(char *out, size_t size, const char *s, size_t n)
{
	if (n >= size)
		return false;
	memcpy(out, s, n);
	out[n] = '\0';
	return true;
}

static bool parse_login(struct url *u, const char *s, size_t n)
{
	const char *colon = memchr(s, ':', n);

	if (!colon)
		return copy(u->user, sizeof(u->user), s, n);
	return copy(u->user, sizeof(u->user), s, (size_t)(colon - s)) &&
	       copy(u->password, sizeof(u->password), colon + 1,
	            n - (size_t)(colon + 1 - s));
}

static bool parse_host(struct url *u, const char *s)
{
	size_t n = strcspn(s, ":/");
	char port[8];

	u->port = 6379;
	if (!n || !copy(u->host, sizeof(u->host), s, n))
		return false;
	s += n;
	if (*s == ':') {
		n = strcspn(++s, "/");
		if (!copy(port, sizeof(port), s, n) ||
		    !value_uint(port, 1, 65535, &u->port))
			return false;
		s += n;
	}
	return !s[0] || !s[1] || value_uint(s + 1, 0, 9999, &u->db);
}

static bool parse_url(struct url *u, const char *s)
{
	const char *at;

	*u = (struct url){0};
	if (strncmp(s, "redis://", 8) != 0)
		return false;
	s += 8;
	at = strrchr(s, '@');
	if (at && !parse_login(u, s, (size_t)(at - s)))
		return false;
	return parse_host(u, at ? at + 1 : s);
}

static int log_in(struct store *s, const struct url *u)
{
	redisReply *r;

	if (u->password[0]) {
		r = u->user[0]
		            ? store_ask(s, "AUTH %s %s", u->user, u->password)
		            : store_ask(s, "AUTH %s", u->password);
		if (!r)
			return ENOTCONN;
		freeReplyObject(r);
	}
	r = store_ask(s, "SELECT %u", (unsigned)u->db);
	if (!r)
		return ENOTCONN;
	freeReplyObject(r);
	return 0;
}

static const char *setting(const char *name)
{
	const char *value = getenv(name);

	return value ? value : "";
}

static int open_seal(struct store *s, char *problem, size_t size)
{
	int err = seal_alloc(&s->seal, setting("TRESTLE_SECRET_KEY"),
	                     setting("TRESTLE_SECRET_KEY_OLD"));

	if (err == EINVAL)
		(void)snprintf(problem, size,
		               "TRESTLE_SECRET_KEY or TRESTLE_SECRET_KEY_OLD "
		               "can not be used; make one with `openssl rand "
		               "-hex 32`");
	return err;
}

int store_alloc(struct store **sp, const char *url, char *problem, size_t size)
{
	struct timeval timeout = {.tv_sec = STORE_TIMEOUT_S};
	struct store *s = NULL;
	struct url u;
	int err = EINVAL;

	if (!parse_url(&u, url)) {
		(void)snprintf(problem, size,
		               "TRESTLE_REDIS is no URL of Redis; write "
		               "redis://host:6379/0");
		return EINVAL;
	}
	(void)snprintf(problem, size, "out of memory");
	s = calloc(1, sizeof(*s));
	if (!s)
		return ENOMEM;
	err = open_seal(s, problem, size);
	if (err)
		goto out;
	s->redis = redisConnectWithTimeout(u.host, (int)u.port, timeout);
	err = ENOMEM;
	if (!s->redis)
		goto out;
	err = ENOTCONN;
	(void)snprintf(problem, size,
	               "Redis at %s:%u: %s; start it, or set TRESTLE_REDIS",
	               u.host, (unsigned)u.port, s->redis->errstr);
	if (s->redis->err)
		goto out;
	(void)redisSetTimeout(s->redis, timeout);
	err = log_in(s, &u);
	if (err)
		(void)snprintf(problem, size, "%s", store_problem(s));
out:
	if (err)
		store_free(s);
	else
		*sp = s;
	return err;
}

void store_free(struct store *s)
{
	if (!s)
		return;
	if (s->redis)
		redisFree(s->redis);
	seal_free(s->seal);
	free(s);
}

const struct seal *store_seal(const struct store *s)
{
	return s->seal;
}

const char *store_problem(const struct store *s)
{
	return s->problem;
}

/* Errors of Redis and of the connection end alike. */
redisReply *store_take(struct store *s)
{
	void *r = NULL;

	s->open -= s->open > 0;
	if (redisGetReply(s->redis, &r) != REDIS_OK || !r) {
		(void)snprintf(s->problem, sizeof(s->problem),
		               "Redis: %s; is it still there?",
		               s->redis->errstr);
		return NULL;
	}
	if (((redisReply *)r)->type == REDIS_REPLY_ERROR) {
		(void)snprintf(s->problem, sizeof(s->problem), "Redis says: %s",
		               ((redisReply *)r)->str);
		freeReplyObject(r);
		return NULL;
	}
	return r;
}

redisReply *store_ask(struct store *s, const char *fmt, ...)
{
	va_list ap;
	int err;

	va_start(ap, fmt);
	err = redisvAppendCommand(s->redis, fmt, ap);
	va_end(ap);
	return err == REDIS_OK ? store_take(s) : NULL;
}

int store_send(struct store *s, const char *fmt, ...)
{
	va_list ap;
	int err;

	va_start(ap, fmt);
	err = redisvAppendCommand(s->redis, fmt, ap);
	va_end(ap);
	s->open += err == REDIS_OK;
	return err == REDIS_OK ? 0 : ENOMEM;
}

/* Send without waiting; the replies are taken by finish(). */
static int post(void *arg, int argc, const char **argv)
{
	struct store *s = arg;
	size_t n = (size_t)argc;
	const char **words = calloc(n, sizeof(*words));
	char **kept = calloc(n, sizeof(*kept));
	int err = words && kept ? 0 : ENOMEM;

	for (size_t i = 0; !err && i < n; i++)
		words[i] = argv[i];
	if (!err && n > 2 && strcmp(argv[0], "HSET") == 0)
		err = seal_pairs(s->seal, words + 2, n - 2, kept);
	if (!err &&
	    redisAppendCommandArgv(s->redis, argc, words, NULL) != REDIS_OK)
		err = ENOMEM;
	s->open += !err;
	for (size_t i = 0; kept && i < n; i++)
		free(kept[i]);
	free(kept);
	free(words);
	return err;
}

static int post2(struct store *s, const char *command, const char *a)
{
	const char *argv[] = {command, a};

	return post(s, a ? 2 : 1, argv);
}

static uint64_t now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* Which file it is, for the next start and the next load */
static int post_file(struct store *s, const struct store_load *l, uint64_t now)
{
	char loaded[TIME_TEXT_SIZE];

	time_text(now, loaded);
	return post(s, 8,
	            (const char *[]){"HSET", "config:file", "path", l->path,
	                             "digest", l->digest, "loaded", loaded});
}

static int post_all(struct store *s, const struct model *m,
                    const char *public_url, const struct doom *d,
                    const struct store_load *l)
{
	uint64_t now = now_ms();
	int err = post2(s, "MULTI", NULL);

	for (size_t i = 0; i < d->n && !err; i++)
		err = post2(s, "DEL", d->v[i]);
	if (!err)
		err = plan_write(m, public_url, now, post, s);
	if (!err)
		err = post_file(s, l, now);
	if (!err)
		err = post(s, 3, (const char *[]){"PUBLISH", "config", "load"});
	if (!err) /* all is read again */
		err = post2(s, "DEL", "config:changes");
	if (!err)
		err = post2(s, "INCR", "config:version");
	if (!err)
		err = post2(s, "EXEC", NULL);
	return err;
}

/* Take the replies of a transaction; the last one is that of EXEC. */
static int finish(struct store *s, long long *version)
{
	redisReply *r = NULL;
	int err = 0;

	while (s->open > 0 && !err) {
		if (r)
			freeReplyObject(r);
		r = store_take(s);
		err = r ? 0 : ENOTCONN;
	}
	if (!r)
		return ENOTCONN;
	if (!err && (r->type != REDIS_REPLY_ARRAY || !r->elements))
		err = EAGAIN;
	else if (!err)
		*version = r->element[r->elements - 1]->integer;
	freeReplyObject(r);
	return err;
}

static int replace_once(struct store *s, const struct model *m,
                        const char *public_url, struct store_load *l)
{
	struct doom d = {0};
	redisReply *r = store_ask(s, "WATCH config:version");
	int err = r ? 0 : ENOTCONN;

	if (r)
		freeReplyObject(r);
	if (!err)
		err = doom_all(s, &d);
	losses_close(&l->losses); /* of the attempt before */
	if (!err)
		err = losses_find(s, m, &l->losses);
	if (!err)
		err = post_all(s, m, public_url, &d, l);
	if (!err)
		err = finish(s, &l->version);
	doom_close(&d);
	return err;
}

int store_replace(struct store *s, const struct model *m,
                  const char *public_url, struct store_load *load)
{
	int err = EAGAIN;

	for (int i = 0; i < ATTEMPTS && err == EAGAIN; i++)
		err = replace_once(s, m, public_url, load);
	if (err == EAGAIN)
		(void)snprintf(s->problem, sizeof(s->problem),
		               "others keep changing the configuration; try "
		               "again");
	else if (err == ENOMEM)
		(void)snprintf(s->problem, sizeof(s->problem), "out of memory");
	return err;
}
