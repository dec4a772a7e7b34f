/*
 * ping.h - are the carriers there? OPTIONS to each of their targets, by one of
 * the controllers
 *
 *   each, now and then: SET carriers:pinger NX PX ─► who gets it pings them all
 *                       HGETALL carriers:health   ─► which are down
 */
#ifndef CC_ADAPTERS_PING_H
#define CC_ADAPTERS_PING_H

#include <stdbool.h>

struct app;
struct ping;

enum {
	PING_OPEN_MAX = 500
}; /* pings under way; others wait for the next time */

/** TRESTLE_CARRIER_PING 0: nobody is pinged, and nobody is down.
 *  @return 0 or ENOMEM */
int ping_alloc(struct ping **pp, struct app *app);
void ping_free(struct ping *p);

/** Did this target of a carrier not answer lately? @p p may be NULL. */
bool ping_is_down(const struct ping *p, const char *uri);

#endif
