/*
 * signature.c - X-Twilio-Signature: proof to the application that we asked
 *
 * Pure: no I/O, no clock, no log.
 */
#include "signature.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

enum { MAC_SIZE = 20 };

/* An OpenSSL context that is keyed anew for each signature: making one would
 * cost ten times as much as using it. */
int signer_alloc(struct signer **sp)
{
	static char sha1[] = "SHA1";
	const OSSL_PARAM params[] = {
		OSSL_PARAM_utf8_string(OSSL_MAC_PARAM_DIGEST, sha1,
	                               sizeof(sha1) - 1),
		OSSL_PARAM_END,
	};
	EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	EVP_MAC_CTX *ctx = mac ? EVP_MAC_CTX_new(mac) : NULL;
	int err = ENOMEM;

	if (ctx && EVP_MAC_CTX_set_params(ctx, params))
		err = 0;
	EVP_MAC_free(mac);
	if (err)
		EVP_MAC_CTX_free(ctx);
	else
		*sp = (struct signer *)ctx;
	return err;
}

void signer_free(struct signer *s)
{
	EVP_MAC_CTX_free((EVP_MAC_CTX *)s);
}

static bool add(EVP_MAC_CTX *ctx, const char *s)
{
	return EVP_MAC_update(ctx, (const unsigned char *)s, strlen(s)) == 1;
}

int signature_make(struct signer *s, const char *token,
                   const struct signed_text *text, char out[SIGNATURE_SIZE])
{
	EVP_MAC_CTX *ctx = (EVP_MAC_CTX *)s;
	unsigned char mac[MAC_SIZE];
	size_t len = 0;

	if (!EVP_MAC_init(ctx, (const unsigned char *)token, strlen(token),
	                  NULL) ||
	    !add(ctx, text->url))
		return ENOMEM;
	for (size_t i = 0; i < text->n_params; i++) {
		if (!add(ctx, text->params[i].name) ||
		    !add(ctx, text->params[i].value))
			return ENOMEM;
	}
	if (!EVP_MAC_final(ctx, mac, &len, sizeof(mac)) || len != sizeof(mac))
		return ENOMEM;
	EVP_EncodeBlock((unsigned char *)out, mac, (int)len);
	return 0;
}
