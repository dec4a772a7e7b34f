/*
 * alerts.h - what went wrong in a call, for the debugger
 */
#ifndef CC_ADAPTERS_ALERTS_H
#define CC_ADAPTERS_ALERTS_H

struct app;
struct command;
struct owned;

void alerts_write(struct app *app, struct owned *o, const struct command *cmd);

#endif
