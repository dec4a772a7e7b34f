/*
 * media.h - the session of a call at a media-relay, over the bus
 *
 * The relay is the least loaded one when the session begins, and stays.
 */
#ifndef CC_ADAPTERS_MEDIA_H
#define CC_ADAPTERS_MEDIA_H

#include "bus/bus.h"

struct app;
struct command;
struct owned;

/** Is there a relay that takes a new session? */
bool media_possible(const struct app *app);

void media_put(struct app *app, struct owned *o, const struct command *cmd);
void media_release(struct app *app, struct owned *o, const struct command *cmd);
void media_forget(struct owned *o);

/** Which relay has it: to be saved; "" = none yet */
const char *media_relay(const struct owned *o);
/** The session of a restored call is at @p relay. @return 0 or ENOMEM */
int media_restore(struct owned *o, const char *relay);

/** What a relay tells: bus_request_h of this process */
void media_on_request(void *arg, const struct bus_return *from,
                      const Trestle__Envelope *env);

#endif
