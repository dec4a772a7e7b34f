/*
 * signature.h - X-Twilio-Signature: proof to the application that we asked
 *
 * base64(HMAC-SHA1(auth token, URL + name1 + value1 + name2 + value2 …)), the
 * parameters of a POST in order of their names (bytes, upper case first),
 * values as they are before any encoding. A GET has them in its URL already.
 */
#ifndef FETCHER_CORE_SIGNATURE_H
#define FETCHER_CORE_SIGNATURE_H

#include <stddef.h>

enum { SIGNATURE_SIZE = 29 }; /* base64 of 20 bytes, and NUL */

struct param {
	const char *name;  /**< borrowed */
	const char *value; /**< borrowed */
};

/** What is signed; all borrowed */
struct signed_text {
	const char *url;            /**< as sent: no user, no fragment */
	const struct param *params; /**< in order of their names, each once */
	size_t n_params;
};

struct signer;

int signer_alloc(struct signer **sp); /**< @return 0 or ENOMEM */
void signer_free(struct signer *s);   /**< NULL is a no-op */

/** @return 0 or ENOMEM */
int signature_make(struct signer *s, const char *token,
                   const struct signed_text *text, char out[SIGNATURE_SIZE]);

#endif
