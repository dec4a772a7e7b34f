/*
 * branch.h - the branch of a stateless proxy's Via (RFC 3261 16.11)
 *
 * A retransmission, the CANCEL and the ACK for a failure get the branch that
 * their INVITE got, without a memory of it. A second part tells a loop from a
 * spiral: it depends on the Request-URI (RFC 3261 16.6 step 8).
 *
 * Pure: no I/O, no clock, no log.
 */
#ifndef EDGE_CORE_BRANCH_H
#define EDGE_CORE_BRANCH_H

#include "message.h"
#include "token.h"

enum { BRANCH_LOOP = 8, BRANCH_SIZE = 7 + TOKEN_HASH + 1 + BRANCH_LOOP + 1 };

/** @param from where it came from: from outside, a CANCEL has the branch of its
 *              INVITE only when it comes from the same address */
void branch_make(const struct token_key *key, const struct message *m,
                 const struct flow *from, char out[BRANCH_SIZE]);

/** Did this request pass here before, for the same Request-URI? */
bool branch_loops(const struct token_key *key, const struct message *m);

#endif
