/*
 * nonce.h - nonces that prove themselves: nothing is kept for a challenge
 *
 * A nonce is base64url(version 1 | instance 4 | issued 6 | random 6 | mac 16),
 * the mac an HMAC over all before it, the source address and the realm. So a
 * nonce works only from the address that it was sent to, and only for the
 * domain that it was made for (RFC 7616 3.3).
 */
#ifndef REGISTRAR_CORE_NONCE_H
#define REGISTRAR_CORE_NONCE_H

#include <stdint.h>

struct sum;

enum { NONCE_SIZE = 45 };            /* 44 characters and NUL */
enum { NONCE_LIFE_MS = 300 * 1000 }; /* RFC 7616 5.2 leaves it to us */

enum nonce_state {
	NONCE_GOOD,
	NONCE_OLD,     /**< ours, but issued too long ago                    */
	NONCE_FOREIGN, /**< of another instance, or of this one before it was
	                    started again: its nc values are not known here  */
	NONCE_FORGED   /**< made up, or issued to another address or domain  */
};

/** Who makes and checks nonces */
struct nonce_maker {
	struct sum *sum; /**< borrowed; its key is the installation's secret */
	uint32_t
		instance; /**< random, drawn at start                         */
};

/** What one nonce is bound to */
struct nonce_scope {
	const char *source; /**< IP address, without port */
	const char *realm;
};

/** What a nonce says of itself, once it was proved */
struct nonce {
	uint64_t issued_ms; /**< wall clock [ms]                    */
	uint64_t id;        /**< distinguishes nonces of an instance */
};

/** @param random used as is: the lower 48 bits */
void nonce_make(const struct nonce_maker *maker,
                const struct nonce_scope *scope, uint64_t now_ms,
                uint64_t random, char out[NONCE_SIZE]);

/**
 * @param text NUL-terminated, any content
 * @param n    filled unless NONCE_FORGED comes back
 */
enum nonce_state nonce_check(const struct nonce_maker *maker,
                             const struct nonce_scope *scope, uint64_t now_ms,
                             const char *text, struct nonce *n);

#endif
