/*
 * bins.h - TwiML Bins: `bin:<EH…>` in Redis, with a short cache
 */
#ifndef API_ADAPTERS_BINS_H
#define API_ADAPTERS_BINS_H

struct bins;
struct redis;

enum { BINS_CACHE_MAX = 1000 }; /* entries; the oldest goes */
enum { BINS_CACHE_S = 60 }; /* age; emptied when the configuration changes */

struct bin {
	const char *account_sid; /**< AC… */
	const char *twiml;       /**< the template */
};

/**
 * @p bin is NULL when there is none, and when @p err says why nobody knows:
 * ENOTCONN, ETIMEDOUT, EPROTO, ENOMEM, EACCES (it is sealed with another key),
 * ECANCELED (bins_free()). Borrowed until the handler returns.
 */
typedef void bins_found_h(void *arg, int err, const struct bin *bin);

/** @return 0 or ENOMEM */
int bins_alloc(struct bins **bp, struct redis *redis);
void bins_free(struct bins *b); /**< NULL is a no-op */

/** The handler is called once, before this returns when the cache knows. */
void bins_find(struct bins *b, const char *sid, bins_found_h *handler,
               void *arg);

#endif
