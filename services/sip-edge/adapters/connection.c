/*
 * connection.c - one TCP or TLS connection: its states, messages and deadlines
 */
#include "connection.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "loop/loop.h"

enum { READS = 8 };

static int events(const struct connection *c)
{
	switch (c->state) {
	case CONNECTION_CONNECTING: return LOOP_WRITE;
	case CONNECTION_HANDSHAKE:
		return SSL_want_write(c->wire.ssl) ? LOOP_WRITE : LOOP_READ;
	case CONNECTION_OPEN:
	case CONNECTION_ENDING:
		return LOOP_READ | (c->wire.out.n > 0 ? LOOP_WRITE : 0);
	case CONNECTION_CLOSED: break;
	}
	return 0;
}

void connection_free(struct connection *c)
{
	SSL_free(c->wire.ssl);
	buffer_free(&c->in);
	buffer_free(&c->wire.out);
	free(c->name);
	free(c);
}

void connection_uncount(struct connection *c)
{
	if (c->counted)
		c->handlers->release(c->arg, &c->flow.peer);
	c->counted = false;
}

/* Requests that wait in the queue of a connection that never opened */
static void give_back(struct connection *c)
{
	struct framing f = {.scanned = 0};
	size_t at = 0;
	size_t n = 0;

	while (framing_next(&f, c->wire.out.p + at, c->wire.out.n - at, &n) ==
	       FRAMING_MESSAGE) {
		c->handlers->undelivered(c->arg, &c->flow,
		                         (struct slice){c->wire.out.p + at, n});
		at += n;
		f = (struct framing){.scanned = 0};
	}
}

void connection_close(struct connection *c, enum streams_end why)
{
	bool unopened = c->state == CONNECTION_CONNECTING ||
	                c->state == CONNECTION_HANDSHAKE;

	if (c->state == CONNECTION_CLOSED)
		return;
	c->state = CONNECTION_CLOSED;
	connection_uncount(c);
	watch_free(c->watch);
	c->watch = NULL;
	if (c->wire.ssl && !unopened)
		(void)SSL_shutdown(c->wire.ssl); /* one way: we do not wait */
	close(c->wire.fd);
	streams_forget(c);
	c->handlers->ended(c->arg, why);
	if (c->outgoing && unopened)
		give_back(c);
}

static void flush(struct connection *c)
{
	int err = wire_flush(&c->wire);

	if (err && err != EAGAIN) {
		connection_close(c, STREAMS_BY_PEER);
		return;
	}
	if (!err && c->state == CONNECTION_ENDING)
		(void)shutdown(c->wire.fd, SHUT_WR);
	watch_set(c->watch, events(c));
}

void connection_end(struct connection *c)
{
	if (c->state != CONNECTION_OPEN) {
		connection_close(c, STREAMS_BAD);
		return;
	}
	c->state = CONNECTION_ENDING;
	c->active_at = loop_now_ms();
	flush(c);
}

static void handle(struct connection *c, enum framing_result r, size_t n)
{
	struct slice text = {c->in.p, n};

	if (r == FRAMING_MESSAGE)
		c->handlers->message(c->arg, &c->flow, text);
	else if (r == FRAMING_PING)
		(void)connection_send(c, SLICE("\r\n"));
	else if (r == FRAMING_BAD)
		c->handlers->bad(c->arg, &c->flow, text);
}

/* Whole messages out of what came. */
static void take_messages(struct connection *c)
{
	enum framing_result r = FRAMING_SKIP;

	while (c->state == CONNECTION_OPEN && r != FRAMING_MORE) {
		size_t n = 0;

		r = framing_next(&c->framing, c->in.p, c->in.n, &n);
		if (r == FRAMING_MORE)
			break;
		handle(c, r, n);
		if (c->state != CONNECTION_OPEN)
			return;
		if (r == FRAMING_BAD) {
			connection_end(c);
			return;
		}
		buffer_take(&c->in, n);
		c->framing = (struct framing){.scanned = 0};
		c->partial_since = 0;
		c->active_at = loop_now_ms();
	}
	/* Half of a ping is a keep-alive too: it is not waited for */
	if (c->in.n > 0 && c->in.p[0] == '\r')
		c->active_at = loop_now_ms();
	else if (c->in.n > 0 && c->partial_since == 0)
		c->partial_since = loop_now_ms();
}

