/*
 * key_secret.c - the secret of an API key
 *
 * Pure: OpenSSL's digest and nothing else.
 */
#include "key_secret.h"

#include <stdio.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

bool key_secret_sum(const char *secret, char out[KEY_SECRET_SUM_SIZE])
{
	unsigned char sum[32];
	unsigned n = sizeof(sum);

	if (!EVP_Digest(secret, strlen(secret), sum, &n, EVP_sha256(), NULL))
		return false;
	for (unsigned i = 0; i < n; i++)
		(void)snprintf(out + (size_t)2 * i, 3, "%02x", sum[i]);
	return true;
}

bool key_secret_fits(const char *sum, const char *secret)
{
	char own[KEY_SECRET_SUM_SIZE];

	return strlen(sum) == sizeof(own) - 1 && key_secret_sum(secret, own) &&
	       CRYPTO_memcmp(sum, own, sizeof(own) - 1) == 0;
}
