/*
 * waiting.h - calls that the API places faster than the account may: they wait
 *
 *   CallCreate ─► is a second's share free? ─┬─ yes ─► the call begins
 *                                            └─ no ──► `calls:waiting`, status queued
 *   when it is due ─► any controller takes it out, and the call begins there
 *
 * All of it is in Redis, so that no process that dies takes a call with it
 * (contract 4.11). Accounts without `calls_per_second` ask nothing.
 */
#ifndef CC_ADAPTERS_WAITING_H
#define CC_ADAPTERS_WAITING_H

#include <stdbool.h>
#include <stdint.h>

#include "bus/bus.h"
#include "store/redis.h"

struct app;
struct waiting;

enum { WAITING_HOURS_MAX = 24 }; /* contract 4.11: then a call is refused */
enum { WAITING_TOO_MANY = 20429 };

/** @return 0 or ENOMEM */
int waiting_alloc(struct waiting **wp, struct app *app);
void waiting_free(struct waiting *w); /**< NULL is a no-op */

/** Is the account's rate limited? Else its calls begin at once. */
bool waiting_limited(const struct app *app, const char *account_sid);

/** Ask when the next call of the account may begin. @p handler hears an integer:
 *  milliseconds from now, -1 = not within WAITING_HOURS_MAX. Errors as redis_eval() */
int waiting_ask(struct app *app, const char *account_sid,
                redis_reply_h *handler, void *arg);

/** Keep it until then. @p handler hears 1, or the status of a call that was there
 *  already. Errors as redis_eval() */
int waiting_put(struct app *app, const Trestle__CallCreate *c, uint64_t wait_ms,
                redis_reply_h *handler, void *arg);

/** Take a call out that waits: it is canceled, and nobody is told of it. @p handler
 *  hears 0 when it has begun meanwhile. Errors as redis_eval() */
int waiting_cancel(struct app *app, const char *account_sid,
                   const char *call_sid, redis_reply_h *handler, void *arg);

#endif
