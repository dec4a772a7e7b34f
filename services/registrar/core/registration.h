/*
 * registration.h - what one REGISTER asks for, all its Contacts together
 *                  (RFC 3261 10.3 steps 6 and 7)
 *
 * Decides everything that does not depend on the bindings that exist: which
 * Contacts are added, refreshed or removed, for how long, or why the request
 * is refused as a whole. The rules that compare with existing bindings
 * (Call-ID and CSeq, the limit, what replaces what) need to be atomic, so they
 * are in the script of adapters/location.c, which runs in Redis.
 */
#ifndef REGISTRAR_CORE_REGISTRATION_H
#define REGISTRAR_CORE_REGISTRATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "binding.h"

enum { REGISTRATION_SPREAD_PERCENT = 10 }; /* of a granted time, at most */

/** One Contact as it stands in the request. NULL = parameter is absent. */
struct contact {
	const char *uri;
	const char *expires;
	const char *q;
	const char *instance; /**< "<urn:uuid:…>" with its quotes or without */
	const char *reg_id;
};

struct register_req {
	bool star;                      /**< there is a `Contact: *`      */
	size_t n_contacts;              /**< the star counts              */
	const struct contact *contacts; /**< at most BINDINGS_MAX of them */
	const char *expires;            /**< header; NULL = absent        */
	uint32_t expires_min, expires_default, expires_max; /**< [s] */
	uint32_t random; /**< spreads the granted times */
};

enum registration_verdict {
	REGISTRATION_OK,
	REGISTRATION_BAD,       /**< 400 */
	REGISTRATION_TOO_BRIEF, /**< 423 with Min-Expires */
	REGISTRATION_TOO_MANY   /**< 403, alert 32007     */
};

enum registration_kind {
	REGISTRATION_QUERY, /**< no Contact: tell the bindings   */
	REGISTRATION_CLEAR, /**< `*`: remove all                 */
	REGISTRATION_UPDATE /**< the changes, all or none        */
};

struct registration {
	enum registration_kind kind;
	const char *problem; /**< of REGISTRATION_BAD: the reason phrase */
	size_t n;
	struct binding changes[BINDINGS_MAX];
};

/** Judge a request. @p r is filled when REGISTRATION_OK comes back. */
enum registration_verdict registration_plan(struct registration *r,
                                            const struct register_req *req);

#endif
