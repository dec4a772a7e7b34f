/*
 * binding.c - one Contact bound to an address-of-record (RFC 3261 section 10)
 *
 * Pure: no I/O, no clock, no log.
 */
#include "binding.h"

#include <stdio.h>
#include <string.h>

#include "uri.h"

static char *put_lower(char *out, struct piece p)
{
	for (size_t i = 0; i < p.n; i++)
		*out++ = piece_lower(p.p[i]);
	return out;
}

/* Two spellings of a URI that RFC 3261 19.1.4 calls the same nearly always get
 * the same text: scheme, host and parameters in lower case, escapes of the
 * user undone. Where they do not, a phone merely has one binding more until
 * the older one expires. */
static bool key_of_contact(struct binding *b, const struct uri *u)
{
	char *out = b->key;
	size_t n;

	out = put_lower(out,
	                piece_of(u->scheme == URI_SIPS ? "sips:" : "sip:"));
	if (u->user.n > 0) {
		n = uri_unescape(u->user, out, BINDING_CONTACT_MAX);
		if (n == 0)
			return false;
		out += n;
		*out++ = '@';
	}
	out = put_lower(out, u->host);
	if (u->port > 0)
		out += snprintf(out, 7, ":%u", u->port);
	if (u->params.n > 0) {
		*out++ = ';';
		out = put_lower(out, u->params);
	}
	*out = '\0';
	return true;
}

bool binding_key(struct binding *b)
{
	struct uri u;

	if (strnlen(b->contact, BINDING_CONTACT_MAX + 1) > BINDING_CONTACT_MAX)
		return false;
	if (!uri_parse(&u, b->contact) || u.scheme == URI_TEL)
		return false;
	if (b->instance_len == 0)
		return key_of_contact(b, &u);
	(void)snprintf(b->key, sizeof(b->key), "%.*s;%u", (int)b->instance_len,
	               b->instance, b->reg_id);
	return true;
}
