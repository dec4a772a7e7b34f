/*
 * store.h - Redis, one question at a time (hiredis, blocking)
 *
 * A command line tool has nothing else to do while it waits.
 */
#ifndef CLI_ADAPTERS_STORE_H
#define CLI_ADAPTERS_STORE_H

#include <stddef.h>

#include <hiredis/hiredis.h>

#include "core/digest.h"
#include "core/model.h"
#include "losses.h"

struct seal;
struct store;

/** A file that is made the configuration, and what came of it */
struct store_load {
	const char *path;         /**< as it was named; remembered */
	char digest[DIGEST_SIZE]; /**< of what it says; remembered */
	long long version;        /**< set: of the configuration from now on */
	struct losses losses;     /**< set: what no file had given, and is gone;
	                           for losses_close() */
};

enum { STORE_TIMEOUT_S = 10 }; /* for one answer */

/**
 * Connect; TRESTLE_SECRET_KEY and TRESTLE_SECRET_KEY_OLD are taken from the
 * environment. @param url "redis://[user:password@]host[:port][/db]"
 * @param problem says what is wrong and what to do, when not 0 comes back
 * @return 0, EINVAL (the URL or a key), ENOTCONN or ENOMEM
 */
int store_alloc(struct store **sp, const char *url, char *problem, size_t size);
void store_free(struct store *s); /**< NULL is a no-op */

/** Ask; formats as hiredis does. @return NULL on an error, of which
 *  store_problem() speaks; else free it with freeReplyObject() */
redisReply *store_ask(struct store *s, const char *fmt, ...);
const char *store_problem(const struct store *s);
/** Send a question without waiting. @return 0 or ENOMEM; its answer is the
 *  next of store_take(), which is as store_ask() */
int store_send(struct store *s, const char *fmt, ...);
redisReply *store_take(struct store *s);
/** What secrets are sealed with, of the environment; never NULL. */
const struct seal *store_seal(const struct store *s);

/**
 * Make @p m the configuration, in one transaction: what was there before is
 * deleted, secrets are sealed, `config:file` says which file it was, and every
 * process is told.
 *
 * @param public_url where rest-api serves bins
 * @return 0, ENOTCONN, EAGAIN (others kept changing it) or ENOMEM; on an error
 *         nothing has changed
 */
int store_replace(struct store *s, const struct model *m,
                  const char *public_url, struct store_load *load);

#endif
