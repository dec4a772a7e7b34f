/*
 * aor.c - canonical address-of-record, "user@domain" (RFC 3261 10.3 step 5)
 *
 * Pure: no I/O, no clock, no log.
 */
#include "aor.h"

#include <string.h>

#include "uri.h"

static bool user_ok(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s <= ' ' || *s == 0x7f || *s == '@' ||
		    *s == '{' || *s == '}')
			return false;
	return true;
}

bool aor_domain(char out[AOR_DOMAIN_MAX + 1], struct piece host)
{
	if (host.n == 0 || host.n > AOR_DOMAIN_MAX)
		return false;
	for (size_t i = 0; i < host.n; i++)
		out[i] = piece_lower(host.p[i]);
	out[host.n] = '\0';
	return true;
}

bool aor_make(struct aor *a, struct piece user, struct piece host)
{
	return uri_unescape(user, a->user, sizeof(a->user)) > 0 &&
	       user_ok(a->user) && aor_domain(a->domain, host);
}

void aor_text(const struct aor *a, char out[AOR_TEXT_SIZE])
{
	size_t n = strlen(a->user);

	memcpy(out, a->user, n);
	out[n] = '@';
	memcpy(out + n + 1, a->domain, strlen(a->domain) + 1);
}

bool aor_parse(struct aor *a, const char *text)
{
	const char *at = strchr(text, '@');
	size_t n;

	if (!at)
		return false;
	n = (size_t)(at - text);
	if (n == 0 || n > AOR_USER_MAX)
		return false;
	memcpy(a->user, text, n);
	a->user[n] = '\0';
	return user_ok(a->user) && aor_domain(a->domain, piece_of(at + 1));
}
