/*
 * text.c - just enough SIP text for a load generator
 */
#include "text.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { LINE_SIZE = 1024 };

/* The next header line with this name at or after @p at, or NULL. */
static const char *find_line(const char *at, const char *name)
{
	size_t n = strlen(name);

	while ((at = strstr(at, "\r\n"))) {
		at += 2;
		if (strncmp(at, "\r\n", 2) == 0)
			return NULL;
		if (strncasecmp(at, name, n) == 0 && at[n] == ':')
			return at;
	}
	return NULL;
}

static void copy(char *out, size_t size, const char *s, size_t n)
{
	if (n >= size)
		n = 0;
	memcpy(out, s, n);
	out[n] = '\0';
}

void text_header(const char *message, const char *name, char *out, size_t size)
{
	const char *line = find_line(message, name);

	out[0] = '\0';
	if (!line)
		return;
	line += strlen(name) + 1;
	line += strspn(line, " ");
	copy(out, size, line, strcspn(line, "\r"));
}

void text_headers(const char *message, const char *name, char *out, size_t size)
{
	const char *line = message;
	size_t len = 0;

	out[0] = '\0';
	while ((line = find_line(line, name))) {
		size_t n = strcspn(line, "\n") + 1;

		if (len + n >= size)
			return;
		memcpy(out + len, line, n);
		len += n;
		out[len] = '\0';
	}
}

/* Value of a `name=value` or `name="value"` parameter. @return found? */
static bool param(const char *value, const char *name, char *out, size_t size)
{
	size_t n = strlen(name);

	out[0] = '\0';
	for (const char *at = value; (at = strcasestr(at, name)); at += n) {
		if (at != value && !strchr(" ,;", at[-1]))
			continue;
		if (at[n] != '=')
			continue;
		at += n + 1;
		if (*at == '"')
			copy(out, size, at + 1, strcspn(at + 1, "\""));
		else
			copy(out, size, at, strcspn(at, ",; \r"));
		return true;
	}
	return false;
}

void text_uri(const char *value, char *out, size_t size)
{
	const char *open = strchr(value, '<');

	if (open)
		copy(out, size, open + 1, strcspn(open + 1, ">"));
	else
		copy(out, size, value, strcspn(value, ";"));
}

int text_status(const char *message)
{
	return strncmp(message, "SIP/2.0 ", 8) == 0 ? atoi(message + 8) : 0;
}

static void md5_hex(const char *s, char out[33])
{
	unsigned char sum[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	(void)EVP_Digest(s, strlen(s), sum, &n, EVP_md5(), NULL);
	for (size_t i = 0; i < n; i++)
		(void)snprintf(out + 2 * i, 3, "%02x", sum[i]);
}

/* The challenge header that offers MD5: ours come SHA-256 first. */
static bool find_challenge(const char *response, char *out, size_t size)
{
	static const char *const names[] = {"WWW-Authenticate",
	                                    "Proxy-Authenticate"};
	char algorithm[32];

	for (size_t i = 0; i < 2; i++) {
		const char *line = response;

		while ((line = find_line(line, names[i]))) {
			copy(out, size, line, strcspn(line, "\r"));
			if (!param(out, "algorithm", algorithm,
			           sizeof(algorithm)) ||
			    strcasecmp(algorithm, "MD5") == 0)
				return true;
		}
	}
	return false;
}

bool text_authorize(const char *response, const struct text_digest *d,
                    char *out, size_t size)
{
	char challenge[LINE_SIZE], realm[128], nonce[256], s[LINE_SIZE];
	char ha1[33], ha2[33], sum[33];

	if (!find_challenge(response, challenge, sizeof(challenge)))
		return false;
	(void)param(challenge, "realm", realm, sizeof(realm));
	(void)param(challenge, "nonce", nonce, sizeof(nonce));
	(void)snprintf(s, sizeof(s), "%s:%s:%s", d->username, realm,
	               d->password);
	md5_hex(s, ha1);
	(void)snprintf(s, sizeof(s), "%s:%s", d->method, d->uri);
	md5_hex(s, ha2);
	(void)snprintf(s, sizeof(s), "%s:%s:%08x:bench:auth:%s", ha1, nonce,
	               d->count, ha2);
	md5_hex(s, sum);
	(void)snprintf(out, size,
	               "Digest username=\"%s\", realm=\"%s\", nonce=\"%s\", "
	               "uri=\"%s\", algorithm=MD5, qop=auth, nc=%08x, "
	               "cnonce=\"bench\", response=\"%s\"",
	               d->username, realm, nonce, d->uri, d->count, sum);
	return true;
}
