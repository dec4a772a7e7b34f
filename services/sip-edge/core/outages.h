/*
 * outages.h - which servers of others did not answer lately
 *
 * A stateless proxy has no timers of transactions (RFC 3263 4.3); what it can
 * see is a connection that could not be opened, and an INVITE that its sender
 * sends a third time because nothing came back. Such a server is passed over
 * for a while when DNS names another one. Two tables of fixed size, where a
 * newcomer takes the place of who had it. Pure: no I/O, no clock, no log.
 */
#ifndef EDGE_CORE_OUTAGES_H
#define EDGE_CORE_OUTAGES_H

#include <stdbool.h>

#include "address.h"

enum {
	OUTAGES_MAX = 1024,         /* servers                                */
	OUTAGES_MS = 30000,         /* a server is passed over                */
	OUTAGES_REQUESTS = 4096,    /* whose copies are counted               */
	OUTAGES_REQUEST_MS = 32000, /* 64*T1: a transaction is over         */
	OUTAGES_COPIES = 3          /* T1 and 2*T1 have passed: 1.5 s         */
};

struct outages;

/** @return 0 or ENOMEM; outages_free() accepts NULL */
int outages_alloc(struct outages **op);
void outages_free(struct outages *o);

/** It does not answer. */
void outages_note(struct outages *o, const struct address *server,
                  uint64_t now_ms);
bool outages_has(const struct outages *o, const struct address *server,
                 uint64_t now_ms);

/**
 * A request leaves for @p server.
 *
 * @param request hash of what its copies have in common
 * @return true when it is one copy too many for a server that answers
 */
bool outages_count(struct outages *o, uint64_t request,
                   const struct address *server, uint64_t now_ms);

/** The transaction was answered, if only by 100. */
void outages_answered(struct outages *o, uint64_t request);

#endif
