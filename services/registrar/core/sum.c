/*
 * sum.c - MD5, SHA-256 and HMAC-SHA-256 over several pieces of text
 *
 * Pure: no I/O, no clock, no log. The HMAC keeps the state after its inner and
 * its outer key block, which halves its cost.
 */
#include "sum.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

enum { BLOCK = 64 }; /* of SHA-256 [bytes] */

struct sum {
	EVP_MD *md5;
	EVP_MD *sha256;
	EVP_MD_CTX *work;
	EVP_MD_CTX *inner; /* after the inner key block */
	EVP_MD_CTX *outer; /* after the outer key block */
};

struct piece piece_of(const char *s)
{
	return (struct piece){s, strlen(s)};
}

char piece_lower(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
}

static int set_key(struct sum *s, const void *key, size_t n)
{
	unsigned char block[BLOCK] = {0}, ipad[BLOCK], opad[BLOCK];
	bool ok;

	if (n > BLOCK) {
		if (!EVP_Digest(key, n, block, NULL, s->sha256, NULL))
			return ENOMEM;
	} else {
		memcpy(block, key, n);
	}
	for (size_t i = 0; i < BLOCK; i++) {
		ipad[i] = block[i] ^ 0x36;
		opad[i] = block[i] ^ 0x5c;
	}
	ok = EVP_DigestInit_ex(s->inner, s->sha256, NULL) &&
	     EVP_DigestUpdate(s->inner, ipad, BLOCK) &&
	     EVP_DigestInit_ex(s->outer, s->sha256, NULL) &&
	     EVP_DigestUpdate(s->outer, opad, BLOCK);
	return ok ? 0 : ENOMEM;
}

int sum_alloc(struct sum **sp, const void *key, size_t key_len)
{
	struct sum *s = calloc(1, sizeof(*s));
	int err = ENOMEM;

	if (!s)
		goto out;
	s->work = EVP_MD_CTX_new();
	s->inner = EVP_MD_CTX_new();
	s->outer = EVP_MD_CTX_new();
	if (!s->work || !s->inner || !s->outer)
		goto out;
	s->md5 = EVP_MD_fetch(NULL, "MD5", NULL);
	s->sha256 = EVP_MD_fetch(NULL, "SHA2-256", NULL);
	if (!s->md5 || !s->sha256) {
		err = ENOTSUP;
		goto out;
	}
	err = set_key(s, key, key_len);
out:
	if (err)
		sum_free(s);
	else
		*sp = s;
	return err;
}

void sum_free(struct sum *s)
{
	if (!s)
		return;
	EVP_MD_CTX_free(s->work);
	EVP_MD_CTX_free(s->inner);
	EVP_MD_CTX_free(s->outer);
	EVP_MD_free(s->md5);
	EVP_MD_free(s->sha256);
	free(s);
}

static unsigned feed(EVP_MD_CTX *ctx, const struct piece *pieces, size_t n,
                     unsigned char *out)
{
	unsigned len = 0;

	/* With a fetched algorithm and a used context nothing here allocates,
	 * so that a failure is a mistake of ours. */
	for (size_t i = 0; i < n; i++)
		if (!EVP_DigestUpdate(ctx, pieces[i].p, pieces[i].n))
			abort();
	if (!EVP_DigestFinal_ex(ctx, out, &len))
		abort();
	return len;
}

void sum_hex(struct sum *s, enum sum_algorithm algorithm,
             const struct piece *pieces, size_t n, char out[SUM_HEX_MAX])
{
	static const char digits[] = "0123456789abcdef";
	unsigned char raw[EVP_MAX_MD_SIZE];
	EVP_MD *md = algorithm == SUM_MD5 ? s->md5 : s->sha256;
	size_t len;

	if (!EVP_DigestInit_ex(s->work, md, NULL))
		abort();
	len = feed(s->work, pieces, n, raw);
	assert(2 * len < SUM_HEX_MAX);
	for (size_t i = 0; i < len; i++) {
		out[2 * i] = digits[raw[i] >> 4];
		out[2 * i + 1] = digits[raw[i] & 15];
	}
	out[2 * len] = '\0';
}

void sum_mac(struct sum *s, const struct piece *pieces, size_t n,
             uint8_t out[SUM_MAC_SIZE])
{
	unsigned char inner[EVP_MAX_MD_SIZE];
	struct piece all;

	if (!EVP_MD_CTX_copy_ex(s->work, s->inner))
		abort();
	all.n = feed(s->work, pieces, n, inner);
	all.p = (const char *)inner;
	if (!EVP_MD_CTX_copy_ex(s->work, s->outer))
		abort();
	(void)feed(s->work, &all, 1, out);
}
