/*
 * redis.c - one asynchronous connection to Redis: commands with deadlines
 *
 * Each open command is an op, in the order of sending, which is the order of
 * the deadlines. One that is too late loses its handler and its place in that
 * order; hiredis keeps it until the reply or the end of the connection.
 */
#include "store/redis.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <sys/queue.h>

#include "base/log.h"
#include "loop/loop.h"
#include "store/redis_conn.h"
#include "store/redis_listener.h"
#include "store/resp.h"

enum { ARGS_MAX = 1024 }; /* of one command */
enum { UPS_MAX = 16 };    /* parts of a process that wait for Redis */

struct op {
	TAILQ_ENTRY(op) entry;
	struct redis *r;
	redis_reply_h *handler; /* NULL: nobody waits (any more) */
	void *arg;
	uint64_t sent_at;                  /* monotonic [ms] */
	bool open;                         /* is in the list */
	const struct redis_script *script; /* EVALSHA, else NULL; borrowed */
	char *command;                     /* owned: that EVALSHA, as sent */
	size_t command_len;
};
TAILQ_HEAD(ops, op);

struct redis {
	struct loop *loop;     /* borrowed */
	const struct log *log; /* borrowed */
	struct seal *seal;     /* borrowed; NULL = none */
	struct redis_url url;
	struct redis_conn *conn;
	struct redis_listener
		*listener; /* NULL until there is a subscription */
	struct ops ops;
	struct timer *deadline;
	bool deadline_runs;
	uint64_t heard_at; /* last reply, monotonic [ms] */
	struct up {
		void (*handler)(void *arg);
		void *arg;
	} ups[UPS_MAX];
	size_t n_ups;
};

static void op_close(struct op *op)
{
	if (op->open)
		TAILQ_REMOVE(&op->r->ops, op, entry);
	free(op->command);
	free(op);
}

static void watch_deadline(struct redis *r, uint64_t now)
{
	const struct op *first = TAILQ_FIRST(&r->ops);
	uint64_t at;

	if (!first || r->deadline_runs)
		return;
	at = first->sent_at + REDIS_TIMEOUT_MS;
	r->deadline_runs = true;
	timer_start(r->deadline, at > now ? (uint32_t)(at - now) : 0);
}

/* The timer is not moved by each reply: it looks who is first when it fires. */
static void on_deadline(void *arg)
{
	struct redis *r = arg;
	uint64_t now = loop_now_ms();
	bool silent = false;
	struct op *op;

	r->deadline_runs = false;
	while ((op = TAILQ_FIRST(&r->ops)) != NULL &&
	       now - op->sent_at >= REDIS_TIMEOUT_MS) {
		redis_reply_h *handler = op->handler;

		silent = silent || r->heard_at < op->sent_at;
		TAILQ_REMOVE(&r->ops, op, entry);
		op->open = false;
		op->handler = NULL;
		if (handler)
			handler(op->arg, ETIMEDOUT, NULL);
	}
	if (silent)
		redis_conn_drop(r->conn, "it does not answer");
	watch_deadline(r, now);
}

/* --- replies ------------------------------------------------------------- */

static void on_reply(redisAsyncContext *ac, void *data, void *arg);

static bool has_prefix(const redisReply *reply, const char *prefix)
{
	return reply->type == REDIS_REPLY_ERROR &&
	       strncmp(reply->str, prefix, strlen(prefix)) == 0;
}

/* Redis forgot the script: the same command again with its source. Only the
 * first two arguments differ, `$7 EVALSHA $40 <sha>`. */
