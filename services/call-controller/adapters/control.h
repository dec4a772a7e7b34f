/*
 * control.h - what the API asks: calls to be placed, changed, forgotten
 */
#ifndef CC_ADAPTERS_CONTROL_H
#define CC_ADAPTERS_CONTROL_H

#include <stdbool.h>
#include <stdint.h>

#include "bus/bus.h"

struct app;

/** @return false when the request is none of those */
bool control_on_request(struct app *app, const struct bus_return *from,
                        const Trestle__Envelope *env);

/** Reply: done, the call has this status now. */
void control_done(struct app *app, const struct bus_return *to,
                  const char *call_sid, const char *status);

/** Reply: not done, with a code of the contract. */
void control_refuse(struct app *app, const struct bus_return *to, uint32_t code,
                    const char *text);

/** "" when there is none */
const char *control_url(const Trestle__Hook *hook);
/** "GET" or "POST", which is the default */
const char *control_method(const Trestle__Hook *hook);

#endif
