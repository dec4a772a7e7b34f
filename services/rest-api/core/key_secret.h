/*
 * key_secret.h - the secret of an API key: 32 random letters and digits, of which
 *                only the SHA-256 is kept
 *
 * Pure: OpenSSL's digest and nothing else.
 */
#ifndef API_CORE_KEY_SECRET_H
#define API_CORE_KEY_SECRET_H

#include <stdbool.h>

enum { KEY_SECRET_SIZE = 33, KEY_SECRET_SUM_SIZE = 65 };

/** @return whether the digest could be made */
bool key_secret_sum(const char *secret, char out[KEY_SECRET_SUM_SIZE]);

/** In a time that does not tell where they differ */
bool key_secret_fits(const char *sum, const char *secret);

#endif
