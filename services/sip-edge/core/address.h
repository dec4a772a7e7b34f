/*
 * address.h - transport addresses, as data, and which of them may be called
 *
 * Pure: no I/O, no clock, no log.
 */
#ifndef EDGE_CORE_ADDRESS_H
#define EDGE_CORE_ADDRESS_H

#include "slice.h"
#include "store/cidr.h"

enum { ADDRESS_TEXT_SIZE = 56 }; /* "[v6]:port" and NUL */

/** IPv4 is kept as IPv4-mapped IPv6 (RFC 4291 2.5.5.2), so that all compare
 *  and hash alike. */
struct address {
	uint8_t ip[16];
	uint16_t port; /**< host byte order; 0 = not said */
};

struct address address_ipv4(const uint8_t ip[4], uint16_t port);
bool address_is_ipv4(const struct address *a);
bool address_same(const struct address *a, const struct address *b);
bool address_same_ip(const struct address *a, const struct address *b);

/** Read an IP address, IPv6 with or without brackets. @return false when it is
 *  none (a name, say); then @p a is unchanged */
bool address_parse_ip(struct address *a, struct slice text);

/** Read `ip:port` or `[ip]:port`. */
bool address_parse(struct address *a, struct slice text);

/** Write the IP (IPv6 in brackets), or IP and port. @return @p out */
const char *address_print_ip(const struct address *a,
                             char out[ADDRESS_TEXT_SIZE]);
const char *address_print(const struct address *a, char out[ADDRESS_TEXT_SIZE]);

bool address_among(const struct cidr_set *nets, const struct address *a);

/** Is it outside of the public Internet: private, loopback, link-local, shared,
 *  documentation, multicast, unspecified or a translation of such (RFC 6890)? */
bool address_private(const struct address *a);

#endif
