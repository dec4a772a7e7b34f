/*
 * hosts.h - names of the hosts file
 */
#ifndef EDGE_ADAPTERS_HOSTS_H
#define EDGE_ADAPTERS_HOSTS_H

#include "core/address.h"

/**
 * Look @p name up in /etc/hosts, which Sofia-SIP's resolver does not read.
 * The file is small and in memory: it is read each time, and so never stale.
 *
 * @param ipv6 take an IPv6 address too; the first that fits is taken
 */
bool hosts_find(struct slice name, bool ipv6, struct address *to);

#endif
