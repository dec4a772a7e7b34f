/*
 * control.h - what the API asks: calls to be placed, changed, forgotten
 *
 *   CallUpdate, Recording… ─► is the call here? ─┬─ yes ─► EV_CHANGE, EV_RECORD
 *                                                │         ─► CMD_REPLY
 *                             who owns it? ◄─────┘
 *                              ├─ one who is alive ─► passed on to that one
 *                              ├─ one who is dead ──► adopted, asked again
 *                              └─ nobody ───────────► it has ended: 21220
 */
#ifndef CC_ADAPTERS_CONTROL_H
#define CC_ADAPTERS_CONTROL_H

#include <stdbool.h>
#include <stdint.h>

#include "bus/bus.h"

struct app;
struct command;
struct owned;

/** @return false when the request is none of those */
bool control_on_request(struct app *app, const struct bus_return *from,
                        const Trestle__Envelope *env);

/** Step the call with a request that is about it or a child of it. */
void control_apply(struct app *app, struct owned *o,
                   const struct bus_return *from, const Trestle__Envelope *env);

/** CMD_REPLY: to whom the step under way is for */
void control_reply(struct app *app, struct owned *o, const struct command *cmd);

/** Reply: done, the call has this status now. */
void control_done(struct app *app, const struct bus_return *to,
                  const char *call_sid, const char *status);

/** Reply: not done, with a code of the contract; @p status "" = unknown */
void control_refuse(struct app *app, const struct bus_return *to, uint32_t code,
                    const char *text, const char *status);

/** "" when there is none */
const char *control_url(const Trestle__Hook *hook);
/** "GET" or "POST", which is the default */
const char *control_method(const Trestle__Hook *hook);

#endif
