/*
 * ha1.c - what is kept of a password: H(username:realm:password)
 *
 * Pure: OpenSSL's digests and nothing else.
 */
#include "store/ha1.h"

#include <errno.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "base/strbuf.h"

static int digest(const EVP_MD *md, const struct strbuf *text, char *out)
{
	static const char hex[] = "0123456789abcdef";
	unsigned char sum[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	if (EVP_Digest(text->s, text->len, sum, &n, md, NULL) != 1)
		return ENOMEM;
	for (unsigned i = 0; i < n; i++) {
		*out++ = hex[sum[i] >> 4];
		*out++ = hex[sum[i] & 15];
	}
	*out = '\0';
	return 0;
}

int ha1_make(struct ha1 *out, const char *username, const char *realm,
             const char *password)
{
	struct strbuf text = {0};
	int err = ENOMEM;

	strbuf_addf(&text, "%s:%s:%s", username, realm, password);
	if (text.failed)
		goto out;
	err = digest(EVP_md5(), &text, out->md5);
	if (!err)
		err = digest(EVP_sha256(), &text, out->sha256);
out:
	if (text.s)
		OPENSSL_cleanse(text.s, text.len);
	strbuf_close(&text);
	return err;
}
