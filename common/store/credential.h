/*
 * credential.h - one user of a credential list: HA1 only, with a short cache
 *
 * Redis: `credential-list:<CL>:user:<username>`, a hash: sid, and for each realm
 * `md5 <realm>` and `sha256 <realm>`, hexadecimal HA1 (RFC 7616 3.4.2).
 */
#ifndef STORE_CREDENTIAL_H
#define STORE_CREDENTIAL_H

#include <stdbool.h>
#include <stddef.h>

struct credentials;
struct redis;

enum { CREDENTIAL_USERNAME_MAX = 64 };  /* bytes */
enum { CREDENTIAL_CACHE_MAX = 100000 }; /* entries; least recently used goes */
enum { CREDENTIAL_CACHE_S = 60 };       /* age; emptied when config changes */

struct credential {
	bool found;
	char md5[33]; /**< hex HA1, "" = none */
	char sha256[65];
};

/** @p c is borrowed until it returns. @p err: 0, ENOTCONN/ETIMEDOUT when Redis is
 *  away and nothing is cached, ENODATA when there is no configuration in it any
 *  more, EACCES when no key of ours opens it */
typedef void credential_h(void *arg, int err, const struct credential *c);

/** @return 0 or ENOMEM */
int credentials_alloc(struct credentials **cp, struct redis *redis);
void credentials_free(struct credentials *c);

struct credential_query {
	const char *const *lists; /**< CL… in the order to look */
	size_t n_lists;
	const char *realm;
	const char *username;
};

/** Find the user in the first of the lists that has it; copies @p query. The
 *  handler may be called before this returns, when the cache knows. */
void credentials_find(struct credentials *c,
                      const struct credential_query *query,
                      credential_h *handler, void *arg);

/** Forget every open question with this @p arg: its handler is not called. */
void credentials_cancel(struct credentials *c, const void *arg);

#endif
