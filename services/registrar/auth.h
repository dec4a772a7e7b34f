/*
 * auth.h - digest authentication of a request: who is it, and what to answer
 *          when that is not proved
 *
 * Stateless towards strangers: a challenge leaves nothing in memory. What is
 * kept is bounded: nonce counts of requests that were right (core/replay.h)
 * and failures of sources that own the nonce they used (base/guard.h).
 */
#ifndef REGISTRAR_AUTH_H
#define REGISTRAR_AUTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/digest.h"

struct auth;
struct credentials;
struct tenants;

enum {
	/* in AUTH_WINDOW_MS: wrong answers of one user of a source, as long as
	 * its password is the same, and users of a source that were wrong; then
	 * they are refused */
	AUTH_WRONG_MAX = 10,
	AUTH_SILENT_MAX = 100, /* from here on there is no answer */
	AUTH_WINDOW_MS = 600 * 1000,
	AUTH_KNOWN_MAX = 65536 /* pairs of source and user that were right   */
};

enum auth_result {
	AUTH_RIGHT,
	AUTH_RESENT,    /**< right, but the request was seen a moment ago     */
	AUTH_CHALLENGE, /**< no usable credentials: challenge                 */
	AUTH_STALE,     /**< right, with a nonce that is used up: challenge
	                     with stale=true                                  */
	AUTH_WRONG,     /**< wrong password, or no such user                  */
	AUTH_BLOCKED,   /**< this source was wrong too often                  */
	AUTH_SILENT,    /**< far too often: say nothing                       */
	AUTH_MALFORMED, /**< 400 */
	AUTH_AWAY       /**< Redis is away, or has no configuration any more:
	                     nobody knows                                     */
};

/** All texts are borrowed until the handler is called, the lists until
 *  auth_check() returns. */
struct auth_req {
	const char *method;
	const char *uri;    /**< Request-URI       */
	const char *realm;  /**< our SIP domain    */
	const char *source; /**< IP of the sender  */
	uint64_t request;   /**< hash of what makes a request the same one
	                         when it is sent again: Call-ID and CSeq */
	size_t n_credentials;
	const char *const *credentials; /**< values of (Proxy-)Authorization */
	size_t n_lists;
	const char *const *lists;           /**< CL… that have the users */
	const struct digest_secret *secret; /**< NULL: the lists are asked.
	                                         Else it is @p username's,
	                                         and borrowed as the texts */
	const char *username;
};

/** @p username: of AUTH_RIGHT and AUTH_RESENT; borrowed until it returns. */
typedef void auth_h(void *arg, enum auth_result result, const char *username);

/** @return 0, ENOMEM, or ENOTSUP (OpenSSL without MD5) */
int auth_alloc(struct auth **ap, struct credentials *credentials,
               const struct tenants *tenants, const void *secret,
               size_t secret_len);
void auth_free(struct auth *a); /**< open checks end as AUTH_AWAY */

/** The handler is called once, maybe before this returns. */
void auth_check(struct auth *a, const struct auth_req *req, auth_h *handler,
                void *arg);

/** The challenges to send, in this order (RFC 8760 2: the best first). */
struct auth_challenges {
	size_t n;
	char v[2][DIGEST_CHALLENGE_SIZE];
};

void auth_challenge(struct auth *a, struct auth_challenges *out,
                    const char *realm, const char *source, bool md5_only,
                    bool stale);

#endif
