/*
 * digest.c - what a tenants file says, in 64 characters
 *
 * Pure: OpenSSL's SHA-256 and nothing else.
 */
#include "digest.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>

/* Each node with its type and size before it, so that no two trees are one
 * text. The depth is that of a file, NODE_DEPTH_MAX. */
static bool add(EVP_MD_CTX *sum,
                const struct node *n) // NOLINT(misc-no-recursion)
{
	size_t size = n->type == NODE_TEXT ? strlen(n->text) : n->n;
	char head[32];
	int len = snprintf(head, sizeof(head), "%d %zu ", (int)n->type, size);
	bool well = EVP_DigestUpdate(sum, head, (size_t)len) == 1;

	if (n->type == NODE_TEXT)
		return well && EVP_DigestUpdate(sum, n->text, size) == 1;
	for (size_t i = 0; well && i < n->n; i++)
		well = (n->type != NODE_MAP || add(sum, n->keys[i])) &&
		       add(sum, n->values[i]);
	return well;
}

int digest_of(const struct node *root, const char *also, char out[DIGEST_SIZE])
{
	EVP_MD_CTX *sum = EVP_MD_CTX_new();
	unsigned char bytes[EVP_MAX_MD_SIZE];
	unsigned n = 0;
	bool well = sum && EVP_DigestInit_ex(sum, EVP_sha256(), NULL) == 1 &&
	            add(sum, root) &&
	            EVP_DigestUpdate(sum, also, strlen(also)) == 1 &&
	            EVP_DigestFinal_ex(sum, bytes, &n) == 1;

	EVP_MD_CTX_free(sum);
	for (unsigned i = 0; well && i < n; i++)
		(void)snprintf(out + (size_t)2 * i, 3, "%02x", bytes[i]);
	return well ? 0 : ENOMEM;
}
