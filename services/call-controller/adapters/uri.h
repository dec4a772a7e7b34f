/*
 * uri.h - a SIP URI taken apart, and whether it leads to private places
 */
#ifndef CC_ADAPTERS_URI_H
#define CC_ADAPTERS_URI_H

#include <stdbool.h>
#include <stddef.h>

#include "store/cidr.h"

/** A SIP URI taken apart; "" = absent */
struct uri {
	char user[128];
	char host[256]; /**< lower case; an IPv6 address without brackets */
	unsigned port;  /**< 0 = absent */
};

/** @return false when it is not a sip: or sips: URI, or too long */
bool uri_parse(const char *text, struct uri *out);

/** Is @p host an address that must not be reached from a document: private,
 *  loopback, link-local, multicast, or the name localhost? */
bool uri_is_private(const char *host);

/** May a document dial this host? Names other than localhost may be: the edge
 *  looks at what they resolve to.
 *
 *  @param nets private networks that may be called all the same */
bool uri_may_be_dialled(const struct cidr_set *nets, const char *host);

#endif
