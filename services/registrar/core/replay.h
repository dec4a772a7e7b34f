/*
 * replay.h - which nonce counts were used (RFC 7616 3.4 and 5.12)
 *
 * Only a request with a valid digest reaches this table, so that nobody can
 * fill it without a password. It is bounded: when it is full the oldest nonce
 * is forgotten, and from then on every unknown nonce that was issued no later
 * is refused, so that forgetting never lets a replay through.
 */
#ifndef REGISTRAR_CORE_REPLAY_H
#define REGISTRAR_CORE_REPLAY_H

#include <stddef.h>
#include <stdint.h>

struct nonce;
struct replay;

enum { REPLAY_WINDOW = 64 };         /* nonce counts that may be out of order */
enum { REPLAY_NONCES_MAX = 131072 }; /* nonces in use, 48 bytes each          */
enum {
	REPLAY_RESEND_MS = 4000
}; /* timer E has sent four times by then;
                                       RFC 3261 17.1.2.1                     */

enum replay_verdict {
	REPLAY_NEW,    /**< never seen: it is recorded now                   */
	REPLAY_RESENT, /**< the latest request once more, a moment later: its
	                    answer was lost; must change nothing             */
	REPLAY_USED,   /**< seen before                                      */
	REPLAY_TOO_OLD /**< may have been seen: forgotten                    */
};

/** @param max nonces kept, a power of two. @return 0 or ENOMEM */
int replay_alloc(struct replay **rp, size_t max);
void replay_free(struct replay *r); /**< NULL is a no-op */

/**
 * Judge a request whose digest was right, and record it.
 *
 * @param nc       nonce count, 1..2^32-1
 * @param response hash of the digest response, to recognise the same request
 * @param now_ms   monotonic [ms]
 */
enum replay_verdict replay_check(struct replay *r, const struct nonce *nonce,
                                 uint32_t nc, uint64_t response,
                                 uint64_t now_ms);

#endif
