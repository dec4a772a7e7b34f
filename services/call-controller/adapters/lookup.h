/*
 * lookup.h - where a dialled thing is: bindings, carriers, foreign URIs
 */
#ifndef CC_ADAPTERS_LOOKUP_H
#define CC_ADAPTERS_LOOKUP_H

struct app;
struct command;
struct owned;

/** CMD_RESOLVE; EV_RESOLVED answers, never before it returns */
void lookup_resolve(struct app *app, struct owned *o,
                    const struct command *cmd);

#endif
