/*
 * detach.h - a child call that has become a call of its own
 */
#ifndef CC_ADAPTERS_DETACH_H
#define CC_ADAPTERS_DETACH_H

struct app;
struct command;
struct owned;

/** CMD_DETACH: take over the call that was made, with the dialog and the timers
 *  of its leg. */
void detach_fetch(struct app *app, struct owned *o, const struct command *cmd);

#endif
