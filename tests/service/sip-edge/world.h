/*
 * world.h - an edge, and a registrar and two controllers that are the test
 *
 * The edge, Redis and the bus are real. The registrar and the controllers are
 * plain UDP sockets of the test, announced on the bus.
 */
#ifndef TEST_EDGE_WORLD_H
#define TEST_EDGE_WORLD_H

#include <openssl/ssl.h>

#include "bus/bus.h"
#include "service/harness.h"

enum { WORLD_TEXT = 70000, WORLD_SETTINGS = 20, WORLD_WAIT_MS = 3000 };

enum { REGISTRAR, CONTROLLER_1, CONTROLLER_2, SERVICES };

struct world {
	struct redis_server redis;
	struct loop *loop;
	struct redis *conn;
	struct {
		int fd;
		char name[32]; /* "call-controller-1" */
		char sip[32];
		struct bus *bus;
	} services[SERVICES];
	pid_t edge;
	uint16_t port, sips_port, internal, http_port;
	char certificates[64];
	char settings[WORLD_SETTINGS][96];
	char text[WORLD_TEXT]; /* what was heard last */
	char from[32];         /* and whom from: "127.0.0.1:5060" */
};

/** Start all. @p more settings, ends with NULL; or NULL. Returns when
 *  the edge knows that the registrar and both controllers are alive. */
void world_open(struct world *w, const char *const *more);
void world_close(struct world *w);

/** SIGKILL, and again with the same settings. */
void world_restart_edge(struct world *w);
/** A service leaves: the edge hears no more of it. */
void world_silence(struct world *w, int service);
/** It is there again. */
void world_return(struct world *w, int service);
/** Until the value of a metric, with its labels, is at least @p least. */
void world_count(struct world *w, const char *metric, double least);

int world_udp(void); /**< a phone: a UDP socket of its own port */
int world_tcp(struct world *w, uint16_t port); /**< connected to the edge */

/** A connection with TLS */
SSL *world_tls(struct world *w);
void world_tls_free(SSL *ssl);

/** Send printf text to "ip:port"; each \n becomes CRLF. */
__attribute__((format(printf, 3, 4))) void world_say(int fd, const char *to,
                                                     const char *fmt, ...);
/** Bytes as they are */
void world_send(int fd, const char *to, const char *text, size_t n);
/** As world_say(), on a connection. */
__attribute__((format(printf, 2, 3))) void world_write(int fd, const char *fmt,
                                                       ...);

/** Wait until there is something to read or to accept. */
bool world_waits(struct world *w, int fd);
/** Wait for a datagram or some bytes into w->text. @return false: none came */
bool world_hears(struct world *w, int fd, uint32_t ms);
/** It must come, and begin with @p start. */
void world_hear(struct world *w, int fd, const char *start);
/** Nothing must come for @p ms. */
void world_silent(struct world *w, int fd, uint32_t ms);
/** The other side must close within @p ms. */
void world_closed(struct world *w, int fd, uint32_t ms);

/** w->text must have it, must not have it. */
void world_has(struct world *w, const char *part);
void world_lacks(struct world *w, const char *part);

/** The value of the n-th header field of this name in w->text, "" = none.
 *  @return @p out */
const char *world_header(struct world *w, const char *name, int n,
                         char out[1024]);

/** Answer the request that is in w->text, as a server does: all Via and
 *  Record-Route, From, To, Call-ID, CSeq, then @p more lines. */
void world_answer(struct world *w, int fd, const char *status,
                  const char *more);

/** "127.0.0.1:port" of the edge */
const char *world_edge(const struct world *w);
/** ... of its internal socket */
const char *world_inside(const struct world *w);

/** The port of a socket of ours */
uint16_t world_port(int fd);

#endif
