/*
 * sockets.h - UDP sockets in pairs, and addresses as the kernel has them
 */
#ifndef MEDIA_ADAPTERS_SOCKETS_H
#define MEDIA_ADAPTERS_SOCKETS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "core/address.h"

enum { ADDRESS_TEXT = 64 }; /* bytes for "[ip]:port" */

union sockaddr_any {
	struct sockaddr any;
	struct sockaddr_in ip4;
	struct sockaddr_in6 ip6;
};

/** Read an IP; an IPv4 address inside of IPv6 becomes IPv4.
 *  @return false when it is none; *out is ADDRESS_NONE then */
bool address_parse(struct address *out, const char *ip, uint16_t port);

/** "192.0.2.1:5004", "[2001:db8::1]:5004"; "" for ADDRESS_NONE. */
void address_print(const struct address *a, char out[ADDRESS_TEXT]);
/** The IP only. */
void address_print_ip(const struct address *a, char out[ADDRESS_TEXT]);
/** Reads what address_print() wrote. */
bool address_parse_pair(struct address *out, const char *text);

void address_from_kernel(struct address *out, const union sockaddr_any *sa);

/** @return its length; 0 for ADDRESS_NONE */
socklen_t address_to_kernel(const struct address *a, union sockaddr_any *sa);

struct socket_pair {
	int rtp;
	int rtcp;
};

/**
 * Bind @p port and the one above it.
 *
 * @param dscp 0-63, for the packets that leave
 * @return 0 or an errno, EADDRINUSE above all
 */
int sockets_open(struct socket_pair *pair, const struct address *ip,
                 uint16_t port, unsigned dscp);

/** Is it an address of this machine, that a socket can be bound to? */
bool sockets_can_bind(const struct address *ip);

/** Add the addresses of this machine's interfaces to @p policy->own, as many as
 *  fit. @return 0 or the errno of getifaddrs() */
int sockets_own_addresses(struct address_policy *policy);

#endif
