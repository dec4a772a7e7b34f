/*
 * simulate.h - whom would this reach, and why not? (proto/route.proto)
 *
 *     RouteQuery ─► core/route.c ─► core/caller.c ─► lookup.c ─► RouteReply
 *
 * The steps of a child call up to its INVITE, by the same functions. There is no
 * call: nothing is dialled, kept or told.
 */
#ifndef CC_ADAPTERS_SIMULATE_H
#define CC_ADAPTERS_SIMULATE_H

#include "bus/bus.h"

struct app;

/** RouteQuery; RouteReply answers */
void simulate_on_request(struct app *app, const struct bus_return *from,
                         const Trestle__Envelope *env);

#endif