static void read_some(struct connection *c)
{
	static char chunk[CONNECTION_CHUNK]; /* one thread, not kept */

	for (int i = 0;
	     i < READS || (c->wire.ssl && SSL_pending(c->wire.ssl) > 0); i++) {
		ssize_t n = wire_read(&c->wire, chunk, sizeof(chunk));

		if (n < 0)
			return;
		if (n == 0) {
			connection_close(c, STREAMS_BY_PEER);
			return;
		}
		if (c->state == CONNECTION_ENDING)
			continue;
		if (buffer_add(&c->in, chunk, (size_t)n, CONNECTION_IN_MAX) !=
		    0) {
			connection_close(c, STREAMS_BACKLOG);
			return;
		}
		take_messages(c);
		if (c->state == CONNECTION_CLOSED)
			return;
	}
}

static void opened(struct connection *c)
{
	c->state = CONNECTION_OPEN;
	c->active_at = loop_now_ms();
	flush(c);
}

static void shake_hands(struct connection *c)
{
	int err = wire_handshake(&c->wire);

	if (err == 0)
		opened(c);
	else if (err == EAGAIN)
		watch_set(c->watch, events(c));
	else
		connection_close(c, STREAMS_HANDSHAKE);
}

static void connected(struct connection *c)
{
	int err = 0;
	socklen_t len = sizeof(err);

	if (getsockopt(c->wire.fd, SOL_SOCKET, SO_ERROR, &err, &len) != 0 ||
	    err) {
		connection_close(c, STREAMS_HANDSHAKE);
		return;
	}
	if (!c->wire.ssl) {
		opened(c);
		return;
	}
	c->state = CONNECTION_HANDSHAKE;
	shake_hands(c);
}

void connection_event(void *arg, int events)
{
	struct connection *c = arg;

	switch (c->state) {
	case CONNECTION_CONNECTING: connected(c); break;
	case CONNECTION_HANDSHAKE: shake_hands(c); break;
	case CONNECTION_OPEN:
	case CONNECTION_ENDING:
		if (events & LOOP_WRITE)
			flush(c);
		if ((events & LOOP_READ) && c->state != CONNECTION_CLOSED)
			read_some(c);
		break;
	case CONNECTION_CLOSED: break;
	}
}

void connection_judge(struct connection *c, const struct streams_config *cfg,
                      uint64_t now)
{
	uint64_t silent = now - c->active_at;

	switch (c->state) {
	case CONNECTION_CONNECTING:
	case CONNECTION_HANDSHAKE:
		if (silent > STREAMS_HANDSHAKE_MS)
			connection_close(c, STREAMS_HANDSHAKE);
		break;
	case CONNECTION_OPEN:
		if (c->partial_since &&
		    now - c->partial_since > cfg->message_ms)
			connection_close(c, STREAMS_SLOW);
		else if (silent >
		         (c->registered ? STREAMS_REGISTERED_MS : cfg->idle_ms))
			connection_close(c, STREAMS_IDLE);
		break;
	case CONNECTION_ENDING:
		if (silent > STREAMS_ENDING_MS)
			connection_close(c, STREAMS_BAD);
		break;
	case CONNECTION_CLOSED: break;
	}
}

int connection_send(struct connection *c, struct slice text)
{
	if (c->state == CONNECTION_ENDING || c->state == CONNECTION_CLOSED)
		return ENOTCONN;
	if (buffer_add(&c->wire.out, text.p, text.n, CONNECTION_OUT_MAX) != 0) {
		connection_close(c, STREAMS_BACKLOG);
		return ENOBUFS;
	}
	c->active_at = loop_now_ms();
	if (c->state == CONNECTION_OPEN)
		flush(c);
	return 0;
}
