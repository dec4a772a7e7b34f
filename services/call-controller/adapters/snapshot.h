/*
 * snapshot.h - all that another process needs to go on with a call, in Redis
 *
 * Redis refuses it when the call has a newer owner: then the call is forgotten
 * here, without a word to anybody.
 */
#ifndef CC_ADAPTERS_SNAPSHOT_H
#define CC_ADAPTERS_SNAPSHOT_H

struct app;
struct command;
struct owned;

/** The set-up of a call is a burst of CMD_SAVEs; they are carried out together.
 *  But what can not be found out later is written in the same turn of the loop:
 *  that there is a call, that it was answered, how to stop a phone from ringing,
 *  and which callbacks have left. */
enum { SNAPSHOT_DELAY_MS = 50 };

/** CMD_SAVE; @p cmd may be NULL */
void snapshot_save(struct app *app, struct owned *o, const struct command *cmd);
void snapshot_save_soon(struct app *app, struct owned *o); /**< … this turn */
void snapshot_save_all(struct app *app); /**< every call, and all of it */
void snapshot_flush(void *arg); /**< of the struct app: write what waits, now */
void snapshot_forget(struct app *app, struct owned *o); /**< it waits no more */

#endif
