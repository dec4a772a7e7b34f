/*
 * connection.h - one TCP or TLS connection: its states, messages and deadlines
 *
 *     CONNECTING -> HANDSHAKE -> OPEN -> ENDING -> CLOSED
 *      (ours)         (TLS)
 *
 * Only streams.c uses this.
 */
#ifndef EDGE_ADAPTERS_CONNECTION_H
#define EDGE_ADAPTERS_CONNECTION_H

#include "core/framing.h"
#include "streams.h"
#include "wire.h"

enum {
	CONNECTION_IN_MAX = 64 * 1024 + 4096, /* bytes not yet taken         */
	CONNECTION_OUT_MAX = 512 * 1024, /* bytes that the peer does not read:
	                                         then it is closed           */
	CONNECTION_CHUNK = 16 * 1024     /* bytes read at a time        */
};

enum connection_state {
	CONNECTION_CONNECTING, /* TCP                                         */
	CONNECTION_HANDSHAKE,  /* TLS                                         */
	CONNECTION_OPEN,
	CONNECTION_ENDING, /* it gets no more; what it sends is thrown away  */
	CONNECTION_CLOSED  /* out of the table, freed soon                   */
};

struct watch;

struct connection {
	struct streams *streams; /**< borrowed, as what follows             */
	const struct streams_handlers *handlers;
	void *arg;
	struct flow flow;
	enum connection_state state;
	bool outgoing;   /**< we opened it                                  */
	bool counted;    /**< among the connections of its source           */
	bool registered; /**< a phone is bound to it                        */
	struct wire wire;
	struct watch *watch;
	char *name; /**< outgoing TLS: whose certificate               */
	struct framing framing;
	struct buffer in;
	uint64_t partial_since; /**< a message began to come [ms]; 0 = none */
	uint64_t active_at;     /**< something whole came or left [ms]      */
	struct connection *next, *prev; /**< of those that we opened; next:
	                                     also of those that are closed  */
};

/** The handler of its watch; @p arg is the connection. */
void connection_event(void *arg, int events);

/** @return 0, ENOTCONN, or ENOBUFS: it was closed */
int connection_send(struct connection *c, struct slice text);

/** Nobody counts it any more. */
void connection_uncount(struct connection *c);

/** Send what is queued, then close it. */
void connection_end(struct connection *c);
void connection_close(struct connection *c, enum streams_end why);

/** Close it when it was too slow or silent for too long. @p now monotonic */
void connection_judge(struct connection *c, const struct streams_config *cfg,
                      uint64_t now);

/** What is closed is freed from the loop: handlers may still look at it. */
void connection_free(struct connection *c);

/** streams.c: take it out of the table; free it soon. */
void streams_forget(struct connection *c);

#endif
