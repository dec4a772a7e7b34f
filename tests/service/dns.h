/*
 * dns.h - a name server of the test's own
 *
 * The test program gets a mount namespace in which /etc/resolv.conf names it;
 * processes that it starts afterwards inherit that. Needs root, or a user
 * namespace as tests/alone makes.
 */
#ifndef DNS_H
#define DNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DNS_A = 1, DNS_SRV = 33, DNS_NAPTR = 35 };

struct dns_record {
	const char *name;
	uint16_t type;
	const char *data; /**< IPv4, or the name an SRV or NAPTR leads to */
	uint16_t priority, weight, port; /**< NAPTR: order and preference */
	const char *service;             /**< NAPTR: "SIP+D2T"            */
};

/**
 * Serve until the test program ends.
 *
 * @param in_turn of several records one an answer, each time the next, with a
 *                time to live of 0: what a name server does that rebinds
 * @return false when this program may not do it; then the test is to be skipped
 */
bool dns_start(const struct dns_record *records, size_t n, bool in_turn);

/** After dns_start(): resolv.conf names @p ip from now on, where nobody serves. */
void dns_name(const char *ip);

#endif
