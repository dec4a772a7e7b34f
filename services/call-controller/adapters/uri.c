/*
 * uri.c - a SIP URI taken apart, and whether it leads to private places
 */
#include "uri.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- URIs ------------------------------------------------------------------- */

static bool copy_lower(char *out, size_t size, const char *s, size_t n)
{
	if (n >= size)
		return false;
	for (size_t i = 0; i < n; i++)
		out[i] = (char)tolower((unsigned char)s[i]);
	out[n] = 0;
	return true;
}

static bool parse_host(const char *s, struct uri *out)
{
	size_t n;

	if (*s == '[') {
		n = strcspn(++s, "]");
		if (s[n] == 0 ||
		    !copy_lower(out->host, sizeof(out->host), s, n))
			return false;
		s += n + 1;
	} else {
		n = strcspn(s, ":;?>");
		if (!copy_lower(out->host, sizeof(out->host), s, n))
			return false;
		s += n;
	}
	out->port = *s == ':' ? (unsigned)strtoul(s + 1, NULL, 10) : 0;
	return out->host[0] != 0 && out->port <= UINT16_MAX;
}

bool uri_parse(const char *text, struct uri *out)
{
	const char *s = text, *at;
	size_t n;

	*out = (struct uri){.user = ""};
	if (strncasecmp(s, "sip:", 4) == 0)
		s += 4;
	else if (strncasecmp(s, "sips:", 5) == 0)
		s += 5;
	else
		return false;
	at = strchr(s, '@');
	if (at) {
		n = strcspn(s, ":;@"); /* no password, no user parameters */
		if (n >= sizeof(out->user))
			return false;
		memcpy(out->user, s, n);
		s = at + 1;
	}
	return parse_host(s, out);
}

/* ---- addresses ---------------------------------------------------------------- */

static bool is_private4(uint32_t ip)
{
	static const struct {
		uint32_t net, mask;
	} nets[] = {
		{0x00000000, 0xff000000}, /* this network      */
		{0x0a000000, 0xff000000}, /* RFC 1918          */
		{0x64400000, 0xffc00000}, /* RFC 6598, shared  */
		{0x7f000000, 0xff000000}, /* loopback          */
		{0xa9fe0000, 0xffff0000}, /* link-local        */
		{0xac100000, 0xfff00000}, /* RFC 1918          */
		{0xc0a80000, 0xffff0000}, /* RFC 1918          */
		{0xe0000000, 0xe0000000}, /* multicast and up  */
	};

	for (size_t i = 0; i < sizeof(nets) / sizeof(nets[0]); i++)
		if ((ip & nets[i].mask) == nets[i].net)
			return true;
	return false;
}

static bool is_private6(const struct in6_addr *a)
{
	uint32_t last;

	if (IN6_IS_ADDR_V4MAPPED(a)) {
		memcpy(&last, a->s6_addr + 12, sizeof(last));
		return is_private4(ntohl(last));
	}
	return IN6_IS_ADDR_LOOPBACK(a) || IN6_IS_ADDR_UNSPECIFIED(a) ||
	       IN6_IS_ADDR_LINKLOCAL(a) || IN6_IS_ADDR_MULTICAST(a) ||
	       (a->s6_addr[0] & 0xfe) == 0xfc; /* RFC 4193 */
}

bool uri_is_private(const char *host)
{
	struct in_addr a4;
	struct in6_addr a6;

	if (inet_pton(AF_INET, host, &a4) == 1)
		return is_private4(ntohl(a4.s_addr));
	if (inet_pton(AF_INET6, host, &a6) == 1)
		return is_private6(&a6);
	return strcasecmp(host, "localhost") == 0;
}

bool uri_may_be_dialled(const struct cidr_set *nets, const char *host)
{
	bool local = strcasecmp(host, "localhost") == 0;
	struct cidr_address ip;

	if (!uri_is_private(host))
		return true;
	return cidr_address_parse(&ip, local ? "127.0.0.1" : host) == 0 &&
	       cidr_set_contains(nets, &ip);
}
