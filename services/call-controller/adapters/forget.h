/*
 * forget.h - the record of a call is deleted
 */
#ifndef CC_ADAPTERS_FORGET_H
#define CC_ADAPTERS_FORGET_H

#include "bus/bus.h"

struct app;

/** A CallDelete: 20404 when the account has no such call, 20009 while it is
 *  live. */
void forget_on_request(struct app *app, const struct bus_return *from,
                       const Trestle__CallDelete *request);

#endif
