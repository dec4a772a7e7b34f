/*
 * token.h - names of flows that only we can make (RFC 5626 5.2)
 *
 * A flow is the way back to a peer: the address that a datagram came from, or
 * one TCP or TLS connection. Its name goes out in Path, Record-Route and Via
 * and comes back from strangers, so it is sealed with HMAC-SHA256 under the
 * installation's secret. A token of a UDP flow means the same to every edge
 * that has the same public sockets, also after a restart; one of a connection
 * only to the process that holds it.
 *
 * Pure: no I/O, no clock, no log.
 */
#ifndef EDGE_CORE_TOKEN_H
#define EDGE_CORE_TOKEN_H

#include "address.h"

enum {
	TOKEN_SIZE = 56,   /* of a token as text, with NUL       */
	TOKEN_MAC = 10,    /* bytes of the HMAC that are kept    */
	TOKEN_SECRET = 32, /* bytes of the installation's secret */
	TOKEN_HASH = 16    /* characters of token_hash()         */
};

enum transport { TRANSPORT_UDP, TRANSPORT_TCP, TRANSPORT_TLS };

struct flow {
	enum transport transport;
	bool internal;  /**< one of our processes, on the internal socket */
	uint8_t socket; /**< which public socket, 0..7 (UDP)              */
	struct address peer;
	uint32_t boot; /**< of the process that holds the connection     */
	uint32_t
		connection; /**< its number; 0 = a datagram flow              */
};

/** A token of one use can not be used for the other. */
enum token_use {
	TOKEN_ROUTE, /* Path, Record-Route: requests may go there */
	TOKEN_VIA    /* Via: responses may go there               */
};

struct token_key;

/** @return 0 or ENOMEM; token_key_free() accepts NULL */
int token_key_alloc(struct token_key **kp, const uint8_t secret[TOKEN_SECRET]);
void token_key_free(struct token_key *key);

void token_make(const struct token_key *key, enum token_use use,
                const struct flow *flow, char out[TOKEN_SIZE]);

/** @return false when we did not make it, or not for this use */
bool token_read(const struct token_key *key, enum token_use use,
                struct slice token, struct flow *flow);

/** A keyed hash of some texts, for a branch: nobody can aim at a collision. */
void token_hash(const struct token_key *key, const struct slice *parts,
                size_t n, char out[TOKEN_HASH + 1]);

#endif
