/*
 * message.h - one SIP message, looked at in place (RFC 3261 7, 8.1.1, 18.3)
 *
 * The message stays the bytes that came; this is an index of its header fields
 * and the few values that a proxy decides by. Whatever is wrong with a request
 * is one fault: the status and phrase to answer it with.
 *
 * Pure: no I/O, no clock, no log.
 */
#ifndef EDGE_CORE_MESSAGE_H
#define EDGE_CORE_MESSAGE_H

#include "slice.h"
#include "uri.h"
#include "via.h"

enum {
	MESSAGE_MAX = 65535,           /* bytes                              */
	MESSAGE_HEADERS_MAX = 128,     /* header fields                      */
	MESSAGE_HEADER_MAX = 8 * 1024, /* bytes of one header field          */
	MESSAGE_VIAS_MAX = 70,         /* values: as many as hops can be     */
	MESSAGE_ROUTES_MAX = 20        /* values of Route                    */
};

enum header_id {
	HEADER_OTHER,
	HEADER_VIA,
	HEADER_FROM,
	HEADER_TO,
	HEADER_CALL_ID,
	HEADER_CSEQ,
	HEADER_MAX_FORWARDS,
	HEADER_ROUTE,
	HEADER_RECORD_ROUTE,
	HEADER_CONTACT,
	HEADER_CONTENT_LENGTH,
	HEADER_PATH,
	HEADER_USER_AGENT,
	HEADER_EVENT,
	HEADER_REQUIRE,
	HEADER_PROXY_REQUIRE,
	HEADER_IDENTITY, /* P-Asserted-Identity: said by those we trust */
	HEADER_TRESTLE,  /* X-Trestle-*: said by us only                */
	HEADER_IDS
};

struct header {
	enum header_id id;
	struct slice line;  /**< name, value, folds and the last CRLF */
	struct slice value; /**< trimmed                              */
};

enum method {
	METHOD_OTHER,
	METHOD_ACK,
	METHOD_BYE,
	METHOD_CANCEL,
	METHOD_INFO,
	METHOD_INVITE,
	METHOD_MESSAGE,
	METHOD_NOTIFY,
	METHOD_OPTIONS,
	METHOD_PRACK,
	METHOD_PUBLISH,
	METHOD_REFER,
	METHOD_REGISTER,
	METHOD_SUBSCRIBE,
	METHOD_UPDATE
};

struct fault {
	unsigned status;    /**< 0 = nothing wrong */
	const char *phrase; /**< constant          */
};

enum message_kind {
	MESSAGE_JUNK, /* no SIP, or not enough of it to say more */
	MESSAGE_REQUEST,
	MESSAGE_RESPONSE
};

struct message {
	enum message_kind kind;
	struct fault fault;

	enum method method;
	struct slice method_name; /**< of the request                    */
	struct slice uri_text;    /**< Request-URI as it is              */
	struct uri uri;
	uint32_t status;         /**< of the response                   */
	struct slice start_line; /**< with its CRLF                     */

	size_t n_headers;
	struct header headers[MESSAGE_HEADERS_MAX];
	struct slice first[HEADER_IDS]; /**< value of the first, or ""   */
	uint16_t count[HEADER_IDS];     /**< header fields of this kind  */

	struct via via;  /**< the topmost                       */
	size_t via_used; /**< its length in first[HEADER_VIA]   */
	struct slice call_id;
	struct slice from_tag;
	struct slice to_tag;
	struct name_addr to;
	uint32_t cseq;
	struct slice cseq_method;
	bool has_max_forwards;
	uint32_t max_forwards;

	size_t n_routes;
	struct name_addr routes[MESSAGE_ROUTES_MAX];
	struct slice route_text[MESSAGE_ROUTES_MAX]; /**< trimmed values */

	bool has_length;
	uint32_t length; /**< Content-Length                    */
	struct slice body;
};

/**
 * Read a datagram, or one whole message of a stream.
 *
 * A request that is not right still gets what is needed to answer it, if that
 * much could be read: m->via.text is "" when it can not be answered.
 */
enum message_kind message_parse(struct message *m, const char *p, size_t n);

/** Of the `index`-th value of Via? Iterates: @p cursor starts zeroed. */
struct via_cursor {
	size_t header; /**< next header field */
	struct slice rest;
	bool bad; /**< it ended because a value was malformed */
};
bool message_next_via(const struct message *m, struct via_cursor *cursor,
                      struct via *via);

#endif
