/*
 * streams.c - all TCP and TLS connections: the table, listening, connecting
 */
#include "streams.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <unistd.h>

#include "connection.h"
#include "loop/loop.h"
#include "socket.h"
#include "tls.h"

enum { SWEEP_MS = 1000, ACCEPTS = 64 };
enum { SLOT_BITS = 15, SLOTS = 1 << SLOT_BITS };

_Static_assert((int)STREAMS_MAX < (int)SLOTS, "every connection has a slot");

struct listener {
	struct streams *streams;
	enum transport transport;
	int fd;
	struct watch *watch;
};

struct streams {
	struct loop *loop;
	struct tls *tls;
	struct streams_config cfg;
	const struct streams_handlers *handlers;
	void *arg;
	struct timer *sweep, *bury;
	size_t n_listeners;
	struct listener listeners[STREAMS_LISTENERS_MAX];
	struct connection *outgoing; /* list of those that we opened */
	struct connection *closed;   /* list of those to be freed    */
	size_t n;
	uint32_t next; /* slot to try first */
	struct {
		struct connection *c;
		uint32_t generation;
	} slots[SLOTS];
};

static struct connection *find(const struct streams *s, uint32_t id)
{
	struct connection *c = s->slots[id & (SLOTS - 1)].c;

	return c && c->flow.connection == id ? c : NULL;
}

static void unlink_outgoing(struct connection *c)
{
	if (c->prev)
		c->prev->next = c->next;
	else
		c->streams->outgoing = c->next;
	if (c->next)
		c->next->prev = c->prev;
}

void streams_forget(struct connection *c)
{
	struct streams *s = c->streams;

	if (c->outgoing)
		unlink_outgoing(c);
	s->slots[c->flow.connection & (SLOTS - 1)].c = NULL;
	s->n--;
	if (!s->closed)
		timer_start(s->bury, 0);
	c->next = s->closed;
	s->closed = c;
}

static void on_bury(void *arg)
{
	struct streams *s = arg;

	while (s->closed) {
		struct connection *c = s->closed;

		s->closed = c->next;
		connection_free(c);
	}
}

static uint32_t new_id(struct streams *s, struct connection *c)
{
	/* Round and round, so that a number comes back after 2^32; never 0 */
	do
		s->next = (s->next + 1) & (SLOTS - 1);
	while (s->next == 0 || s->slots[s->next].c);
	s->slots[s->next].c = c;
	s->slots[s->next].generation++;
	return s->slots[s->next].generation << SLOT_BITS | s->next;
}

/* Takes fd over, also when it fails. */
static struct connection *make(struct streams *s, enum transport transport,
                               int fd, const struct address *peer)
{
	struct connection *c = calloc(1, sizeof(*c));
	int on = 1;

	if (!c ||
	    watch_alloc(&c->watch, s->loop, fd, 0, connection_event, c) != 0) {
		free(c);
		close(fd);
		return NULL;
	}
	c->streams = s;
	c->handlers = s->handlers;
	c->arg = s->arg;
	c->wire.fd = fd;
	c->flow = (struct flow){
		.transport = transport, .peer = *peer, .boot = s->cfg.boot};
	c->flow.connection = new_id(s, c);
	c->active_at = loop_now_ms();
	s->n++;
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	(void)setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	return c;
}

static void start_accepted(struct streams *s, enum transport transport, int fd,
                           const struct address *peer)
{
	struct connection *c = make(s, transport, fd, peer);

	if (!c) {
		s->handlers->release(s->arg, peer);
		return;
	}
	c->counted = true;
	c->state = CONNECTION_OPEN;
	if (transport == TRANSPORT_TLS) {
		c->state = CONNECTION_HANDSHAKE;
		c->wire.ssl = tls_server(s->tls, fd);
		if (!c->wire.ssl) {
			connection_close(c, STREAMS_HANDSHAKE);
			return;
		}
	}
	watch_set(c->watch, LOOP_READ);
}

static void on_acceptable(void *arg, int events)
{
	struct listener *l = arg;
	struct streams *s = l->streams;

	(void)events;
	for (int i = 0; i < ACCEPTS; i++) {
		struct sockaddr_storage name;
		socklen_t len = sizeof(name);
		int fd = accept4(l->fd, (struct sockaddr *)&name, &len,
		                 SOCK_NONBLOCK | SOCK_CLOEXEC);
		struct address peer;

		if (fd < 0) {
			/* Without a descriptor to accept it with it stays
			 * readable: look again at the next sweep */
			if (errno != EAGAIN && errno != ECONNABORTED)
				watch_set(l->watch, 0);
			return;
		}
		peer = socket_address(&name);
		if (s->n < STREAMS_MAX && s->handlers->accept(s->arg, &peer)) {
			start_accepted(s, l->transport, fd, &peer);
			continue;
		}
		s->handlers->ended(s->arg, s->n < STREAMS_MAX ? STREAMS_SOURCE
		                                              : STREAMS_FULL);
		close(fd);
	}
}

