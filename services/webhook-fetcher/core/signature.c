/*
 * signature.c - X-Twilio-Signature: proof to the application that we asked
 *
 * Pure: no I/O, no clock, no log.
 */
#include "signature.h"

#include <errno.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/strbuf.h"

int signature_make(const char *token, const char *url,
                   const struct param *params, size_t n_params,
                   char out[SIGNATURE_SIZE])
{
	unsigned char mac[EVP_MAX_MD_SIZE];
	struct strbuf data = {0};
	unsigned mac_len = 0;
	int err = ENOMEM;

	strbuf_add(&data, url);
	for (size_t i = 0; i < n_params; i++) {
		strbuf_add(&data, params[i].name);
		strbuf_add(&data, params[i].value);
	}
	if (data.failed)
		goto out;
	if (!HMAC(EVP_sha1(), token, (int)strlen(token),
	          (const unsigned char *)data.s, data.len, mac, &mac_len))
		goto out;
	EVP_EncodeBlock((unsigned char *)out, mac, (int)mac_len);
	err = 0;
out:
	strbuf_close(&data);
	return err;
}