static int eval_again(struct op *op)
{
	redisAsyncContext *ac = redis_conn_context(op->r->conn);
	const char *start = strchr(op->command, '\n') + 1;
	const char *rest = strstr(start, op->script->sha) + 40 + 2;
	const char *source = op->script->source;
	size_t n_rest = op->command_len - (size_t)(rest - op->command);
	size_t size = op->command_len + strlen(source) + 64;
	char *text = ac ? malloc(size) : NULL;
	int n, err;

	if (!text)
		return ac ? ENOMEM : ENOTCONN;
	n = snprintf(text, size, "%.*s$4\r\nEVAL\r\n$%zu\r\n%s\r\n",
	             (int)(start - op->command), op->command, strlen(source),
	             source);
	memcpy(text + n, rest, n_rest);
	op->script = NULL; /* this is the second and last time */
	err = redisAsyncFormattedCommand(ac, on_reply, op, text,
	                                 (size_t)n + n_rest);
	free(text);
	return err == REDIS_OK ? 0 : ENOTCONN;
}

static void on_reply(redisAsyncContext *ac, void *data, void *arg)
{
	const redisReply *reply = data;
	struct op *op = arg;
	struct redis *r = op->r;
	redis_reply_h *handler = op->handler;
	void *handler_arg = op->arg;
	int err = 0;

	(void)ac;
	if (reply)
		r->heard_at = loop_now_ms();
	if (reply && op->script && has_prefix(reply, "NOSCRIPT") &&
	    eval_again(op) == 0)
		return;
	op_close(op);
	if (!reply)
		err = ENOTCONN;
	else if (reply->type == REDIS_REPLY_ERROR)
		err = EPROTO;
	if (reply && has_prefix(reply, "READONLY"))
		redis_conn_drop(r->conn, "it is a replica now");
	if (handler)
		handler(handler_arg, err, reply);
}

/* --- commands ------------------------------------------------------------ */

static int op_open(struct redis *r, redis_reply_h *handler, void *arg,
                   struct op **opp)
{
	struct op *op;

	if (!redis_conn_context(r->conn))
		return ENOTCONN;
	op = calloc(1, sizeof(*op));
	if (!op)
		return ENOMEM;
	op->r = r;
	op->handler = handler;
	op->arg = arg;
	op->sent_at = loop_now_ms();
	*opp = op;
	return 0;
}

/* @p status is what hiredis said to the command of @p op */
static int op_sent(struct op *op, int status)
{
	struct redis *r = op->r;

	if (status != REDIS_OK) {
		op_close(op);
		return ENOMEM;
	}
	TAILQ_INSERT_TAIL(&r->ops, op, entry);
	op->open = true;
	watch_deadline(r, op->sent_at);
	return 0;
}

int redis_command(struct redis *r, redis_reply_h *handler, void *arg,
                  const char *fmt, ...)
{
	struct op *op;
	int err = op_open(r, handler, arg, &op);
	va_list ap;
	int status;

	if (err)
		return err;
	va_start(ap, fmt);
	status = redisvAsyncCommand(redis_conn_context(r->conn), on_reply, op,
	                            fmt, ap);
	va_end(ap);
	return op_sent(op, status);
}

int redis_argv(struct redis *r, redis_reply_h *handler, void *arg, int argc,
               const char *const *argv, const size_t *len)
{
	struct op *op;
	int err = op_open(r, handler, arg, &op);
	size_t size = 0;
	char *text;
	int status = REDIS_ERR;

	if (err)
		return err;
	text = resp_command(argc, argv, len, &size);
	if (text)
		status = redisAsyncFormattedCommand(redis_conn_context(r->conn),
		                                    on_reply, op, text, size);
	free(text);
	return op_sent(op, status);
}

