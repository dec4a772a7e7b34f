/*
 * store.h - records of calls in Redis: what people and the API read
 */
#ifndef CC_ADAPTERS_STORE_H
#define CC_ADAPTERS_STORE_H

#include "envelope.pb-c.h"

struct app;
struct command;
struct owned;

enum { STORE_KEEP_S = 24 * 3600 }; /* a record stays after the call's end */
enum { STORE_KEY_MAX = 160 };

void store_status(struct app *app, struct owned *o, const struct command *cmd);

void store_begin(struct app *app, struct owned *o); /**< the call is ours */
void store_end(struct app *app, struct owned *o);   /**< it has ended     */

/** Nobody can go on with this call of @p owner: it has failed. */
void store_abandon(struct app *app, const char *sid, const char *owner);

/** Quality figures of a leg, into the record of its call */
void store_quality(struct app *app, const Trestle__LegState *leg);

#endif
