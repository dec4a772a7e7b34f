/*
 * address.c - transport addresses, as data, and which of them may be called
 *
 * Pure: no I/O, no clock, no log.
 */
#include "address.h"

#include <arpa/inet.h>
#include <stdio.h>

static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

struct address address_ipv4(const uint8_t ip[4], uint16_t port)
{
	struct address a = {.port = port};

	memcpy(a.ip, mapped, sizeof(mapped));
	memcpy(a.ip + 12, ip, 4);
	return a;
}

bool address_is_ipv4(const struct address *a)
{
	return memcmp(a->ip, mapped, sizeof(mapped)) == 0;
}

bool address_same_ip(const struct address *a, const struct address *b)
{
	return memcmp(a->ip, b->ip, sizeof(a->ip)) == 0;
}

bool address_same(const struct address *a, const struct address *b)
{
	return a->port == b->port && address_same_ip(a, b);
}

bool address_parse_ip(struct address *a, struct slice text)
{
	char buf[INET6_ADDRSTRLEN];
	uint8_t ip[16];

	if (text.n >= 2 && text.p[0] == '[' && text.p[text.n - 1] == ']')
		text = (struct slice){text.p + 1, text.n - 2};
	if (text.n == 0 || text.n >= sizeof(buf))
		return false;
	memcpy(buf, text.p, text.n);
	buf[text.n] = '\0';
	if (inet_pton(AF_INET, buf, ip) == 1) {
		*a = address_ipv4(ip, 0);
		return true;
	}
	if (inet_pton(AF_INET6, buf, ip) != 1)
		return false;
	*a = (struct address){.port = 0};
	memcpy(a->ip, ip, sizeof(a->ip));
	return true;
}

bool address_parse(struct address *a, struct slice text)
{
	size_t colon = text.n;
	uint32_t port = 0;

	while (colon > 0 && text.p[colon - 1] != ':')
		colon--;
	if (colon < 2 || !slice_number(slice_from(text, colon), 65535, &port) ||
	    !address_parse_ip(a, (struct slice){text.p, colon - 1}))
		return false;
	a->port = (uint16_t)port;
	return true;
}

const char *address_print_ip(const struct address *a,
                             char out[ADDRESS_TEXT_SIZE])
{
	char buf[INET6_ADDRSTRLEN];

	if (address_is_ipv4(a)) {
		(void)snprintf(out, ADDRESS_TEXT_SIZE, "%u.%u.%u.%u", a->ip[12],
		               a->ip[13], a->ip[14], a->ip[15]);
		return out;
	}
	(void)inet_ntop(AF_INET6, a->ip, buf, sizeof(buf));
	(void)snprintf(out, ADDRESS_TEXT_SIZE, "[%s]", buf);
	return out;
}

const char *address_print(const struct address *a, char out[ADDRESS_TEXT_SIZE])
{
	char ip[ADDRESS_TEXT_SIZE];

	(void)snprintf(out, ADDRESS_TEXT_SIZE, "%.47s:%u",
	               address_print_ip(a, ip), a->port);
	return out;
}

static struct cidr_address ip_of(const struct address *a)
{
	struct cidr_address ip;

	memcpy(ip.b, a->ip, sizeof(ip.b));
	return ip;
}

bool address_among(const struct cidr_set *nets, const struct address *a)
{
	struct cidr_address ip = ip_of(a);

	return cidr_set_contains(nets, &ip);
}

static const struct cidr private_ip4[] = {
	CIDR_IP4(0, 0, 0, 0, 8),       CIDR_IP4(10, 0, 0, 0, 8),
	CIDR_IP4(100, 64, 0, 0, 10),   CIDR_IP4(127, 0, 0, 0, 8),
	CIDR_IP4(169, 254, 0, 0, 16),  CIDR_IP4(172, 16, 0, 0, 12),
	CIDR_IP4(192, 0, 0, 0, 24),    CIDR_IP4(192, 0, 2, 0, 24),
	CIDR_IP4(192, 168, 0, 0, 16),  CIDR_IP4(198, 18, 0, 0, 15),
	CIDR_IP4(198, 51, 100, 0, 24), CIDR_IP4(203, 0, 113, 0, 24),
	CIDR_IP4(224, 0, 0, 0, 3),
};
static const struct cidr global_ip6 = CIDR_IP6(0x20, 0, 0, 0, 3);
/* documentation, Teredo, 6to4 */
static const struct cidr private_ip6[] = {
	CIDR_IP6(0x20, 0x01, 0x0d, 0xb8, 32),
	CIDR_IP6(0x20, 0x01, 0, 0, 32),
	CIDR_IP6(0x20, 0x02, 0, 0, 16),
};

bool address_private(const struct address *a)
{
	struct cidr_address ip = ip_of(a);

	if (address_is_ipv4(a))
		return cidr_in_any(private_ip4,
		                   sizeof(private_ip4) / sizeof(private_ip4[0]),
		                   &ip);
	return !cidr_contains(&global_ip6, &ip) ||
	       cidr_in_any(private_ip6,
	                   sizeof(private_ip6) / sizeof(private_ip6[0]), &ip);
}
