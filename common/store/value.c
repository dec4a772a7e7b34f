/*
 * value.c - is one value of the configuration what its field wants?
 *
 * Pure: no I/O, no clock, no log.
 */
#include "store/value.h"

#include <stddef.h>
#include <string.h>

#include <arpa/inet.h>

#include "store/cidr.h"

#define DIGITS "0123456789"
#define LOWER  "abcdefghijklmnopqrstuvwxyz"
#define UPPER  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

static bool only(const char *s, const char *allowed)
{
	return s[strspn(s, allowed)] == '\0';
}

/* Printable, no control character: those would spoil SIP and HTTP headers. */
static bool printable(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			return false;
	return true;
}

const char *value_name(const char *s)
{
	if (!*s)
		return "is empty; give it a name";
	if (strlen(s) > VALUE_NAME_MAX)
		return "is longer than 64 bytes; shorten it";
	if (!printable(s))
		return "has a control character; remove it";
	return NULL;
}

const char *value_text(const char *s)
{
	if (strlen(s) > 255 || !printable(s))
		return "is longer than 255 bytes or has a control character; "
		       "choose another";
	return NULL;
}

const char *value_username(const char *s)
{
	if (!*s)
		return "is empty; give the user a name, \"alice\" or "
		       "\"+15550100\"";
	if (strlen(s) > VALUE_USERNAME_MAX)
		return "is longer than 32 bytes; shorten it";
	if (!only(s, LOWER UPPER DIGITS "+-_.!~*'()&=$,;?/"))
		return "has a character that no SIP user can have; use "
		       "letters, "
		       "digits, + - _ .";
	return NULL;
}

const char *value_password(const char *s)
{
	if (strlen(s) < VALUE_PASSWORD_MIN)
		return "is shorter than 12 characters; make it longer";
	if (strlen(s) > 255 || !printable(s))
		return "is longer than 255 bytes or has a control character; "
		       "choose another";
	if (!strpbrk(s, DIGITS))
		return "has no digit; add one";
	if (!strpbrk(s, LOWER) || !strpbrk(s, UPPER))
		return "needs small and capital letters; add the missing kind";
	return NULL;
}

const char *value_token(const char *s)
{
	if (strlen(s) < VALUE_TOKEN_MIN)
		return "is shorter than 16 characters; make one with "
		       "`openssl rand -hex 16`";
	if (strlen(s) > 64 || !only(s, LOWER UPPER DIGITS "-_."))
		return "must be at most 64 letters and digits; make one with "
		       "`openssl rand -hex 16`";
	return NULL;
}

const char *value_url(const char *s)
{
	const char *host = NULL;

	if (strncmp(s, "http://", 7) == 0)
		host = s + 7;
	else if (strncmp(s, "https://", 8) == 0)
		host = s + 8;
	if (!host)
		return "does not start with http:// or https://; write the "
		       "whole "
		       "URL";
	if (!*host || strchr("/?#:", *host))
		return "has no host; write the whole URL";
	if (strlen(s) > VALUE_URL_MAX)
		return "is longer than 2048 bytes; shorten it";
	if (strpbrk(s, " \"<>\\^`{|}") || !printable(s))
		return "has a character that a URL can not have; write it as "
		       "%XX";
	return NULL;
}

const char *value_method(const char *s)
{
	if (strcmp(s, "GET") != 0 && strcmp(s, "POST") != 0)
		return "is no method; use GET or POST";
	return NULL;
}

const char *value_bool(const char *s)
{
	if (strcmp(s, "true") != 0 && strcmp(s, "false") != 0)
		return "is neither true nor false; use one of these words";
	return NULL;
}

const char *value_e164(const char *s)
{
	size_t n = strlen(s);

	if (s[0] != '+')
		return "does not start with +; write it in E.164 with its "
		       "country "
		       "code and in quotes, \"+15550100\"";
	if (s[1] == '0' || !only(s + 1, DIGITS))
		return "is not E.164; after the + come only digits, the first "
		       "is "
		       "not 0";
	if (n < 4 || n > 16)
		return "is not E.164; it has 3 to 15 digits";
	return NULL;
}

