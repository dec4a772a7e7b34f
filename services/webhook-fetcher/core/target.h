/*
 * target.h - which addresses a customer's URL may lead to
 *
 * The decision is about the very socket address that will be connected to,
 * after DNS: neither odd spellings of an address nor a name that changes
 * its address between two look-ups get around it.
 */
#ifndef FETCHER_CORE_TARGET_H
#define FETCHER_CORE_TARGET_H

#include <stdbool.h>
#include <stddef.h>

#include <sys/socket.h>

struct target_policy;

enum { TARGET_RULES_MAX = 64 }; /* entries of an allow-list */
enum { TARGET_OWN_MAX = 64 };   /* addresses of this machine */

enum target_verdict {
	TARGET_ALLOWED,
	TARGET_PRIVATE, /**< not a public address, or one of this machine, and not
	                     allow-listed */
	TARGET_PORT,  /**< a port on which other services than web ones live */
	TARGET_FAMILY /**< neither IPv4 nor IPv6 */
};

/**
 * @param allow networks and host names, separated by spaces or commas:
 *              "10.0.0.0/8 fd00::/8 192.168.1.5 app.internal"; "" = none
 * @param why   set on EINVAL to a static sentence
 * @return 0, EINVAL or ENOMEM
 */
int target_alloc(struct target_policy **pp, const char *allow,
                 const char **why);
void target_free(struct target_policy *p); /**< NULL is a no-op */

/** Is this host name (lower case) in the allow-list? All its addresses are
 *  then allowed. */
bool target_host_allowed(const struct target_policy *p, const char *host);

/** How many entries the allow-list has. */
size_t target_n_rules(const struct target_policy *p);

/** An address of this machine, public or not: to connect to it would go past the
 *  firewall that keeps others from its ports. */
void target_add_own(struct target_policy *p, const struct sockaddr *sa);

enum target_verdict target_check(const struct target_policy *p,
                                 const struct sockaddr *sa, bool host_allowed);

#endif
