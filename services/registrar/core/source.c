/*
 * source.c - where a request came from: the value of X-Trestle-Source
 *
 * Pure: no I/O, no clock, no log.
 */
#include "source.h"

#include <stddef.h>
#include <string.h>

#include <arpa/inet.h>

#include "base/hash.h"
#include "sum.h"
#include "uri.h"

static bool copy_lower(char *out, size_t size, struct piece p)
{
	if (p.n == 0 || p.n >= size)
		return false;
	for (size_t i = 0; i < p.n; i++)
		out[i] = piece_lower(p.p[i]);
	out[p.n] = '\0';
	return true;
}

bool source_parse(struct source *s, const char *text)
{
	struct uri u = {.params = {NULL, 0}};
	struct piece ip, transport;
	char uri[SOURCE_IP_SIZE + 64] = "sip:";
	unsigned char raw[16];

	/* it is what stands behind the user of a SIP URI */
	if (strlen(text) + 5 > sizeof(uri))
		return false;
	memcpy(uri + 4, text, strlen(text) + 1);
	if (!uri_parse(&u, uri) || u.user.n > 0 || u.headers.n > 0)
		return false;
	ip = u.host;
	if (ip.n > 2 && ip.p[0] == '[') {
		ip.p++;
		ip.n -= 2;
	}
	transport = uri_param(&u, "transport");
	if (!transport.p)
		transport = piece_of("udp");
	s->port = u.port;
	return copy_lower(s->ip, sizeof(s->ip), ip) &&
	       copy_lower(s->transport, sizeof(s->transport), transport) &&
	       inet_pton(strchr(s->ip, ':') ? AF_INET6 : AF_INET, s->ip, raw) ==
	               1;
}

uint64_t source_key(const char *ip)
{
	unsigned char raw[16];

	if (inet_pton(AF_INET6, ip, raw) == 1)
		return hash_folded(raw, 8, 0);
	return hash_folded(ip, strlen(ip), 0);
}
