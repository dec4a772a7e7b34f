/*
 * ask_bus.h - a request to the API that another process has a part in
 */
#ifndef API_ASK_BUS_H
#define API_ASK_BUS_H

#include "bus/bus.h"

struct ask;

/** What another process answered; no reply at all is answered with 503 before.
 *  @p reply is borrowed, and may be a Refusal. */
typedef void ask_bus_h(struct ask *q, const Trestle__Envelope *reply);

/** Ask another process; @p env stays the caller's. */
void ask_bus(struct ask *q, const struct bus_req *req, Trestle__Envelope *env,
             ask_bus_h *handler);

/** Ask every instance of @p service that is alive: @p each is called for every
 *  reply, @p done once after all; a Refusal is no reply. When there is none at
 *  all, the request is answered with 503. */
void ask_bus_all(struct ask *q, const struct bus_req *req,
                 Trestle__Envelope *env, ask_bus_h *each,
                 void (*done)(struct ask *q));

/** The end of the process: its reply is not waited for. */
void ask_bus_cancel(struct ask *q);

#endif
