/*
 * own_addresses.c - what this machine is called, told to the address policy
 */
#include "adapters/own_addresses.h"

#include <errno.h>
#include <stddef.h>

#include <ifaddrs.h>

#include "core/target.h"

int own_addresses_read(struct target_policy *policy)
{
	struct ifaddrs *list;

	if (getifaddrs(&list) != 0)
		return errno;
	for (const struct ifaddrs *i = list; i; i = i->ifa_next) {
		if (i->ifa_addr)
			target_add_own(policy, i->ifa_addr);
	}
	freeifaddrs(list);
	return 0;
}
