/*
 * digest.h - digest authentication: challenges and their answers
 *            (RFC 7616, RFC 8760; qop=auth with MD5 or SHA-256)
 */
#ifndef REGISTRAR_CORE_DIGEST_H
#define REGISTRAR_CORE_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "aor.h"
#include "nonce.h"
#include "sum.h"

enum { DIGEST_TEXT_MAX = 4096 };   /* bytes of one Authorization */
enum { DIGEST_PARAMS_MAX = 32 };   /* parameters of one          */
enum { DIGEST_USERNAME_MAX = 64 }; /* bytes                      */
enum { DIGEST_CNONCE_MAX = 256 };  /* bytes                      */
enum { DIGEST_CHALLENGE_SIZE = 512 };

enum digest_parsed {
	DIGEST_OK,
	DIGEST_OTHER,    /**< another scheme, algorithm or qop than ours, or
	                        the style of RFC 2069: challenge it again      */
	DIGEST_MALFORMED /**< answer 400 */
};

/** The answer to a challenge. The pieces point into the text. */
struct digest {
	enum sum_algorithm algorithm;
	char username[DIGEST_USERNAME_MAX + 1];
	char realm[AOR_DOMAIN_MAX + 1];
	char nonce[NONCE_SIZE]; /**< "" when it has not the length of ours */
	struct piece uri;
	struct piece cnonce;
	struct piece nc_text;       /**< eight digits as they were sent */
	uint32_t nc;                /**< at least 1 */
	char response[SUM_HEX_MAX]; /**< lower case */
	struct piece nonce_text;    /**< as it was sent */
};

/** HA1 of one user, hexadecimal; "" = there is none for this algorithm */
struct digest_secret {
	char md5[33];
	char sha256[65];
};

/**
 * Read the value of Authorization or Proxy-Authorization.
 *
 * @param text NUL-terminated, any content, borrowed by @p d
 */
enum digest_parsed digest_parse(struct digest *d, const char *text);

/**
 * Is the response what someone who knows the password would send?
 *
 * @param secret NULL for an unknown user: the same work is done, the answer is
 *               false
 */
bool digest_right(const struct digest *d, struct sum *sum, const char *method,
                  const struct digest_secret *secret);

/** Does the `uri` of the answer name the same resource as the Request-URI? */
bool digest_uri_matches(const struct digest *d, const char *request_uri);

/** Write one challenge, the value of WWW-Authenticate or Proxy-Authenticate. */
void digest_challenge(char out[DIGEST_CHALLENGE_SIZE],
                      enum sum_algorithm algorithm, const char *realm,
                      const char *nonce, bool stale);

#endif
