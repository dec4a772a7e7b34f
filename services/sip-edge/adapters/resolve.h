/*
 * resolve.h - host names to addresses: NAPTR, SRV, A and AAAA, asynchronously
 *
 * The hosts file first; then Sofia-SIP's resolver, which reads resolv.conf and
 * keeps answers for their time to live. RFC 3263: the transport by NAPTR when
 * the URI leaves it open, servers by SRV with priority and weight, and of all
 * their addresses the first that answered lately (core/outages.h).
 */
#ifndef EDGE_ADAPTERS_RESOLVE_H
#define EDGE_ADAPTERS_RESOLVE_H

#include "core/token.h"

struct loop;
struct outages;
struct resolver;

enum {
	RESOLVE_NAME_MAX = 255, /* bytes of a host name        */
	RESOLVE_MAX = 1000      /* look-ups under way at once  */
};

/** @p outages is borrowed. @return 0 or ENOMEM; resolver_free() accepts NULL and calls no handlers */
int resolver_alloc(struct resolver **rp, struct loop *loop,
                   const struct outages *outages);
void resolver_free(struct resolver *r);

/** @p to is set when @p err is 0; ENOENT: no such name, or no answer */
typedef void resolve_h(void *arg, int err, const struct address *to,
                       enum transport transport);

struct resolve_req {
	struct slice name;
	uint16_t port; /**< 0: ask for SRV, then take the default */
	enum transport transport;
	bool free_transport; /**< the URI does not say it: DNS may (NAPTR) */
	bool tls;            /**< we can                                   */
	uint64_t key;        /**< the same for all messages of a call      */
	bool ipv6;           /**< AAAA too, when there is no A */
};

/**
 * The handler is called once, perhaps before this returns.
 * @return 0; ENOBUFS, EINVAL (name) or ENOMEM: then it is not called
 */
int resolve(struct resolver *r, const struct resolve_req *req,
            resolve_h *handler, void *arg);

#endif
