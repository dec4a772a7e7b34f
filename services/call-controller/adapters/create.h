/*
 * create.h - calls that the API places
 */
#ifndef CC_ADAPTERS_CREATE_H
#define CC_ADAPTERS_CREATE_H

#include "bus/bus.h"

struct app;

/** A CallCreate: its ControlReply follows when the record can be read. */
void create_on_request(struct app *app, const struct bus_return *from,
                       const Trestle__Envelope *env);

#endif
