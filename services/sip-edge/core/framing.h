/*
 * framing.h - messages out of a stream (RFC 3261 18.3, RFC 5626 3.5.1)
 *
 * A stream whose framing is in doubt can not be read on: what one side takes
 * for a body the other may take for a request. So Content-Length must be there,
 * be a plain number, and agree with itself.
 *
 * Pure: no I/O, no clock, no log.
 */
#ifndef EDGE_CORE_FRAMING_H
#define EDGE_CORE_FRAMING_H

#include <stdbool.h>
#include <stddef.h>

enum framing_result {
	FRAMING_MORE,    /* nothing complete yet                            */
	FRAMING_SKIP,    /* take `n` bytes off: a line end between messages */
	FRAMING_PING,    /* take `n` bytes off and answer CRLF              */
	FRAMING_MESSAGE, /* `n` bytes are one message                       */
	FRAMING_BAD      /* answer 400 to the `n` bytes that are there, close */
};

/** Where the search for the end of the header fields stands; zero it when
 *  bytes were taken off the front of the buffer. */
struct framing {
	size_t scanned; /**< bytes without the end                     */
	size_t whole;   /**< length of the message once known, else 0  */
};

/** Look at the @p size bytes that were received and not yet taken off. */
enum framing_result framing_next(struct framing *f, const char *p, size_t size,
                                 size_t *n);

/** Does this datagram only keep a NAT binding open? Line ends, NULs, and up to
 *  four bytes of anything (RFC 5626 4.4.1 and what phones send). */
bool framing_keepalive(const char *p, size_t size);

#endif
