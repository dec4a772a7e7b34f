/*
 * intake.h - requests from the bus, and callbacks that others left, into jobs
 */
#ifndef FETCHER_INTAKE_H
#define FETCHER_INTAKE_H

#include "adapters/callbacks.h"
#include "bus/bus.h"

/** A bus_request_h; @p arg is the struct app. */
void intake_request(void *arg, const struct bus_return *from,
                    const Trestle__Envelope *env);

/** A callbacks_deliver_h: entries that a dead instance held. */
void intake_left_behind(void *arg, const char *entry,
                        const struct callback *cb);

/** A callbacks_ready_h: the accounts are known. */
bool intake_ready(void *arg);

/** A callbacks_lost_h. */
void intake_lost(void *arg, const struct callback *cb);

#endif
