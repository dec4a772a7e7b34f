/*
 * digest.h - our answer to a digest challenge (RFC 7616): MD5 and SHA-256
 */
#ifndef CC_ADAPTERS_DIGEST_H
#define CC_ADAPTERS_DIGEST_H

#include <stdbool.h>
#include <stddef.h>

struct strbuf;

enum { DIGEST_VALUE_MAX = 1024 }; /* bytes of a realm, nonce, opaque */

/** What the header of a challenge says; without quotes and escapes, "" = absent */
struct digest_challenge {
	const char *realm;
	const char *nonce;
	const char *opaque;
	const char *algorithm;
	const char *qop; /**< list of what is offered */
	bool stale; /**< the nonce was too old, the password was right (3.3) */
};

/** Who answers it, in which request */
struct digest_login {
	const char *username;
	const char *password; /**< never logged */
	const char *method;
	const char *uri;    /**< Request-URI */
	const char *cnonce; /**< random, hexadecimal */
};

/** Can we answer it? MD5 or SHA-256, and qop absent or with auth in it. */
bool digest_known(const struct digest_challenge *c);

/** Is @p a to be preferred to @p b? SHA-256 before MD5. */
bool digest_stronger(const struct digest_challenge *a,
                     const struct digest_challenge *b);

/**
 * Append the value of (Proxy-)Authorization. The hashes are of values without
 * escapes, as who keeps passwords has them; what is sent is escaped.
 *
 * @return 0, EINVAL (digest_known() is false, or a value has control characters)
 *         or ENOMEM
 */
int digest_answer(const struct digest_challenge *c,
                  const struct digest_login *login, struct strbuf *out);

#endif
