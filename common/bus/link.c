/*
 * link.c - one ZeroMQ socket on the loop
 */
#include "bus/link.h"

#include <czmq.h>
#include <errno.h>
#include <unistd.h>

#include <sys/eventfd.h>

#include "bus/bus.h"
#include "loop/loop.h"

enum {
	QUEUE_MAX = 10000, /* messages each way and connection */
	BATCH = 256,       /* messages taken before others have their turn */
	RECONNECT_MS = 50,
	RECONNECT_MAX_MS = 1000,
	HANDSHAKE_MS = 5000,
	LINGER_MS = 500, /* the last replies of a process that ends */
	SOCKET_DESCRIPTORS =
		4, /* of one socket until it is connected, and more */
	FIRST_DESCRIPTORS = 24 /* and of ZeroMQ's threads */
};

/* czmq and ZeroMQ abort the process when a descriptor that they need can not be
 * had: find out before. */
static bool has_descriptors(size_t n)
{
	int fds[FIRST_DESCRIPTORS];
	size_t got = 0;

	while (got < n && (fds[got] = eventfd(0, EFD_CLOEXEC)) >= 0)
		got++;
	for (size_t i = 0; i < got; i++)
		(void)close(fds[i]);
	return got == n;
}

void *link_socket(int type)
{
	static bool begun;

	if (!has_descriptors(begun ? SOCKET_DESCRIPTORS : FIRST_DESCRIPTORS)) {
		errno = EMFILE;
		return NULL;
	}
	if (!begun) {
		/* Signals are ours, and so is what is said to people. */
		zsys_handler_set(NULL);
		zsys_set_logstream(NULL);
		zsys_set_max_sockets(0); /* as many as there can be */
	}
	begun = true;
	return zsock_new(type);
}

static void set_common(zsock_t *sock)
{
	zsock_set_ipv6(sock, 1);
	zsock_set_sndhwm(sock, QUEUE_MAX);
	zsock_set_rcvhwm(sock, QUEUE_MAX);
	zsock_set_handshake_ivl(sock, HANDSHAKE_MS);
	zsock_set_maxmsgsize(sock, BUS_MESSAGE_MAX);
}

static void set_router(zsock_t *sock)
{
	zsock_set_linger(sock, LINGER_MS);
	zsock_set_router_mandatory(sock, 1);
	zsock_set_router_handover(sock, 1);
}

/* A connection that comes back has the name it had: answers to what it asked
 * before still find it. */
static int set_dealer(zsock_t *sock)
{
	zuuid_t *name = zuuid_new();

	if (!name)
		return ENOMEM;
	zsock_set_identity(sock, zuuid_str(name));
	zuuid_destroy(&name);
	zsock_set_linger(sock, 0);
	zsock_set_immediate(sock, 1);
	zsock_set_reconnect_ivl(sock, RECONNECT_MS);
	zsock_set_reconnect_ivl_max(sock, RECONNECT_MAX_MS);
	return 0;
}

static int set_keys(zsock_t *sock, bool router, const struct link_keys *keys)
{
	uint8_t public_key[LINK_KEY_BYTES], secret_key[LINK_KEY_BYTES];
	zcert_t *cert;

	if (!keys->secret_key)
		return 0;
	if (!zmq_z85_decode(public_key, keys->public_key) ||
	    !zmq_z85_decode(secret_key, keys->secret_key))
		return EINVAL;
	cert = zcert_new_from(public_key, secret_key);
	if (!cert)
		return ENOMEM;
	zcert_apply(cert, sock);
	zcert_destroy(&cert);
	if (router) {
		zsock_set_curve_server(sock, 1);
		zsock_set_zap_domain(sock, keys->public_key);
	} else {
		zsock_set_curve_serverkey(sock, keys->public_key);
	}
	return 0;
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
	int err = timer_alloc(&l->again, loop, take_all, l);

	if (err)
		return err;
	/* Its state was read before the descriptor was watched. */
	timer_start(l->again, 0);
	return watch_alloc(&l->watch, loop, zsock_fd(l->sock), LOOP_READ,
	                   on_readable, l);
}

/* @p attach_to is zmq_bind() or zmq_connect(): zsock_bind() would try one port
 * after the other where the kernel knows a free one. */
static int open_link(struct link *l, bool router, struct loop *loop,
                     int (*attach_to)(void *socket, const char *endpoint),
                     const char *endpoint, const struct link_keys *keys)
{
	int err = 0;

	l->router = router;
	l->sock = link_socket(router ? ZMQ_ROUTER : ZMQ_DEALER);
	if (!l->sock)
		return errno;
	l->socket = zsock_resolve(l->sock);
	set_common(l->sock);
	if (router)
		set_router(l->sock);
	else
		err = set_dealer(l->sock);
	if (!err)
		err = set_keys(l->sock, router, keys);
	if (!err && attach_to(l->socket, endpoint) != 0)
		err = errno;
	if (!err)
		err = attach(l, loop);
	if (err)
		link_close(l);
	return err;
}

int link_bind(struct link *l, struct loop *loop, const char *endpoint,
              const struct link_keys *keys)
{
	return open_link(l, true, loop, zmq_bind, endpoint, keys);
}

int link_connect(struct link *l, struct loop *loop, const char *endpoint,
                 const struct link_keys *keys)
{
	return open_link(l, false, loop, zmq_connect, endpoint, keys);
}

int link_endpoint(const struct link *l, char *out, size_t size)
{
	char *endpoint = zsock_last_endpoint(l->sock);

	if (!endpoint)
		return ENOMEM;
	(void)snprintf(out, size, "%s", endpoint);
	zstr_free(&endpoint);
	return 0;
}

void link_close(struct link *l)
{
	zsock_t *sock = l->sock;

	watch_free(l->watch);
	timer_free(l->again);
	zsock_destroy(&sock);
	l->watch = NULL;
	l->again = NULL;
	l->sock = NULL;
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
