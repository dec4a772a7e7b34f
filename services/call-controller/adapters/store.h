/*
 * store.h - calls in Redis: what people and the API read, and what another
 * process needs to go on with a call
 *
 * A write is refused by Redis when the call has a newer owner: then the call
 * is forgotten here, without a word to anybody.
 */
#ifndef CC_ADAPTERS_STORE_H
#define CC_ADAPTERS_STORE_H

#include "envelope.pb-c.h"

struct app;
struct command;
struct owned;

enum { STORE_KEEP_S = 24 * 3600 }; /* a record stays after the call's end */
enum { STORE_KEY_MAX = 160 };

/** The set-up of a call is a burst of CMD_SAVEs; they are carried out together.
 *  A call that still rings could only be ended after an adoption. */
enum { STORE_DELAY_MS = 50, STORE_URGENT_MS = 5 };

void store_status(struct app *app, struct owned *o, const struct command *cmd);
void store_save(struct app *app, struct owned *o, const struct command *cmd);

void store_flush(
	void *arg); /**< of @p arg, the struct app: write what waits, now */
void store_save_all(struct app *app);                /**< every call */
void store_forget(struct app *app, struct owned *o); /**< it does not wait */

void store_begin(struct app *app, struct owned *o); /**< the call is ours */
void store_end(struct app *app, struct owned *o);   /**< it has ended     */

/** Quality figures of a leg, into the record of its call */
void store_quality(struct app *app, const Trestle__LegState *leg);

#endif
