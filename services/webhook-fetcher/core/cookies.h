/*
 * cookies.h - what an application set is sent back to it for the same call
 *
 * Kept for one call and one host; Domain is ignored, so that no cookie travels
 * to another host. A call is short: of an expiry only "now" matters.
 */
#ifndef FETCHER_CORE_COOKIES_H
#define FETCHER_CORE_COOKIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cookies;
struct strbuf;
struct url;

enum { COOKIES_SCOPES_MAX = 10000 }; /* calls; the least recently used goes */
enum { COOKIES_IN_SCOPE_MAX = 20 };  /* more are not taken */
enum { COOKIES_SIZE_MAX = 4096 }; /* bytes of a Set-Cookie; larger: ignored */
enum { COOKIES_KEPT_MS = 4 * 3600 * 1000 }; /* after their last use */

int cookies_alloc(struct cookies **cp); /**< @return 0 or ENOMEM */
void cookies_free(struct cookies *c);   /**< NULL is a no-op */

/** A Set-Cookie header, as it came from @p url; what is not one is ignored. */
void cookies_take(struct cookies *c, const char *scope, const struct url *url,
                  const char *set_cookie, uint64_t now_ms);

/** The same, from the notes of another process. */
void cookies_restore(struct cookies *c, const char *scope, const char *host,
                     const char *set_cookie, uint64_t now_ms);

/** From here on all of this call's cookies are known here, also when it has
 *  none, until it is the least recently used one. */
void cookies_open(struct cookies *c, const char *scope, uint64_t now_ms);
bool cookies_known(const struct cookies *c, const char *scope);

/** Append "a=1; b=2" for a request to @p url, or nothing. */
void cookies_write(struct cookies *c, const char *scope, const struct url *url,
                   uint64_t now_ms, struct strbuf *out);

size_t cookies_n_scopes(const struct cookies *c);

#endif
