/*
 * cidr.h - address ranges, IPv4 and IPv6 alike (RFC 4632, RFC 4291 2.3)
 *
 * IPv4 is held as v4-mapped IPv6, so one comparison serves both. Pure.
 */
#ifndef STORE_CIDR_H
#define STORE_CIDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cidr_address {
	uint8_t b[16];
};

struct cidr {
	struct cidr_address address;
	unsigned bits; /**< 0-128, of the mapped form */
};

/** "192.0.2.1", "2001:db8::1", "::ffff:192.0.2.1". @return 0 or EINVAL */
int cidr_address_parse(struct cidr_address *out, const char *text);

/** "192.0.2.0/24" or a single address. @return 0 or EINVAL */
int cidr_parse(struct cidr *out, const char *text);

/* Ranges in a table: 10.0.0.0/8 is CIDR_IP4(10, 0, 0, 0, 8), and 2001:db8::/32 is
 * CIDR_IP6(0x20, 0x01, 0x0d, 0xb8, 32) */
#define CIDR_IP4(a, b, c, d, n)                                                \
	{                                                                      \
		{{[10] = 0xff, [11] = 0xff, a, b, c, d}}, 96 + (n)             \
	}
#define CIDR_IP6(a, b, c, d, n)                                                \
	{                                                                      \
		{{a, b, c, d}}, n                                              \
	}

bool cidr_contains(const struct cidr *range, const struct cidr_address *ip);
/** Is it in any of these @p n? */
bool cidr_in_any(const struct cidr *ranges, size_t n,
                 const struct cidr_address *ip);

enum { CIDR_SET_MAX = 64 }; /* ranges in one setting */

struct cidr_set {
	size_t n;
	struct cidr v[CIDR_SET_MAX];
};

/** "10.0.0.0/8 192.168.0.0/16", separated by spaces or commas; "" = none.
 *  @return 0, EINVAL or E2BIG */
int cidr_set_parse(struct cidr_set *out, const char *text);

bool cidr_set_contains(const struct cidr_set *list,
                       const struct cidr_address *ip);

#endif
