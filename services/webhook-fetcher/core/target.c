/*
 * target.c - which addresses a customer's URL may lead to
 *
 * Pure: no I/O, no clock, no log.
 */
#include "target.h"

#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <arpa/inet.h>
#include <netinet/in.h>

#include "store/cidr.h"

struct rule {
	bool is_name;
	char name[256];
	struct cidr net;
};

struct target_policy {
	size_t n;
	struct rule rules[TARGET_RULES_MAX];
	size_t n_own;
	struct cidr_address own[TARGET_OWN_MAX];
};

/* IANA's special-purpose registries (RFC 6890), and multicast */
static const struct cidr denied_v4[] = {
	CIDR_IP4(0, 0, 0, 0, 8),      CIDR_IP4(10, 0, 0, 0, 8),
	CIDR_IP4(100, 64, 0, 0, 10),  CIDR_IP4(127, 0, 0, 0, 8),
	CIDR_IP4(169, 254, 0, 0, 16), CIDR_IP4(172, 16, 0, 0, 12),
	CIDR_IP4(192, 0, 0, 0, 24),   CIDR_IP4(192, 0, 2, 0, 24),
	CIDR_IP4(192, 88, 99, 0, 24), CIDR_IP4(192, 168, 0, 0, 16),
	CIDR_IP4(198, 18, 0, 0, 15),  CIDR_IP4(198, 51, 100, 0, 24),
	CIDR_IP4(203, 0, 113, 0, 24), CIDR_IP4(224, 0, 0, 0, 3),
};

/* Within 2000::/3, outside of which everything is denied */
static const struct cidr denied_v6[] = {
	CIDR_IP6(0x20, 0x01, 0x00, 0x00,
                 23), /* IETF protocols, Teredo, ORCHID */
	CIDR_IP6(0x20, 0x01, 0x0d, 0xb8,
                 32), /* documentation                  */
	CIDR_IP6(0x3f, 0xff, 0x00, 0x00,
                 20), /* documentation                  */
};

static const struct cidr global_v6 = CIDR_IP6(0x20, 0, 0, 0, 3);
static const struct cidr mapped_v4 = CIDR_IP4(0, 0, 0, 0, 0);
static const struct cidr nat64 = CIDR_IP6(0x00, 0x64, 0xff, 0x9b, 96);
static const struct cidr six_to_four = CIDR_IP6(0x20, 0x02, 0, 0, 16);

static const struct {
	uint16_t first, last;
} denied_ports[] = {
	{1, 79},      {81, 442},      {444, 1023},    {2375, 2376},
	{3306, 3306}, {5432, 5432},   {5555, 5600},   {6379, 6379},
	{9200, 9200}, {11211, 11211}, {26379, 26379},
};

static struct cidr_address from_v4(const void *four)
{
	struct cidr_address a = mapped_v4.address;

	memcpy(a.b + 12, four, 4);
	return a;
}

static bool is_public_v4(const struct cidr_address *a)
{
	return !cidr_in_any(denied_v4, sizeof(denied_v4) / sizeof(*denied_v4),
	                    a);
}

/* Addresses that carry an IPv4 address lead to that address. */
static bool is_public(const struct cidr_address *a)
{
	struct cidr_address inner;

	if (cidr_contains(&mapped_v4, a))
		return is_public_v4(a);
	if (cidr_contains(&nat64, a)) {
		inner = from_v4(a->b + 12);
		return is_public_v4(&inner);
	}
	if (cidr_contains(&six_to_four, a)) {
		inner = from_v4(a->b + 2);
		return is_public_v4(&inner);
	}
	return cidr_contains(&global_v6, a) &&
	       !cidr_in_any(denied_v6, sizeof(denied_v6) / sizeof(*denied_v6),
	                    a);
}

