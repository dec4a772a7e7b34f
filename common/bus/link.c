/*
 * link.c - one ZeroMQ socket on the loop
 */
#include "bus/link.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include <sys/random.h>

#include "bus/bus.h"
#include "loop/loop.h"

enum {
	QUEUE_MAX = 10000, /* messages each way and connection */
	BATCH = 256,       /* messages taken before others have their turn */
	RECONNECT_MS = 50,
	RECONNECT_MAX_MS = 1000,
	HANDSHAKE_MS = 5000,
	LINGER_MS = 500, /* the last replies of a process that ends */
	IDENTITY_BYTES = 16
};

static int set_int(void *socket, int option, int value)
{
	return zmq_setsockopt(socket, option, &value, sizeof(value));
}

static int set_common(void *socket)
{
	int64_t largest = BUS_MESSAGE_MAX;
	int err = 0;

	err |= set_int(socket, ZMQ_IPV6, 1);
	err |= set_int(socket, ZMQ_SNDHWM, QUEUE_MAX);
	err |= set_int(socket, ZMQ_RCVHWM, QUEUE_MAX);
	err |= set_int(socket, ZMQ_HANDSHAKE_IVL, HANDSHAKE_MS);
	err |= zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &largest,
	                      sizeof(largest));
	return err;
}

/* A connection that comes back has the name it had: answers to what it asked
 * before still find it. */
static int set_router(void *socket)
{
	return set_int(socket, ZMQ_LINGER, LINGER_MS) |
	       set_int(socket, ZMQ_ROUTER_MANDATORY, 1) |
	       set_int(socket, ZMQ_ROUTER_HANDOVER, 1);
}

static int set_dealer(void *socket)
{
	unsigned char name[IDENTITY_BYTES];

	if (getrandom(name, sizeof(name), 0) != sizeof(name))
		return -1;
	name[0] |= 1; /* names that start with a zero byte are ZeroMQ's */
	return zmq_setsockopt(socket, ZMQ_ROUTING_ID, name, sizeof(name)) |
	       set_int(socket, ZMQ_LINGER, 0) |
	       set_int(socket, ZMQ_IMMEDIATE, 1) |
	       set_int(socket, ZMQ_RECONNECT_IVL, RECONNECT_MS) |
	       set_int(socket, ZMQ_RECONNECT_IVL_MAX, RECONNECT_MAX_MS);
}

static int set_keys(void *socket, bool router, const struct link_keys *keys)
{
	int err = 0;

	if (!keys->secret_key)
		return 0;
	err |= zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, keys->secret_key,
	                      strlen(keys->secret_key) + 1);
	if (router)
		return err | set_int(socket, ZMQ_CURVE_SERVER, 1) |
		       zmq_setsockopt(socket, ZMQ_ZAP_DOMAIN, "trestle", 7);
	err |= zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, keys->public_key,
	                      strlen(keys->public_key) + 1);
	err |= zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, keys->public_key,
	                      strlen(keys->public_key) + 1);
	return err;
}

/* --- receiving ----------------------------------------------------------- */

/* A ROUTER puts the name before each message; ours have one part. What has
 * more is not ours: its parts are passed over. */
static bool receive(struct link *l, zmq_msg_t *identity, zmq_msg_t *body)
{
	bool several = false;

	if (l->router && zmq_msg_recv(identity, l->socket, ZMQ_DONTWAIT) < 0)
		return false;
	if (zmq_msg_recv(body, l->socket, ZMQ_DONTWAIT) < 0)
		return false;
	while (zmq_msg_more(body)) {
		several = true;
		if (zmq_msg_recv(body, l->socket, ZMQ_DONTWAIT) < 0)
			return false;
	}
	if (several) {
		zmq_msg_close(body);
		zmq_msg_init(body); /* empty: the bus counts it as garbage */
	}
	return true;
}

static void take_all(void *arg)
{
	struct link *l = arg;
	zmq_msg_t identity, body;
	int n = 0;

	zmq_msg_init(&identity);
	zmq_msg_init(&body);
	while (l->socket && n < BATCH && receive(l, &identity, &body)) {
		n++;
		l->handler(l->arg, l, &identity, &body);
	}
	zmq_msg_close(&identity);
	zmq_msg_close(&body);
	if (l->socket && n == BATCH)
		timer_start(l->again, 0);
}

static void on_readable(void *arg, int events)
{
	(void)events;
	take_all(arg);
}

/* --- opening ------------------------------------------------------------- */

static int attach(struct link *l, struct loop *loop)
{
	size_t size = sizeof(int);
	int fd = -1, err;

	if (zmq_getsockopt(l->socket, ZMQ_FD, &fd, &size) != 0)
		return errno;
	err = timer_alloc(&l->again, loop, take_all, l);
	if (err)
		return err;
	/* Its state was read before the descriptor was watched. */
	timer_start(l->again, 0);
	return watch_alloc(&l->watch, loop, fd, LOOP_READ, on_readable, l);
}

static int open_link(struct link *l, void *context, bool router,
                     const struct link_keys *keys)
{
	l->router = router;
	l->socket = zmq_socket(context, router ? ZMQ_ROUTER : ZMQ_DEALER);
	if (!l->socket)
		return ENOMEM;
	if (set_common(l->socket) != 0 ||
	    (router ? set_router(l->socket) : set_dealer(l->socket)) != 0 ||
	    set_keys(l->socket, router, keys) != 0)
		return EINVAL;
	return 0;
}

int link_bind(struct link *l, void *context, struct loop *loop,
              const char *endpoint, const struct link_keys *keys)
{
	int err = open_link(l, context, true, keys);

	if (!err && zmq_bind(l->socket, endpoint) != 0)
		err = errno;
	if (!err)
		err = attach(l, loop);
	if (err)
		link_close(l);
	return err;
}

int link_connect(struct link *l, void *context, struct loop *loop,
                 const char *endpoint, const struct link_keys *keys)
{
	int err = open_link(l, context, false, keys);

	if (!err && zmq_connect(l->socket, endpoint) != 0)
		err = errno;
	if (!err)
		err = attach(l, loop);
	if (err)
		link_close(l);
	return err;
}

void link_close(struct link *l)
{
	watch_free(l->watch);
	timer_free(l->again);
	if (l->socket)
		zmq_close(l->socket);
	l->watch = NULL;
	l->again = NULL;
	l->socket = NULL;
}

/* --- sending ------------------------------------------------------------- */

int link_send(struct link *l, const void *identity, size_t n_identity,
              zmq_msg_t *body)
{
	int events = 0, err = 0;
	size_t size = sizeof(events);

	if (!l->socket)
		return EHOSTUNREACH;
	if (identity && zmq_send(l->socket, identity, n_identity,
	                         ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0)
		err = errno;
	if (!err && zmq_msg_send(body, l->socket, ZMQ_DONTWAIT) < 0)
		err = errno;
	/* The send may have swallowed the wake-up for what came meanwhile. */
	if (zmq_getsockopt(l->socket, ZMQ_EVENTS, &events, &size) == 0 &&
	    events & ZMQ_POLLIN)
		timer_start(l->again, 0);
	return err;
}
