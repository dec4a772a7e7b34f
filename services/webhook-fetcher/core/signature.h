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

/**
 * @param url    as sent: no user, no fragment
 * @param params in order of their names, each name once
 * @return 0 or ENOMEM
 */
int signature_make(const char *token, const char *url,
                   const struct param *params, size_t n_params,
                   char out[SIGNATURE_SIZE]);

#endif
