/*
 * uri.h - a SIP URI and a name-addr, as slices (RFC 3261 19.1, 20.10, 25.1)
 *
 * Strict: what is not by the grammar is refused, because another parser behind
 * us could read it differently. Pure: no I/O, no clock, no log.
 */
#ifndef EDGE_CORE_URI_H
#define EDGE_CORE_URI_H

#include "slice.h"

enum uri_scheme { URI_SIP, URI_SIPS, URI_TEL, URI_OTHER };

struct uri {
	enum uri_scheme scheme;
	struct slice text;
	struct slice user;    /**< without password, as written; "" = none  */
	struct slice host;    /**< IPv6 without brackets                    */
	uint16_t port;        /**< 0 = not there                            */
	struct slice params;  /**< after the first `;`, "" = none           */
	struct slice headers; /**< after the `?`, "" = none                 */
};

/** @return false when it is no URI; of schemes that are not SIP only the
 *  scheme and the characters are checked */
bool uri_parse(struct uri *uri, struct slice text);

/** Find a parameter in `a=1;b;c=2`. @return false when it is absent; @p value
 *  may be NULL, and is "" for one without a value */
bool uri_param(struct slice params, struct slice name, struct slice *value);

struct name_addr {
	struct uri uri;
	struct slice params; /**< of the header, after the first `;` */
};

/**
 * Read one `"name" <uri>;params` from the start of @p list.
 *
 * @param used bytes it took; when a comma follows it is not among them
 */
bool name_addr_parse(struct name_addr *addr, struct slice list, size_t *used);

/** Is @p c a character of a token (RFC 3261 25.1)? */
bool uri_token_char(char c);
bool uri_token(struct slice s); /**< one or more of them */

/** Length of the header parameters at the start of @p s, which begins with `;`
 *  or is empty; they end at a comma outside of quotes. @return false when they
 *  are not by the grammar */
bool uri_params_span(struct slice s, size_t *used);

#endif
