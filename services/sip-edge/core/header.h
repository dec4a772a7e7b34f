/*
 * header.h - header fields of a message: where each is and which (RFC 3261 7.3)
 *
 * Pure: no I/O, no clock, no log.
 */
#ifndef EDGE_CORE_HEADER_H
#define EDGE_CORE_HEADER_H

#include "message.h"

enum header_result {
	HEADER_FOUND,
	HEADER_END, /* the empty line was reached and taken         */
	HEADER_CUT, /* the bytes ended before the header fields did */
	HEADER_BAD  /* no colon, no name, or a line end that is no CRLF */
};

/** Take the next header field, with its folds, off the front of @p rest. */
enum header_result header_next(struct slice *rest, struct header *h);

#endif
