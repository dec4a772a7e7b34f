/*
 * own_addresses.h - what this machine is called, told to the address policy
 */
#ifndef FETCHER_ADAPTERS_OWN_ADDRESSES_H
#define FETCHER_ADAPTERS_OWN_ADDRESSES_H

struct target_policy;

/** The addresses of all interfaces as they are now. @return 0 or an errno */
int own_addresses_read(struct target_policy *policy);

#endif
