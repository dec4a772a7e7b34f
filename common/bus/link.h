/*
 * link.h - one ZeroMQ socket on the loop
 *
 * ZeroMQ's descriptor is edge-triggered: it says "look again", once. So after
 * each wake-up and after each send everything that came is taken; after a send
 * from the end of the loop's turn, never from within the sender.
 */
#ifndef BUS_LINK_H
#define BUS_LINK_H

#include <stdbool.h>
#include <stddef.h>

#include <zmq.h>

struct link;
struct loop;
struct timer;
struct watch;

/** A message came: @p identity is who sent it on a ROUTER, empty on a DEALER.
 *  Both are borrowed. */
typedef void link_h(void *arg, struct link *link, zmq_msg_t *identity,
                    zmq_msg_t *body);

struct link {
	void *sock;   /* a zsock_t; czmq.h would redefine our LOG_INFO */
	void *socket; /* ZeroMQ's, of sock; NULL: closed */
	bool router;
	struct watch *watch;
	struct timer *again;
	link_h *handler;
	void *arg;
};

enum { LINK_KEY_TEXT = 40, LINK_KEY_BYTES = 32 }; /* Z85, decoded */

/** Key pair of the installation, Z85, valid; NULL = the bus is open */
struct link_keys {
	const char *public_key;
	const char *secret_key;
};

/** A zsock_t in the context of the process, which ends with it.
 *  @return NULL and errno EMFILE when descriptors run out */
void *link_socket(int type);

/**
 * Bind a ROUTER.
 *
 * @param endpoint "tcp://10.0.0.4:5555" or "tcp://10.0.0.4:*"
 * @return 0, EADDRINUSE, EADDRNOTAVAIL, EINVAL (a key), EMFILE or ENOMEM
 */
int link_bind(struct link *l, struct loop *loop, const char *endpoint,
              const struct link_keys *keys);

/** Connect a DEALER; the connection is made, and made again, by itself.
 *  @return 0, EINVAL (an endpoint or key), EMFILE or ENOMEM */
int link_connect(struct link *l, struct loop *loop, const char *endpoint,
                 const struct link_keys *keys);

void link_close(struct link *l);

/** Where a ROUTER is bound, with the port. @return 0 or ENOMEM */
int link_endpoint(const struct link *l, char *out, size_t size);

/**
 * Send; @p body is taken on success only.
 *
 * @param identity whom to, on a ROUTER; else NULL
 * @return 0, EAGAIN (queue full or not connected), EHOSTUNREACH (a ROUTER
 *         that does not know them) or another errno
 */
int link_send(struct link *l, const void *identity, size_t n_identity,
              zmq_msg_t *body);

#endif
