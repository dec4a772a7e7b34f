/*
 * cidr.c - address ranges, IPv4 and IPv6 alike
 */
#include "store/cidr.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { V4_OFFSET = 12, V4_BITS = 96, TEXT_MAX = 64 };

int cidr_address_parse(struct cidr_address *out, const char *text)
{
	static const uint8_t mapped[V4_OFFSET] = {[10] = 0xff, [11] = 0xff};

	if (inet_pton(AF_INET6, text, out->b) == 1)
		return 0;
	memcpy(out->b, mapped, sizeof(mapped));
	return inet_pton(AF_INET, text, out->b + V4_OFFSET) == 1 ? 0 : EINVAL;
}

int cidr_parse(struct cidr *out, const char *text)
{
	const char *slash = strchr(text, '/');
	size_t n = slash ? (size_t)(slash - text) : strlen(text);
	char ip[TEXT_MAX], *end;
	unsigned long bits;
	bool v4;

	if (n >= sizeof(ip))
		return EINVAL;
	memcpy(ip, text, n);
	ip[n] = '\0';
	if (cidr_address_parse(&out->address, ip))
		return EINVAL;
	v4 = !strchr(ip, ':');
	out->bits = 128;
	if (!slash)
		return 0;
	if (slash[1] < '0' || slash[1] > '9')
		return EINVAL;
	bits = strtoul(slash + 1, &end, 10);
	if (*end || bits > (v4 ? 32 : 128))
		return EINVAL;
	out->bits = (unsigned)bits + (v4 ? V4_BITS : 0);
	return 0;
}

bool cidr_contains(const struct cidr *range, const struct cidr_address *ip)
{
	unsigned whole = range->bits / 8, rest = range->bits % 8;
	unsigned mask = 0xffU << (8 - rest) & 0xff;

	if (memcmp(range->address.b, ip->b, whole) != 0)
		return false;
	return rest == 0 ||
	       ((range->address.b[whole] ^ ip->b[whole]) & mask) == 0;
}

bool cidr_in_any(const struct cidr *ranges, size_t n,
                 const struct cidr_address *ip)
{
	for (size_t i = 0; i < n; i++) {
		if (cidr_contains(&ranges[i], ip))
			return true;
	}
	return false;
}

int cidr_set_parse(struct cidr_set *out, const char *text)
{
	char item[TEXT_MAX + 4]; /* "/128" */

	out->n = 0;
	while (*(text += strspn(text, " ,"))) {
		size_t n = strcspn(text, " ,");

		if (out->n == CIDR_SET_MAX)
			return E2BIG;
		if (n >= sizeof(item))
			return EINVAL;
		memcpy(item, text, n);
		item[n] = '\0';
		if (cidr_parse(&out->v[out->n], item))
			return EINVAL;
		out->n++;
		text += n;
	}
	return 0;
}

bool cidr_set_contains(const struct cidr_set *list,
                       const struct cidr_address *ip)
{
	return cidr_in_any(list->v, list->n, ip);
}
