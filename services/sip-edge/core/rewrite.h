/*
 * rewrite.h - the text that leaves for a message that came (RFC 3261 16.6, 16.7)
 *
 * Header fields that a proxy has no business with leave byte for byte as they
 * came. Everything is written into one buffer of the caller; a message that
 * does not fit is written not at all.
 *
 * Pure: no I/O, no clock, no log.
 */
#ifndef EDGE_CORE_REWRITE_H
#define EDGE_CORE_REWRITE_H

#include "address.h"
#include "message.h"

enum { REWRITE_MAX = MESSAGE_MAX + 2048 }; /* size of such a buffer */

/** What to change in a request; a zeroed one changes nothing. "" = do not add */
struct rewrite {
	struct slice via;             /**< value to put on top            */
	const struct address *source; /**< the peer: received and rport of
	                                   the Via that it put on top     */
	struct slice record_route[2]; /**< values, topmost first          */
	struct slice path;            /**< value                          */
	struct slice trestle_source;  /**< value of X-Trestle-Source      */
	struct slice uri;             /**< instead of the Request-URI     */
	size_t routes;                /**< Route values to take off       */
	bool decrement;               /**< Max-Forwards; 70 when absent   */
	bool strip;          /**< take off what only we may say: X-Trestle-*,
	                                   Path                           */
	bool strip_identity; /**< and P-Asserted-Identity        */
};

/** @return length, 0 when it does not fit */
size_t rewrite_request(char *out, size_t size, const struct message *m,
                       const struct rewrite *r);

/** A response without its topmost Via value. @p source: one from outside, whose
 *  X-Trestle-* are taken off and whose X-Trestle-Source this is; "" = it leaves.
 *  @return length, 0 when it does not fit or has no second Via */
size_t rewrite_response(char *out, size_t size, const struct message *m,
                        struct slice source);

struct answer {
	unsigned status;
	const char *phrase;
	struct slice to_tag;          /**< for a To without a tag            */
	const struct address *source; /**< as in struct rewrite, or NULL     */
	const char *headers;          /**< more, each with its CRLF; or NULL */
};

/** A response of our own (RFC 3261 8.2.6). @return length, 0 when it does not
 *  fit */
size_t rewrite_answer(char *out, size_t size, const struct message *m,
                      const struct answer *a);

#endif
