/*
 * digest.c - our answer to a digest challenge (RFC 7616): MD5 and SHA-256
 */
#include "digest.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <openssl/evp.h>

#include "base/strbuf.h"

enum { HEX_SIZE = 2 * EVP_MAX_MD_SIZE + 1 };

static const EVP_MD *hash_of(const char *algorithm)
{
	if (algorithm[0] == 0 || strcasecmp(algorithm, "MD5") == 0)
		return EVP_md5();
	if (strcasecmp(algorithm, "SHA-256") == 0)
		return EVP_sha256();
	return NULL;
}

static bool offers_auth(const char *qop)
{
	while (*qop) {
		size_t n = strcspn(qop, ", \t");

		if (n == 4 && strncasecmp(qop, "auth", 4) == 0)
			return true;
		qop += n;
		qop += strspn(qop, ", \t");
	}
	return false;
}

bool digest_known(const struct digest_challenge *c)
{
	return hash_of(c->algorithm) && c->nonce[0] &&
	       (c->qop[0] == 0 || offers_auth(c->qop));
}

bool digest_stronger(const struct digest_challenge *a,
                     const struct digest_challenge *b)
{
	return strcasecmp(a->algorithm, "SHA-256") == 0 &&
	       strcasecmp(b->algorithm, "SHA-256") != 0;
}

/* Hash strings joined by colons; the list ends with NULL. */
static void hash_hex(const EVP_MD *md, const char *const *parts,
                     char out[HEX_SIZE])
{
	unsigned char sum[EVP_MAX_MD_SIZE];
	unsigned int n = 0;
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	out[0] = 0;
	if (!ctx)
		return;
	if (EVP_DigestInit_ex(ctx, md, NULL) == 1) {
		for (size_t i = 0; parts[i]; i++) {
			if (i)
				(void)EVP_DigestUpdate(ctx, ":", 1);
			(void)EVP_DigestUpdate(ctx, parts[i], strlen(parts[i]));
		}
		if (EVP_DigestFinal_ex(ctx, sum, &n) != 1)
			n = 0;
	}
	EVP_MD_CTX_free(ctx);
	for (unsigned int i = 0; i < n; i++)
		(void)snprintf(out + 2 * (size_t)i, 3, "%02x", sum[i]);
}

/* A value that would end the header is not ours to repeat. */
static bool printable(const char *s)
{
	for (; *s; s++)
		if (iscntrl((unsigned char)*s))
			return false;
	return true;
}

static void add_quoted(struct strbuf *b, const char *name, const char *value)
{
	strbuf_addf(b, "%s=\"", name);
	for (; *value; value++) {
		if (*value == '"' || *value == '\\')
			strbuf_addc(b, '\\');
		strbuf_addc(b, *value);
	}
	strbuf_addc(b, '"');
}

int digest_answer(const struct digest_challenge *c,
                  const struct digest_login *login, struct strbuf *out)
{
	const EVP_MD *md = hash_of(c->algorithm);
	const bool qop = c->qop[0] != 0;
	char ha1[HEX_SIZE], ha2[HEX_SIZE], response[HEX_SIZE];
	const char *a1[] = {login->username, c->realm, login->password, NULL};
	const char *a2[] = {login->method, login->uri, NULL};
	const char *with[] = {ha1,    c->nonce, "00000001", login->cnonce,
	                      "auth", ha2,      NULL};
	const char *without[] = {ha1, c->nonce, ha2, NULL};

	if (!digest_known(c) || !printable(c->realm) || !printable(c->nonce) ||
	    !printable(c->opaque) || !printable(login->username))
		return EINVAL;
	hash_hex(md, a1, ha1);
	hash_hex(md, a2, ha2);
	hash_hex(md, qop ? with : without, response);
	add_quoted(out, "Digest username", login->username);
	add_quoted(out, ", realm", c->realm);
	add_quoted(out, ", nonce", c->nonce);
	add_quoted(out, ", uri", login->uri);
	strbuf_addf(out, ", response=\"%s\", algorithm=%s", response,
	            c->algorithm[0] ? c->algorithm : "MD5");
	if (qop)
		strbuf_addf(out, ", qop=auth, nc=00000001, cnonce=\"%s\"",
		            login->cnonce);
	if (c->opaque[0])
		add_quoted(out, ", opaque", c->opaque);
	OPENSSL_cleanse(ha1, sizeof(ha1));
	return out->failed ? ENOMEM : 0;
}
