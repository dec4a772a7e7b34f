/*
 * sure.h - commands that Redis must get, even when it is away or stands still
 *
 * Each is kept until Redis has answered it, and sent again, in order, when the
 * connection is there again or a second later. So a command may be carried out
 * twice: only those will do that change nothing the second time. What is kept is
 * lost with the process.
 */
#ifndef STORE_SURE_H
#define STORE_SURE_H

#include <stddef.h>

struct log;
struct loop;
struct redis;
struct redis_script;
struct sure;

enum { SURE_MAX = 200000 }; /* commands kept; more are refused and logged */

/** Before other handlers of redis_on_up() that read what these write.
 *  @return 0 or ENOMEM */
int sure_alloc(struct sure **sp, struct loop *loop, struct redis *redis,
               const struct log *log);
void sure_free(struct sure *s); /**< NULL is a no-op */

/** @p argv is copied. */
void sure_argv(struct sure *s, int argc, const char *const *argv);
/** As redis_eval(); @p script lives as long as the process. */
void sure_eval(struct sure *s, struct redis_script *script, int n_keys,
               int argc, const char *const *argv);

#endif