const char *value_prefix(const char *s)
{
	if (s[0] != '+' || !only(s + 1, DIGITS) || strlen(s) > 16)
		return "is no prefix; write the start of an E.164 number, "
		       "\"+44\"";
	return NULL;
}

const char *value_country(const char *s)
{
	if (!*s || s[0] == '0' || strlen(s) > 3 || !only(s, DIGITS))
		return "is no calling code; write one to three digits, \"1\" "
		       "or "
		       "\"44\"";
	return NULL;
}

const char *value_digits(const char *s)
{
	if (strlen(s) > 16 || !only(s, DIGITS "+*#"))
		return "can not stand before a number; use digits, + * #";
	return NULL;
}

static bool is_address(const char *s)
{
	unsigned char a[sizeof(struct in6_addr)];

	return inet_pton(AF_INET, s, a) == 1 || inet_pton(AF_INET6, s, a) == 1;
}

const char *value_domain(const char *s)
{
	if (is_address(s))
		return NULL;
	if (!*s || strlen(s) > 253)
		return "is empty or longer than 253 bytes; write a host name";
	if (!only(s, LOWER UPPER DIGITS "-."))
		return "is no host name; use letters, digits, - and .";
	if (strchr("-.", s[0]) || strchr("-.", s[strlen(s) - 1]) ||
	    strstr(s, ".."))
		return "is no host name; each part starts and ends with a "
		       "letter "
		       "or digit";
	if (only(s, DIGITS "."))
		return "is neither a host name nor an IP address; correct it";
	return NULL;
}

const char *value_cidr(const char *s)
{
	static const char wrong[] =
		"is no address; write \"192.0.2.7\" or \"192.0.2.0/24\"";
	const char *slash = strchr(s, '/');
	char address[INET6_ADDRSTRLEN];
	size_t n = slash ? (size_t)(slash - s) : strlen(s);
	uint32_t length;

	if (n >= sizeof(address))
		return wrong;
	memcpy(address, s, n);
	address[n] = '\0';
	if (!is_address(address))
		return wrong;
	if (slash &&
	    !value_uint(slash + 1, 0, strchr(address, ':') ? 128 : 32, &length))
		return "has a wrong length behind the /; it is 0 to 32, for "
		       "IPv6 0 "
		       "to 128";
	return NULL;
}

bool value_same_cidr(const char *a, const char *b)
{
	struct cidr x, y;

	return cidr_parse(&x, a) == 0 && cidr_parse(&y, b) == 0 &&
	       x.bits == y.bits && cidr_contains(&x, &y.address);
}

const char *value_sip_uri(const char *s)
{
	if (strncmp(s, "sip:", 4) != 0 || !s[4])
		return "is no SIP URI; write \"sip:host\" or \"sip:host:port;"
		       "transport=tcp\"";
	if (strlen(s) > 255 || strpbrk(s, " <>\"") || !printable(s))
		return "is longer than 255 bytes or has a blank or bracket; "
		       "write "
		       "the bare URI";
	if (strchr(s, '@'))
		return "has a user; write \"sip:host:port\", the number is put "
		       "before it";
	return NULL;
}

const char *value_twiml(const char *s)
{
	if (!strchr(s, '<'))
		return "is no TwiML; it starts with <Response>";
	if (strlen(s) > VALUE_TEXT_MAX)
		return "is longer than 65536 bytes; shorten it";
	return NULL;
}

int value_uint(const char *s, uint32_t min, uint32_t max, uint32_t *out)
{
	uint64_t v = 0;

	if (!*s || strlen(s) > 10 || !only(s, DIGITS))
		return false;
	for (; *s; s++)
		v = v * 10 + (uint64_t)(*s - '0');
	if (v < min || v > max)
		return false;
	*out = (uint32_t)v;
	return true;
}
