/*
 * wire.c - reading and writing one TCP or TLS connection
 */
#include "wire.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/socket.h>

#include <openssl/err.h>

static bool would_block(int err)
{
	return err == EAGAIN || err == EWOULDBLOCK || err == EINTR;
}

static int tls_error(const struct wire *w, int r)
{
	int err = SSL_get_error(w->ssl, r);

	ERR_clear_error();
	return err == SSL_ERROR_WANT_READ || err == SSL_ERROR_WANT_WRITE
	               ? EAGAIN
	               : EPROTO;
}

ssize_t wire_read(struct wire *w, char *p, size_t n)
{
	ssize_t r;

	if (w->ssl) {
		r = SSL_read(w->ssl, p, (int)n);
		if (r > 0)
			return r;
		return tls_error(w, (int)r) == EAGAIN ? -1 : 0;
	}
	r = recv(w->fd, p, n, 0);
	if (r < 0)
		return would_block(errno) ? -1 : 0;
	return r;
}

static int write_some(struct wire *w, size_t *written)
{
	ssize_t r;

	if (w->ssl) {
		r = SSL_write(w->ssl, w->out.p, (int)w->out.n);
		if (r <= 0)
			return tls_error(w, (int)r);
	} else {
		r = send(w->fd, w->out.p, w->out.n, MSG_NOSIGNAL);
		if (r < 0)
			return would_block(errno) ? EAGAIN : errno;
	}
	*written = (size_t)r;
	return 0;
}

int wire_flush(struct wire *w)
{
	while (w->out.n > 0) {
		size_t written = 0;
		int err = write_some(w, &written);

		if (err)
			return err;
		buffer_take(&w->out, written);
	}
	return 0;
}

int wire_handshake(struct wire *w)
{
	int r = SSL_do_handshake(w->ssl);

	return r == 1 ? 0 : tls_error(w, r);
}
