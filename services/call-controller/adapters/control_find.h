/*
 * control_find.h - the call that the API asks about: here, or where it is
 */
#ifndef CC_ADAPTERS_CONTROL_FIND_H
#define CC_ADAPTERS_CONTROL_FIND_H

#include "bus/bus.h"

struct app;

/** Let the owner of the call, which may be a child, do what @p env says; the
 *  reply goes to @p from, with 20404 when the account has no such call. */
void control_find(struct app *app, const struct bus_return *from,
                  const Trestle__Envelope *env, const char *call_sid,
                  const char *account_sid);

#endif
