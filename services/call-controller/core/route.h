/*
 * route.h - what is written in a noun: a number, or a SIP URI with headers
 *
 * Whether a URI names a user of ours is for CMD_RESOLVE to say.
 */
#ifndef CC_CORE_ROUTE_H
#define CC_CORE_ROUTE_H

#include <stddef.h>
#include <stdint.h>

#include "io.h"

enum { ROUTE_URI_MAX = 255 };      /* bytes; TwiML <Sip> */
enum { ROUTE_HEADERS_MAX = 1024 }; /* bytes of ?headers, as written */

struct route {
	enum resolve_kind kind;
	const char *what;           /**< +E.164, or sip: URI without headers */
	const struct pair *headers; /**< decoded */
	size_t n_headers;
	uint32_t code;    /**< of the alert when something is wrong; 0 = fine */
	const char *text; /**< what is wrong */
	unsigned refused; /**< SIP status that stands for it when it can not be
	                   *   called at all; 0 = it can */
};

/** Text of a <Number>, or of a Dial without nouns. What is an emergency number
 *  anywhere is one here (contract 4.8): it is never made E.164. */
void route_number(struct arena *a, const char *text, struct route *out);

/** Text of a <Sip> */
void route_sip(struct arena *a, const char *text, struct route *out);

#endif
