/*
 * timers.h - timers of a call: (timer, leg) to a timer of the loop
 */
#ifndef CC_ADAPTERS_TIMERS_H
#define CC_ADAPTERS_TIMERS_H

struct app;
struct command;
struct owned;

void timers_start(struct app *app, struct owned *o, const struct command *cmd);
void timers_stop(struct app *app, struct owned *o, const struct command *cmd);
void timers_forget(struct owned *o);

#endif
