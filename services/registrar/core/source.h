/*
 * source.h - where a request came from: the value of X-Trestle-Source
 */
#ifndef REGISTRAR_CORE_SOURCE_H
#define REGISTRAR_CORE_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

enum { SOURCE_IP_SIZE = 46, SOURCE_TRANSPORT_SIZE = 8 };

struct source {
	char ip[SOURCE_IP_SIZE];               /**< without brackets */
	uint32_t port;                         /**< 0 = unknown      */
	char transport[SOURCE_TRANSPORT_SIZE]; /**< "udp", lower case */
};

/** Read `ip:port;transport=udp`, an IPv6 address in brackets. */
bool source_parse(struct source *s, const char *text);

/** What counts as one source of failures: an IPv4 address, an IPv6 /64 (whoever
 *  has one address has the whole net). A hash of it. */
uint64_t source_key(const char *ip);

#endif
