/*
 * handover.h - a call goes from one living controller to another
 *
 * A controller died, another adopted its calls, and it is back: phones go on to
 * send to the name in their Contact. It asks the other one for the call.
 */
#ifndef CC_ADAPTERS_HANDOVER_H
#define CC_ADAPTERS_HANDOVER_H

#include "bus/bus.h"

struct app;

/** Ask @p owner for a call; the reply is a CallLeft or a Refusal.
 *  @return 0 or ENOMEM (then @p handler is not called) */
int handover_ask(struct app *app, const char *owner, const char *call_sid,
                 bus_reply_h *handler, void *arg);

/** Another controller asks us. */
void handover_on_leave(struct app *app, const struct bus_return *from,
                       const char *call_sid);

#endif
