/*
 * cookie_store.h - the cookies of a call for the copies of this process
 *
 * A call's requests go to one fetcher, which has its cookies in memory
 * (core/cookies.h). What applications set is also appended to the Redis list
 * `cookies:<CA…>`, which expires; a fetcher that does not know the call reads it
 * once and continues the session.
 */
#ifndef FETCHER_ADAPTERS_COOKIE_STORE_H
#define FETCHER_ADAPTERS_COOKIE_STORE_H

struct cookies;
struct redis;

enum { COOKIE_STORE_MAX = 40 }; /* Set-Cookie headers that are kept of a call */

/** Append what @p host set. While Redis is away it is not kept. */
void cookie_store_add(struct redis *redis, const char *scope, const char *host,
                      const char *set_cookie);

typedef void cookie_store_h(void *arg);

struct cookie_store_read {
	struct redis *redis;
	struct cookies *cookies; /**< is told what is there */
	const char *scope;       /**< borrowed until the handler was called */
	cookie_store_h *handler; /**< also when Redis does not answer */
	void *arg;
};

/** @p r is borrowed until the handler was called; redis_cancel(redis, r) ends
 *  that. @return 0, or an errno: then the handler is not called */
int cookie_store_read(struct cookie_store_read *r);

#endif
