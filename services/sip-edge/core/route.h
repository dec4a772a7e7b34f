/*
 * route.h - what happens to a request: answered here, or sent where
 *
 * From outside a request reaches a registrar or a call-controller and nothing
 * else, whatever its Route says. From inside it goes on the flow that a token
 * names, or to a URI.
 *
 * Pure: no I/O, no clock, no log.
 */
#ifndef EDGE_CORE_ROUTE_H
#define EDGE_CORE_ROUTE_H

#include "drop.h"
#include "message.h"
#include "token.h"

enum { ROUTE_KEY_SIZE = 384 }; /* longer ones are cut: they only spread load */

/** Who we are */
struct route_self {
	struct address internal;
	struct slice advertise; /**< host that the outside knows  */
	bool draining;          /**< takes no new calls           */
};

enum route_action {
	ROUTE_DROP,
	ROUTE_ANSWER,
	ROUTE_REGISTRAR,
	ROUTE_CONTROLLER,
	ROUTE_FLOW,
	ROUTE_URI
};

struct route {
	enum route_action action;
	enum drop reason;         /**< DROP                                 */
	struct fault answer;      /**< ANSWER                               */
	const char *headers;      /**< ANSWER: constant lines or NULL       */
	struct slice unsupported; /**< ANSWER 420: option tags              */
	char key[ROUTE_KEY_SIZE]; /**< REGISTRAR, CONTROLLER: of the hash   */
	struct slice owner;       /**< CONTROLLER: instance, "" = by key    */
	bool dialog;       /**< CONTROLLER: in a dialog that has an owner */
	bool fresh;        /**< it costs: may begin something new    */
	struct flow flow;  /**< FLOW                                 */
	struct uri target; /**< URI: where it goes                   */
	struct slice uri;  /**< new Request-URI, "" = as it was      */
	size_t routes;     /**< Route values to take off             */
};

/** A request from a public socket. */
void route_outside(struct route *r, const struct message *m,
                   const struct route_self *self);

/** A request from one of our processes. */
void route_inside(struct route *r, const struct message *m,
                  const struct route_self *self, const struct token_key *key);

#endif