static void on_sweep(void *arg)
{
	struct streams *s = arg;
	uint64_t now = loop_now_ms();

	for (size_t i = 0; i < SLOTS && s->n > 0; i++) {
		if (s->slots[i].c)
			connection_judge(s->slots[i].c, &s->cfg, now);
	}
	if (s->tls)
		tls_refresh(s->tls);
	for (size_t i = 0; i < s->n_listeners; i++)
		watch_set(s->listeners[i].watch, LOOP_READ);
	timer_start(s->sweep, SWEEP_MS);
}

int streams_alloc(struct streams **sp, struct loop *loop, struct tls *tls,
                  const struct streams_config *cfg,
                  const struct streams_handlers *handlers, void *arg)
{
	struct streams *s = calloc(1, sizeof(*s));
	int err = ENOMEM;

	if (!s)
		goto out;
	s->loop = loop;
	s->tls = tls;
	s->cfg = *cfg;
	s->handlers = handlers;
	s->arg = arg;
	err = timer_alloc(&s->bury, loop, on_bury, s);
	if (!err)
		err = timer_alloc(&s->sweep, loop, on_sweep, s);
	if (!err)
		timer_start(s->sweep, SWEEP_MS);
out:
	if (err)
		streams_free(s);
	else
		*sp = s;
	return err;
}

static void unlisten(struct streams *s)
{
	while (s->n_listeners > 0) {
		struct listener *l = &s->listeners[--s->n_listeners];

		watch_free(l->watch);
		close(l->fd);
	}
}

void streams_free(struct streams *s)
{
	if (!s)
		return;
	unlisten(s);
	for (size_t i = 0; i < SLOTS; i++) {
		struct connection *c = s->slots[i].c;

		if (c) {
			c->outgoing = false; /* nobody to give back to */
			connection_close(c, STREAMS_BY_PEER);
		}
	}
	on_bury(s);
	timer_free(s->bury);
	timer_free(s->sweep);
	free(s);
}

int streams_listen(struct streams *s, const struct address *local,
                   enum transport transport)
{
	struct listener *l = &s->listeners[s->n_listeners];
	int err;

	if (s->n_listeners == STREAMS_LISTENERS_MAX)
		return ENOBUFS;
	*l = (struct listener){.streams = s, .transport = transport};
	err = socket_bind(local, SOCK_STREAM, &l->fd, NULL);
	if (err)
		return err;
	err = watch_alloc(&l->watch, s->loop, l->fd, LOOP_READ, on_acceptable,
	                  l);
	if (err)
		close(l->fd);
	else
		s->n_listeners++;
	return err;
}

int streams_send(struct streams *s, uint32_t connection, struct slice text)
{
	struct connection *c = find(s, connection);

	return c ? connection_send(c, text) : ENOTCONN;
}

static struct connection *find_outgoing(const struct streams *s,
                                        enum transport transport,
                                        const struct address *to,
                                        const char *name)
{
	struct connection *c = s->outgoing;

	/* By the name too: another one at the same address is not it */
	while (c &&
	       (c->flow.transport != transport ||
	        !address_same(&c->flow.peer, to) ||
	        c->state == CONNECTION_ENDING ||
	        (transport == TRANSPORT_TLS && strcmp(c->name, name) != 0)))
		c = c->next;
	return c;
}

static int open_connection(struct streams *s, enum transport transport,
                           const struct address *to, const char *name,
                           struct connection **cp)
{
	struct sockaddr_storage sa;
	socklen_t len = socket_name(to, &sa);
	struct connection *c;
	int fd;

	if (s->n >= STREAMS_MAX)
		return ENOBUFS;
	if (transport == TRANSPORT_TLS && !s->tls)
		return EPROTONOSUPPORT;
	fd = socket(sa.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
	            0);
	if (fd < 0)
		return errno;
	if (connect(fd, (struct sockaddr *)&sa, len) != 0 &&
	    errno != EINPROGRESS) {
		int err = errno;

		close(fd);
		return err;
	}
	c = make(s, transport, fd, to);
	if (!c)
		return ENOMEM;
	c->outgoing = true;
	c->next = s->outgoing;
	if (c->next)
		c->next->prev = c;
	s->outgoing = c;
	c->name = strdup(name);
	if (transport == TRANSPORT_TLS && c->name)
		c->wire.ssl = tls_client(s->tls, fd, name);
	if (!c->name || (transport == TRANSPORT_TLS && !c->wire.ssl)) {
		connection_close(c, STREAMS_HANDSHAKE);
		return ENOMEM;
	}
	watch_set(c->watch, LOOP_WRITE);
	*cp = c;
	return 0;
}

int streams_send_to(struct streams *s, enum transport transport,
                    const struct address *to, const char *name,
                    struct slice text)
{
	struct connection *c = find_outgoing(s, transport, to, name);
	int err = 0;

	if (!c)
		err = open_connection(s, transport, to, name, &c);
	return err ? err : connection_send(c, text);
}

void streams_registered(struct streams *s, uint32_t connection)
{
	struct connection *c = find(s, connection);

	if (!c)
		return;
	c->registered = true;
	connection_uncount(c);
}

void streams_end(struct streams *s, uint32_t connection)
{
	struct connection *c = find(s, connection);

	if (c)
		connection_end(c);
}

size_t streams_count(const struct streams *s)
{
	return s->n;
}
