/*
 * via.h - one Via value (RFC 3261 20.42, RFC 3581)
 *
 * Pure: no I/O, no clock, no log.
 */
#ifndef EDGE_CORE_VIA_H
#define EDGE_CORE_VIA_H

#include "slice.h"

struct via {
	struct slice text;      /**< the whole value                       */
	struct slice transport; /**< "UDP"                                 */
	struct slice host;      /**< sent-by, IPv6 without brackets        */
	uint16_t port;          /**< 0 = not there                         */
	struct slice params;    /**< with the first `;`                    */
	struct slice branch;    /**< "" = none                             */
	struct slice flow;      /**< our own parameter, a token; "" = none */
	bool received;          /**< the sender put a received parameter   */
	bool rport;             /**< asks for the port (RFC 3581)          */
	bool rport_filled;      /**< ... and already has a value           */
};

/**
 * Read one value from the start of a comma-separated list.
 *
 * @param used bytes it took; when a comma follows it is not among them
 * @return false when it is not by the grammar
 */
bool via_parse(struct via *via, struct slice list, size_t *used);

#endif