static bool port_denied(uint16_t port)
{
	for (size_t i = 0; i < sizeof(denied_ports) / sizeof(*denied_ports);
	     i++) {
		if (port >= denied_ports[i].first &&
		    port <= denied_ports[i].last)
			return true;
	}
	return port == 0;
}

static bool in_allow_list(const struct target_policy *p,
                          const struct cidr_address *a)
{
	for (size_t i = 0; i < p->n; i++) {
		if (!p->rules[i].is_name && cidr_contains(&p->rules[i].net, a))
			return true;
	}
	return false;
}

static int add_rule(struct target_policy *p, const char *s, size_t n,
                    const char **why)
{
	struct rule *rule = &p->rules[p->n];

	if (p->n == TARGET_RULES_MAX || n >= sizeof(rule->name)) {
		*why = "It has more than 64 entries, or one that is too long.";
		return EINVAL;
	}
	for (size_t i = 0; i < n; i++)
		rule->name[i] = (char)tolower((unsigned char)s[i]);
	rule->name[n] = '\0';
	rule->is_name = cidr_parse(&rule->net, rule->name) != 0;
	if (rule->is_name && strchr(rule->name, '/')) {
		*why = "A network must look like 10.0.0.0/8 or fd00::/8.";
		return EINVAL;
	}
	p->n++;
	return 0;
}

int target_alloc(struct target_policy **pp, const char *allow, const char **why)
{
	struct target_policy *p = calloc(1, sizeof(*p));
	int err = p ? 0 : ENOMEM;
	const char *separators = " ,\t\n";

	for (const char *s = allow; !err && s[strspn(s, separators)];) {
		size_t n;

		s += strspn(s, separators);
		n = strcspn(s, separators);
		err = add_rule(p, s, n, why);
		s += n;
	}
	if (err)
		target_free(p);
	else
		*pp = p;
	return err;
}

void target_free(struct target_policy *p)
{
	free(p);
}

bool target_host_allowed(const struct target_policy *p, const char *host)
{
	for (size_t i = 0; i < p->n; i++) {
		if (p->rules[i].is_name && strcmp(p->rules[i].name, host) == 0)
			return true;
	}
	return false;
}

size_t target_n_rules(const struct target_policy *p)
{
	return p->n;
}

/* @return false when it is neither IPv4 nor IPv6 */
static bool read_address(const struct sockaddr *sa, struct cidr_address *a,
                         uint16_t *port)
{
	struct sockaddr_in in;
	struct sockaddr_in6 in6;

	if (sa->sa_family == AF_INET) {
		memcpy(&in, sa, sizeof(in));
		*a = from_v4(&in.sin_addr);
		*port = ntohs(in.sin_port);
	} else if (sa->sa_family == AF_INET6) {
		memcpy(&in6, sa, sizeof(in6));
		memcpy(a->b, &in6.sin6_addr, sizeof(a->b));
		*port = ntohs(in6.sin6_port);
	} else {
		return false;
	}
	return true;
}

void target_add_own(struct target_policy *p, const struct sockaddr *sa)
{
	struct cidr_address a;
	uint16_t port;

	if (p->n_own < TARGET_OWN_MAX && read_address(sa, &a, &port))
		p->own[p->n_own++] = a;
}

static bool is_own(const struct target_policy *p, const struct cidr_address *a)
{
	for (size_t i = 0; i < p->n_own; i++) {
		if (memcmp(p->own[i].b, a->b, sizeof(a->b)) == 0)
			return true;
	}
	return false;
}

enum target_verdict target_check(const struct target_policy *p,
                                 const struct sockaddr *sa, bool host_allowed)
{
	struct cidr_address a;
	uint16_t port;

	if (!read_address(sa, &a, &port))
		return TARGET_FAMILY;
	if (!host_allowed && !in_allow_list(p, &a) &&
	    (is_own(p, &a) || !is_public(&a)))
		return TARGET_PRIVATE;
	return port_denied(port) ? TARGET_PORT : TARGET_ALLOWED;
}
