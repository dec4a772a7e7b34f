/*
 * wire.h - reading and writing one TCP or TLS connection
 */
#ifndef EDGE_ADAPTERS_WIRE_H
#define EDGE_ADAPTERS_WIRE_H

#include <sys/types.h>

#include <openssl/ssl.h>

#include "buffer.h"

struct wire {
	int fd;
	SSL *ssl;          /**< NULL = plain TCP      */
	struct buffer out; /**< what was not written  */
};

/** Read some. @return bytes, 0 at the end or an error, -1 nothing for now */
ssize_t wire_read(struct wire *w, char *p, size_t n);

/** Write what is queued. @return 0 done, EAGAIN some is left, or an errno */
int wire_flush(struct wire *w);

/** Go on with the TLS handshake. @return 0 done, EAGAIN, or EPROTO */
int wire_handshake(struct wire *w);

#endif
