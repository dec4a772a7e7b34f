/*
 * nameservers.h - may a name server be asked at all?
 */
#ifndef EDGE_ADAPTERS_NAMESERVERS_H
#define EDGE_ADAPTERS_NAMESERVERS_H

#include <stdbool.h>

/**
 * Is there a route to any name server of /etc/resolv.conf?
 *
 * Sofia-SIP 1.12.11 tries them in turn without an end when connect() fails for
 * all, as on a machine that lost its network: ask this before each query. It
 * sends nothing. Without such a file, or one that names no server, it is true:
 * Sofia-SIP then asks this machine.
 */
bool nameservers_reachable(void);

#endif
