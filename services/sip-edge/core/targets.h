/*
 * targets.h - the servers that DNS names for a domain, in the order to try them
 *
 * RFC 3263 4.4, RFC 2782: by priority; among equals at random in proportion to
 * the weight. We keep no call, so chance comes from a key: all messages of one
 * call get the same order, on every edge. Pure: no I/O, no clock, no log.
 */
#ifndef EDGE_CORE_TARGETS_H
#define EDGE_CORE_TARGETS_H

#include <stddef.h>
#include <stdint.h>

enum { TARGETS_MAX = 8 };        /* SRV records; more are not looked at */
enum { TARGETS_NAME_MAX = 255 }; /* bytes of a host name                */

struct target {
	uint16_t priority, weight, port;
	char host[TARGETS_NAME_MAX + 1];
};

struct targets {
	size_t n;
	struct target v[TARGETS_MAX];
};

/** Append one; beyond TARGETS_MAX, and a name that is too long, nothing. */
void targets_add(struct targets *t, const char *host, uint16_t port,
                 uint16_t priority, uint16_t weight);

/** Sort them for @p key, a hash of the Call-ID. */
void targets_order(struct targets *t, uint64_t key);

#endif
