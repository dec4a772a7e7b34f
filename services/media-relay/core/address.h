/*
 * address.h - an IP address with a port, and where media may be sent
 */
#ifndef MEDIA_CORE_ADDRESS_H
#define MEDIA_CORE_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/cidr.h"

enum address_family { ADDRESS_NONE, ADDRESS_IP4, ADDRESS_IP6 };

struct address {
	enum address_family family;
	uint16_t port;  /**< host byte order                          */
	uint8_t ip[16]; /**< network byte order; the first 4 for IPv4 */
};

enum { POLICY_OWN_MAX = 16 };

/** Which addresses this relay may send to before it heard from them */
struct address_policy {
	struct cidr_set allowed;            /**< private, yet allowed */
	struct address own[POLICY_OWN_MAX]; /**< IPs that are ours */
	size_t n_own;
	uint16_t port_min, port_max; /**< our RTP ports on them */
	bool only_ip4;               /**< our sockets send no IPv6 */
};

bool address_same_ip(const struct address *a, const struct address *b);
bool address_equal(const struct address *a, const struct address *b);

/** Is it a socket of this relay, or could be one? */
bool address_own(const struct address_policy *policy, const struct address *a);

/** Can it be a phone's at all: not 0.0.0.0, multicast, broadcast, port 0? */
bool address_unicast(const struct address *a);

/** Is it on the public network (RFC 6890 and its registries)? */
bool address_public(const struct address *a);

/** May be sent to on the word of an SDP: public or allowed, and not ours. */
bool address_sendable(const struct address_policy *policy,
                      const struct address *a);

#endif
