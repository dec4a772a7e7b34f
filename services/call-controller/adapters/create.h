/*
 * create.h - calls that the API places
 */
#ifndef CC_ADAPTERS_CREATE_H
#define CC_ADAPTERS_CREATE_H

#include "bus/bus.h"

struct app;
struct call;

/** A CallCreate: its ControlReply follows when the record can be read. */
void create_on_request(struct app *app, const struct bus_return *from,
                       const Trestle__Envelope *env);

/** Make the call that is asked for; nothing happens yet.
 *  @param created_ms when it was asked for, of one that waited; else 0
 *  @return as call_alloc(), or of getrandom() */
int create_call(const struct app *app, const Trestle__CallCreate *c,
                uint64_t created_ms, struct call **callp);

/** A call that waited is due (waiting.h). @param created_ms when it was asked for
 *  @return 0, EINVAL or ENOMEM: it does not begin */
int create_waited(struct app *app, const Trestle__CallCreate *c,
                  uint64_t created_ms);

#endif
