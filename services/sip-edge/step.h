/*
 * step.h - one message: read, judged, sent on or answered
 *
 * The only place where the edge decides and acts; core/ tells what to do.
 */
#ifndef EDGE_STEP_H
#define EDGE_STEP_H

#include "app.h"

/** From a public socket. @p text is borrowed until it returns. */
void step_outside(struct app *app, const struct flow *from, struct slice text);

/** A request that waited (held.h), tried again. @param late it is answered now
 *  @return false: it waits on */
bool step_held(struct app *app, const struct flow *from, struct slice text,
               bool late);

/** From one of our processes. */
void step_inside(struct app *app, const struct flow *from, struct slice text);

/** A stream that can not be read on: answer 400 if there is anything to answer
 *  to (RFC 3261 18.3). */
void step_bad(struct app *app, const struct flow *from, struct slice text);

/** A request of ours could not be sent: tell the process that it came from. */
void step_undeliverable(struct app *app, struct slice text);

/** No connection to @p flow could be opened for it: another server may be asked. */
void step_undelivered(struct app *app, const struct flow *flow,
                      struct slice text);

#endif
