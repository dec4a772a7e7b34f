/*
 * address.c - an IP address with a port, and where media may be sent
 *
 * Pure: no I/O, no clock, no log.
 */
#include "address.h"

#include <string.h>

/* Nobody's own address: not even an allow-list makes these good. Each family has
 * its own: all of IPv4 lies inside of ::/8. */
static const struct cidr never_ip4[] = {CIDR_IP4(0, 0, 0, 0, 8),
                                        CIDR_IP4(224, 0, 0, 0, 4),
                                        CIDR_IP4(255, 255, 255, 255, 32)};
static const struct cidr never_ip6[] = {CIDR_IP6(0, 0, 0, 0, 128),
                                        CIDR_IP6(0xff, 0, 0, 0, 8)};

/* RFC 6890 and the IANA special-purpose registries. */
static const struct cidr special_ip4[] = {
	CIDR_IP4(10, 0, 0, 0, 8),      CIDR_IP4(100, 64, 0, 0, 10),
	CIDR_IP4(127, 0, 0, 0, 8),     CIDR_IP4(169, 254, 0, 0, 16),
	CIDR_IP4(172, 16, 0, 0, 12),   CIDR_IP4(192, 0, 0, 0, 24),
	CIDR_IP4(192, 0, 2, 0, 24),    CIDR_IP4(192, 88, 99, 0, 24),
	CIDR_IP4(192, 168, 0, 0, 16),  CIDR_IP4(198, 18, 0, 0, 15),
	CIDR_IP4(198, 51, 100, 0, 24), CIDR_IP4(203, 0, 113, 0, 24),
	CIDR_IP4(240, 0, 0, 0, 4),
};
static const struct cidr special_ip6[] = {
	/* all of 0000::/8 (loopback, mapped, NAT64), 100::/64 */
	CIDR_IP6(0, 0, 0, 0, 8),        CIDR_IP6(1, 0, 0, 0, 64),
	CIDR_IP6(0x20, 1, 0, 0, 23),    CIDR_IP6(0x20, 1, 0x0d, 0xb8, 32),
	CIDR_IP6(0x20, 2, 0, 0, 16),    CIDR_IP6(0xfc, 0, 0, 0, 7),
	CIDR_IP6(0xfe, 0x80, 0, 0, 10), CIDR_IP6(0xfe, 0xc0, 0, 0, 10),
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

bool address_same_ip(const struct address *a, const struct address *b)
{
	if (a->family != b->family)
		return false;
	/* sizes that the compiler knows: no call of memcmp() for a packet */
	switch (a->family) {
	case ADDRESS_IP4: return memcmp(a->ip, b->ip, 4) == 0;
	case ADDRESS_IP6: return memcmp(a->ip, b->ip, 16) == 0;
	case ADDRESS_NONE: break;
	}
	return false;
}

bool address_equal(const struct address *a, const struct address *b)
{
	return a->port == b->port && address_same_ip(a, b);
}

static struct cidr_address ip_of(const struct address *a)
{
	struct cidr_address ip = {{[10] = 0xff, [11] = 0xff}};

	if (a->family == ADDRESS_IP4)
		memcpy(ip.b + 12, a->ip, 4);
	else
		memcpy(ip.b, a->ip, sizeof(ip.b));
	return ip;
}

static bool in_any(const struct address *a, const struct cidr *nets, size_t n)
{
	struct cidr_address ip = ip_of(a);

	return cidr_in_any(nets, n, &ip);
}

bool address_own(const struct address_policy *policy, const struct address *a)
{
	if (a->port < policy->port_min || a->port > policy->port_max)
		return false;
	for (size_t i = 0; i < policy->n_own; i++) {
		if (address_same_ip(&policy->own[i], a))
			return true;
	}
	return false;
}

bool address_unicast(const struct address *a)
{
	if (a->port == 0)
		return false;
	switch (a->family) {
	case ADDRESS_IP4: return !in_any(a, never_ip4, COUNT(never_ip4));
	case ADDRESS_IP6: return !in_any(a, never_ip6, COUNT(never_ip6));
	case ADDRESS_NONE: break;
	}
	return false;
}

bool address_public(const struct address *a)
{
	if (!address_unicast(a))
		return false;
	return a->family == ADDRESS_IP4
	               ? !in_any(a, special_ip4, COUNT(special_ip4))
	               : !in_any(a, special_ip6, COUNT(special_ip6));
}

bool address_sendable(const struct address_policy *policy,
                      const struct address *a)
{
	if (!address_unicast(a) || address_own(policy, a) ||
	    (policy->only_ip4 && a->family != ADDRESS_IP4))
		return false;
	return address_public(a) ||
	       in_any(a, policy->allowed.v, policy->allowed.n);
}
