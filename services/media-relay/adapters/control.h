/*
 * control.h - media.proto over the bus: commands in, states out
 */
#ifndef MEDIA_ADAPTERS_CONTROL_H
#define MEDIA_ADAPTERS_CONTROL_H

#include "app.h"

/** A bus_request_h; @p arg is the app. */
void control_request(void *arg, const struct bus_return *from,
                     const Trestle__Envelope *env);

/** Answer with the state of a session.
 *  @param closed with the legs that are closed, too */
void control_reply(const struct app_session *as, const struct bus_return *to,
                   bool closed);

#endif
