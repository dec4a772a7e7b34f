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

/** The timers of a leg that belongs to another call now */
void timers_move(struct owned *from, struct owned *to, unsigned leg);

#endif
