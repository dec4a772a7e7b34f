/*
 * location.c - bindings in Redis: one script a REGISTER
 *
 * What was acknowledged is remembered (core/owned.h). When Redis may have lost
 * bindings (adapters/loss.h) they are written again, a few each 10 ms.
 */
#include "adapters/location.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/args.h"
#include "adapters/index.h"
#include "adapters/json.h"
#include "adapters/loss.h"
#include "adapters/script.h"
#include "base/log.h"
#include "base/strbuf.h"
#include "core/owned.h"
#include "loop/loop.h"
#include "store/redis.h"
#include "store/time.h"

enum {
	ROW = 6,                     /* values of a binding in the answer */
	ROWS_MAX = 2 * BINDINGS_MAX, /* some more may be there: asserted */
	ASSERT_MS = 10,
	ASSERT_BATCH = 100, /* AoRs each ASSERT_MS */
	EXPIRE_MS = 1000,
	EXPIRE_STEPS = 2000
};

struct location {
	struct redis *redis;   /* borrowed */
	const struct log *log; /* borrowed */
	struct redis_script script;
	struct owned *owned;
	struct loss *loss;
	struct timer *assert_timer;
	struct timer *expire_timer;
	struct apply *open; /* waiting for Redis, doubly linked */
	struct strbuf text; /* JSON of the changes, reused */
};

/* A REGISTER that waits for Redis. What it set is remembered when Redis
 * acknowledged it: the keys and JSON texts follow in `text`. */
struct apply {
	struct location *location;
	struct apply *prev, *next;
	location_h *handler;
	void *arg;
	enum registration_kind kind;
	size_t n;
	struct owned_binding set[BINDINGS_MAX];
	char aor[AOR_TEXT_SIZE];
	char text[];
};

/* --- answers of Redis ---------------------------------------------------- */

static void close_apply(struct apply *p)
{
	struct location *l = p->location;

	if (p->prev)
		p->prev->next = p->next;
	else
		l->open = p->next;
	if (p->next)
		p->next->prev = p->prev;
	free(p);
}

/* Read the rows behind `ok`; also their keys. */
static size_t read_rows(const redisReply *reply, struct location_binding *out,
                        const char **keys)
{
	uint64_t now_ms = loop_wall_ms();
	size_t n = 0;

	for (size_t i = 1; i + ROW <= reply->elements && n < ROWS_MAX;
	     i += ROW) {
		uint64_t end = redis_number_at(reply, i + 2);
		uint64_t left = end > now_ms ? end - now_ms : 0;

		keys[n] = redis_text_at(reply, i);
		out[n++] = (struct location_binding){
			.contact = redis_text_at(reply, i + 1),
			.instance = redis_text_at(reply, i + 3),
			.reg_id = (uint32_t)redis_number_at(reply, i + 4),
			.q = (uint32_t)redis_number_at(reply, i + 5),
			.expires = left > 1000 ? (uint32_t)((left + 500) / 1000)
		                               : 1,
		};
	}
	return n;
}