static int fill_sha(struct redis_script *script)
{
	unsigned char sum[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	if (script->sha[0])
		return 0;
	if (!EVP_Digest(script->source, strlen(script->source), sum, &n,
	                EVP_sha1(), NULL))
		return ENOMEM;
	for (unsigned i = 0; i < n; i++)
		(void)snprintf(script->sha + (size_t)2 * i, 3, "%02x", sum[i]);
	return 0;
}

// NOLINTNEXTLINE(readability-function-size): as many as EVALSHA itself has
int redis_eval(struct redis *r, struct redis_script *script,
               redis_reply_h *handler, void *arg, int n_keys, int argc,
               const char *const *argv, const size_t *len)
{
	const char *all[ARGS_MAX] = {"EVALSHA"};
	size_t lens[ARGS_MAX] = {strlen("EVALSHA"), 40};
	char count[12];
	struct op *op;
	int err;

	assert(argc <= ARGS_MAX - 3);
	err = fill_sha(script);
	if (!err)
		err = op_open(r, handler, arg, &op);
	if (err)
		return err;
	all[1] = script->sha;
	lens[2] = (size_t)snprintf(count, sizeof(count), "%d", n_keys);
	all[2] = count;
	for (int i = 0; i < argc; i++) {
		all[3 + i] = argv[i];
		lens[3 + i] = len ? len[i] : strlen(argv[i]);
	}
	op->command = resp_command(argc + 3, all, lens, &op->command_len);
	if (!op->command)
		return op_sent(op, REDIS_ERR);
	op->script = script;
	return op_sent(op, redisAsyncFormattedCommand(
				   redis_conn_context(r->conn), on_reply, op,
				   op->command, op->command_len));
}

/* --- subscriptions ------------------------------------------------------- */

int redis_subscribe(struct redis *r, const char *channel,
                    void (*handler)(void *arg, const char *payload), void *arg)
{
	if (!r->listener) {
		int err = redis_listener_alloc(&r->listener, r->loop, r->log,
		                               &r->url);

		if (err)
			return err;
	}
	return redis_listener_add(r->listener, channel, handler, arg);
}

void redis_cancel(struct redis *r, const void *arg)
{
	struct op *op;

	TAILQ_FOREACH (op, &r->ops, entry) {
		if (op->arg == arg)
			op->handler = NULL;
	}
	if (r->listener)
		redis_listener_cancel(r->listener, arg);
	for (size_t i = 0; i < r->n_ups; i++) {
		if (r->ups[i].arg == arg)
			r->ups[i].handler = NULL;
	}
}

/* --- life ---------------------------------------------------------------- */

static void on_conn(void *arg, bool up)
{
	struct redis *r = arg;

	for (size_t i = 0; up && i < r->n_ups; i++) {
		if (r->ups[i].handler)
			r->ups[i].handler(r->ups[i].arg);
	}
}

int redis_alloc(struct redis **rp, struct loop *loop, const struct log *log,
                const char *url)
{
	struct redis *r = calloc(1, sizeof(*r));
	int err = ENOMEM;

	if (!r)
		goto out;
	TAILQ_INIT(&r->ops);
	r->loop = loop;
	r->log = log;
	err = redis_url_parse(url, &r->url);
	if (err)
		goto out;
	err = timer_alloc(&r->deadline, loop, on_deadline, r);
	if (err)
		goto out;
	err = redis_conn_alloc(&r->conn, loop, log, &r->url, on_conn, r);
out:
	if (err)
		redis_free(r);
	else
		*rp = r;
	return err;
}

void redis_free(struct redis *r)
{
	struct op *op;

	if (!r)
		return;
	TAILQ_FOREACH (op, &r->ops, entry) {
		op->handler = NULL;
	}
	redis_listener_free(r->listener);
	redis_conn_free(r->conn);
	timer_free(r->deadline);
	free(r);
}

void redis_set_seal(struct redis *r, struct seal *seal)
{
	r->seal = seal;
}

struct seal *redis_seal(const struct redis *r)
{
	return r->seal;
}

const struct log *redis_log(const struct redis *r)
{
	return r->log;
}

bool redis_up(const struct redis *r)
{
	return redis_conn_context(r->conn) != NULL;
}

void redis_on_up(struct redis *r, void (*handler)(void *arg), void *arg)
{
	assert(r->n_ups < UPS_MAX);
	r->ups[r->n_ups++] = (struct up){handler, arg};
	if (redis_up(r))
		handler(arg);
}
