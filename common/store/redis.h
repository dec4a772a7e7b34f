/*
 * redis.h - one asynchronous connection to Redis
 *
 * Reconnects by itself (50 ms to 1 s, with jitter); commands are pipelined;
 * each has a deadline. While it is away a command fails at once with ENOTCONN.
 */
#ifndef STORE_REDIS_H
#define STORE_REDIS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hiredis/hiredis.h>

struct log;
struct loop;
struct redis;
struct seal;

enum { REDIS_TIMEOUT_MS = 1000 }; /* for a command, unless said otherwise */

/** @p err: 0, ENOTCONN, ETIMEDOUT, or EPROTO (Redis said -ERR; then @p reply is
 *  that error). @p reply is borrowed until the handler returns. */
typedef void redis_reply_h(void *arg, int err, const redisReply *reply);

/* The n-th element of a reply that is an array, from 0 (store/redis_reply.c) */
/** A string, borrowed; "" when it is none */
const char *redis_text_at(const redisReply *reply, size_t n);
/** A number that is no less than 0; 0 when it is none */
uint64_t redis_number_at(const redisReply *reply, size_t n);

/** @p url "redis://[user:password@]host:port/db"; host may be a name.
 *  @return 0, EINVAL (the URL) or ENOMEM */
int redis_alloc(struct redis **rp, struct loop *loop, const struct log *log,
                const char *url);
void redis_free(struct redis *r);
bool redis_up(const struct redis *r);

/** Called each time that the connection is there again, the first too (before
 *  this returns, when it is up). Every part of a process may add one. */
void redis_on_up(struct redis *r, void (*handler)(void *arg), void *arg);

/** Formats as hiredis does ("%s", "%b"). @p handler may be NULL. Its handler is
 *  never called before this returns. @return 0, ENOTCONN, ENOMEM; on an error
 *  the handler is not called */
int redis_command(struct redis *r, redis_reply_h *handler, void *arg,
                  const char *fmt, ...);
int redis_argv(struct redis *r, redis_reply_h *handler, void *arg, int argc,
               const char *const *argv, const size_t *len);

/** A Lua script, known by its SHA1 after its first use. */
struct redis_script {
	const char *source;
	char sha[41]; /**< filled at first use; zero-initialise */
};

/** EVALSHA with the keys and arguments of @p argv, EVAL when Redis does not
 *  know it. Errors as redis_command(). */
int redis_eval(struct redis *r, struct redis_script *script,
               redis_reply_h *handler, void *arg, int n_keys, int argc,
               const char *const *argv, const size_t *len);

/** What opens the secrets that are kept there; borrowed, NULL = none. */
void redis_set_seal(struct redis *r, struct seal *seal);
struct seal *redis_seal(const struct redis *r);
const struct log *redis_log(const struct redis *r);

/** seal_field() and seal_open_field() with its seal; that a value can not be
 *  opened is told to the log with its remedy, once in a while. @return as those */
int redis_seal_field(struct redis *r, const char *field, const char *value,
                     char **out);
int redis_open_field(struct redis *r, const char *field, const char *value,
                     char **out);

/** Listen on a channel, on a second connection; survives reconnects. What is
 *  published meanwhile is missed: each time that Redis says that we listen now,
 *  the handler is called with "". @return 0 or ENOMEM */
int redis_subscribe(struct redis *r, const char *channel,
                    void (*handler)(void *arg, const char *payload), void *arg);

/** Forget every open command, subscription and redis_on_up() with this @p arg:
 *  its handler is not called any more. */
void redis_cancel(struct redis *r, const void *arg);

#endif