static uint64_t later(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static uint64_t last_end(const redisReply *reply)
{
	uint64_t last = 0;

	for (size_t i = 1; i + ROW <= reply->elements; i += ROW)
		last = later(last, redis_number_at(reply, i + 2));
	return last;
}

static void remember(struct location *l, const struct apply *p,
                     const char *const *keys, size_t n)
{
	if (p->kind == REGISTRATION_QUERY)
		return;
	for (size_t i = 0; i < p->n; i++)
		owned_put(l->owned, p->aor, &p->set[i]);
	owned_keep(l->owned, p->aor, keys, n);
}

static enum location_result result_of(const struct apply *p, int err,
                                      const redisReply *reply)
{
	struct log by_aor = {p->location->log, "aor", p->aor};

	if (err || reply->type != REDIS_REPLY_ARRAY || reply->elements < 1) {
		log_warn(&by_aor, "bindings: Redis: %s",
		         err == EPROTO ? reply->str : strerror(err));
		return LOCATION_UNAVAILABLE;
	}
	if (strcmp(redis_text_at(reply, 0), "bad") == 0)
		log_error(&by_aor, "what is no binding is left out");
	if (strcmp(redis_text_at(reply, 0), "stale") == 0)
		return LOCATION_STALE;
	if (strcmp(redis_text_at(reply, 0), "full") == 0)
		return LOCATION_FULL;
	return LOCATION_OK;
}

static void on_applied(void *arg, int err, const redisReply *reply)
{
	struct apply *p = arg;
	struct location *l = p->location;
	struct location_binding rows[ROWS_MAX];
	const char *keys[ROWS_MAX];
	enum location_result result = result_of(p, err, reply);
	size_t n = 0;

	if (result == LOCATION_OK) {
		n = read_rows(reply, rows, keys);
		remember(l, p, keys, n);
		if (p->kind != REGISTRATION_QUERY)
			index_write(l->redis, p->aor, last_end(reply), false);
	}
	p->handler(p->arg, result, rows, n);
	close_apply(p);
}

/* --- requests ------------------------------------------------------------ */

/* Write the JSON of each change, one after another, each with its NUL. */
static bool write_changes(struct location *l, const struct location_req *req,
                          uint64_t now_ms)
{
	const struct registration *plan = req->plan;

	strbuf_reset(&l->text);
	for (size_t i = 0; i < plan->n; i++) {
		const struct binding *b = &plan->changes[i];

		strbuf_add(&l->text, b->key);
		strbuf_addc(&l->text, '\0');
		if (b->expires > 0)
			json_add_binding(&l->text, req, b, now_ms);
		strbuf_addc(&l->text, '\0');
	}
	return !l->text.failed;
}

static struct apply *make_apply(struct location *l,
                                const struct location_req *req,
                                struct args *args)
{
	const struct registration *plan = req->plan;
	uint64_t now_ms = loop_wall_ms();
	struct apply *p = NULL;
	const char *at;

	if (write_changes(l, req, now_ms))
		p = malloc(sizeof(*p) + l->text.len + 1);
	if (!p)
		return NULL;
	memcpy(p->text, strbuf_str(&l->text), l->text.len + 1);
	p->location = l;
	p->kind = plan->kind;
	p->n = 0;
	at = p->text;
	for (size_t i = 0; i < plan->n; i++) {
		const struct binding *b = &plan->changes[i];
		struct owned_binding o = {.key = at};

		o.json = at + strlen(at) + 1;
		at = o.json + strlen(o.json) + 1;
		o.expires_ms = b->expires ? now_ms + b->expires * 1000ULL : 0;
		memcpy(args->instances[i], b->instance, b->instance_len);
		args->instances[i][b->instance_len] = '\0';
		args_add(args, i, &o, b->contact);
		if (b->expires > 0)
			p->set[p->n++] = o;
	}
	return p;
}

static void open_apply(struct location *l, struct apply *p)
{
	p->prev = NULL;
	p->next = l->open;
	if (l->open)
		l->open->prev = p;
	l->open = p;
}

int location_apply(struct location *l, const struct location_req *req,
                   location_h *handler, void *arg)
{
	char aor[AOR_TEXT_SIZE];
	struct args args;
	struct apply *p;
	int err;

	aor_text(req->aor, aor);
	args_begin(&args, aor, args_mode(req->plan->kind), req->call_id,
	           req->cseq);
	p = make_apply(l, req, &args);
	if (!p)
		return ENOMEM;
	memcpy(p->aor, aor, sizeof(aor));
	p->handler = handler;
	p->arg = arg;
	err = redis_eval(l->redis, &l->script, on_applied, p, ARGS_KEYS, args.n,
	                 args.v, NULL);
	if (!err)
		open_apply(l, p);
	else
		free(p);
	return err;
}

/* --- writing again what Redis may have lost ------------------------------ */

static void assert_aor(struct location *l, const struct owned_aor *a)
{
	struct owned_binding bindings[BINDINGS_MAX];
	const char *aor = owned_aor_name(a);
	size_t n = owned_aor_bindings(a, bindings);
	uint64_t now_ms = loop_wall_ms(), last_ms = 0;
	struct args args;

	args_begin(&args, aor, "assert", "", 0);
	for (size_t i = 0; i < n; i++) {
		args.instances[i][0] = '\0';
		if (bindings[i].expires_ms <= now_ms)
			continue;
		args_add(&args, i, &bindings[i], "");
		last_ms = later(last_ms, bindings[i].expires_ms);
	}
	if (!last_ms)
		return;
	(void)redis_eval(l->redis, &l->script, NULL, NULL, ARGS_KEYS, args.n,
	                 args.v, NULL);
	index_write(l->redis, aor, last_ms, true);
}

static void on_assert_timer(void *arg)
{
	struct location *l = arg;
	const struct owned_aor *a = NULL;

	for (int i = 0; i < ASSERT_BATCH; i++) {
		a = redis_up(l->redis) ? owned_next(l->owned) : NULL;
		if (!a)
			return;
		assert_aor(l, a);
	}
	timer_start(l->assert_timer, ASSERT_MS);
}

static void on_loss(void *arg)
{
	struct location *l = arg;

	log_warn(l->log, "Redis may have lost bindings: writing %zu AoRs again",
	         owned_count(l->owned));
	owned_rewind(l->owned);
	timer_start(l->assert_timer, 0);
}

static void on_expire_timer(void *arg)
{
	struct location *l = arg;

	owned_expire(l->owned, loop_wall_ms(), EXPIRE_STEPS);
	timer_start(l->expire_timer, EXPIRE_MS);
}

/* --- life ---------------------------------------------------------------- */

int location_alloc(struct location **lp, struct loop *loop, struct redis *redis,
                   const struct log *log)
{
	struct location *l = calloc(1, sizeof(*l));
	int err = ENOMEM;

	if (!l)
		goto out;
	l->redis = redis;
	l->log = log;
	l->script.source = script_register;
	err = owned_alloc(&l->owned, OWNED_AORS_MAX);
	if (!err)
		err = timer_alloc(&l->assert_timer, loop, on_assert_timer, l);
	if (!err)
		err = timer_alloc(&l->expire_timer, loop, on_expire_timer, l);
	if (!err)
		err = loss_alloc(&l->loss, loop, redis, on_loss, l);
	if (!err)
		timer_start(l->expire_timer, EXPIRE_MS);
out:
	if (err)
		location_free(l);
	else
		*lp = l;
	return err;
}

void location_free(struct location *l)
{
	if (!l)
		return;
	loss_free(l->loss);
	for (struct apply *p = l->open, *next; p; p = next) {
		next = p->next;
		redis_cancel(l->redis, p);
		p->handler(p->arg, LOCATION_UNAVAILABLE, NULL, 0);
		close_apply(p);
	}
	timer_free(l->assert_timer);
	timer_free(l->expire_timer);
	owned_free(l->owned);
	strbuf_close(&l->text);
	free(l);
}

void location_keep(struct location *l, const char *aor, const char *const *keys,
                   size_t n)
{
	owned_keep(l->owned, aor, keys, n);
}

size_t location_owned(const struct location *l)
{
	return owned_count(l->owned);
}
