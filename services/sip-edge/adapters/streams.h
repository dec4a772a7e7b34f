/*
 * streams.h - all TCP and TLS connections: who may open one, how long it may
 * be silent, whole messages out of it, and sending on exactly one of them
 *
 * A connection has a number that is never used again; once it closed, its
 * number finds nothing.
 */
#ifndef EDGE_ADAPTERS_STREAMS_H
#define EDGE_ADAPTERS_STREAMS_H

#include "core/token.h"

struct log;
struct loop;
struct streams;
struct tls;

enum {
	STREAMS_MAX = 20000,          /* connections at once                  */
	STREAMS_LISTENERS_MAX = 16,   /* sockets                              */
	STREAMS_HANDSHAKE_MS = 10000, /* to connect and to shake hands      */
	STREAMS_REGISTERED_MS = 3900000, /* the same, with a registration:
	                                    the longest is granted 3600 s   */
	STREAMS_ENDING_MS = 2000 /* to read our last answer              */
};

struct streams_config {
	uint32_t boot; /**< goes into the flows                       */
	uint32_t
		message_ms; /**< from the first byte of a message to its last */
	uint32_t idle_ms;   /**< between messages or keep-alives           */
};

/** Why a connection was closed or never accepted: of the metric */
enum streams_end {
	STREAMS_BY_PEER,
	STREAMS_FULL,      /* STREAMS_MAX                          */
	STREAMS_SOURCE,    /* its source has too many              */
	STREAMS_HANDSHAKE, /* no connection or no handshake in time */
	STREAMS_SLOW,      /* a message did not come to its end    */
	STREAMS_IDLE,
	STREAMS_BACKLOG, /* the peer does not read               */
	STREAMS_BAD,     /* its framing is broken                */
	STREAMS_ENDS
};

struct streams_handlers {
	/** One whole message. */
	void (*message)(void *arg, const struct flow *flow, struct slice text);
	/** What came can not be read on; after this nothing more is read. */
	void (*bad)(void *arg, const struct flow *flow, struct slice text);
	/** It was to be sent on a connection that could not be opened. */
	void (*undelivered)(void *arg, const struct flow *flow,
	                    struct slice text);
	/** May this peer have one more connection? */
	bool (*accept)(void *arg, const struct address *peer);
	void (*release)(void *arg, const struct address *peer);
	void (*ended)(void *arg, enum streams_end why);
};

/** @p tls NULL = no TLS; borrowed like @p handlers. @return 0 or ENOMEM; streams_free() accepts NULL */
int streams_alloc(struct streams **sp, struct loop *loop, struct tls *tls,
                  const struct streams_config *cfg,
                  const struct streams_handlers *handlers, void *arg);
void streams_free(struct streams *s);

/** @return 0 or an errno */
int streams_listen(struct streams *s, const struct address *local,
                   enum transport transport);

/** @return 0, ENOTCONN (no such connection), ENOBUFS (it was closed) */
int streams_send(struct streams *s, uint32_t connection, struct slice text);

/**
 * Send on a connection that we opened to @p to, opening one when there is none.
 *
 * @param name TLS: whose certificate it must be
 * @return 0, or an errno when that is clear at once; else, if it can not be
 *         opened, handlers.undelivered is called
 */
int streams_send_to(struct streams *s, enum transport transport,
                    const struct address *to, const char *name,
                    struct slice text);

/** A phone has registered on it. */
void streams_registered(struct streams *s, uint32_t connection);

/** Send what is queued, then close it. */
void streams_end(struct streams *s, uint32_t connection);

size_t streams_count(const struct streams *s);

#endif
