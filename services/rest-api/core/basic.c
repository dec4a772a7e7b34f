/*
 * basic.c - Basic authentication (RFC 7617)
 *
 * Pure: no I/O.
 */
#include "basic.h"

#include <string.h>
#include <strings.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

bool basic_parse(const char *header, struct basic *out)
{
	static const char scheme[] = "Basic ";
	unsigned char text[BASIC_MAX + 4];
	size_t n, padding = 0;
	const char *colon;
	int len;

	if (!header || strncasecmp(header, scheme, sizeof(scheme) - 1) != 0)
		return false;
	header += sizeof(scheme) - 1;
	header += strspn(header, " ");
	n = strlen(header);
	if (n == 0 || n % 4 != 0 || n > BASIC_MAX)
		return false;
	while (padding < 2 && header[n - 1 - padding] == '=')
		padding++;
	len = EVP_DecodeBlock(text, (const unsigned char *)header, (int)n);
	if (len < (int)padding)
		return false;
	text[(size_t)len - padding] = '\0';
	if (strlen((char *)text) != (size_t)len - padding)
		return false;
	colon = strchr((char *)text, ':');
	if (!colon)
		return false;
	n = (size_t)(colon - (char *)text);
	memcpy(out->user, text, n);
	out->user[n] = '\0';
	memcpy(out->password, colon + 1, strlen(colon + 1) + 1);
	return true;
}

bool basic_same(const char *a, const char *b)
{
	size_t n = strlen(a);

	return n == strlen(b) && CRYPTO_memcmp(a, b, n) == 0;
}
