/*
 * debugger.h - alerts, told to the webhook of their account (contract 7.1)
 *
 *     stream `alerts` ──each second──► stream `callbacks` ──► delivered
 *
 * `debugger` is the place in `alerts` up to which all was passed on, in one step
 * with the passing: so each alert is told once, whichever instance looks, and
 * what is in `callbacks` is lost by nobody. An account without a debugger_url has
 * that of its owner.
 */
#ifndef FETCHER_ADAPTERS_DEBUGGER_H
#define FETCHER_ADAPTERS_DEBUGGER_H

#include <stdbool.h>

struct callbacks;
struct debugger;
struct loop;
struct redis;

enum { DEBUGGER_EVERY_MS = 1000 };
enum { DEBUGGER_BATCH = 100 }; /* alerts at a time                */
enum { DEBUGGER_MAX = 50000 }; /* callbacks; with more, they wait */

/** All is borrowed. @return 0 or ENOMEM */
int debugger_alloc(struct debugger **dp, struct loop *loop, struct redis *redis,
                   struct callbacks *callbacks);
void debugger_free(struct debugger *d); /**< NULL is a no-op */

/** Is this the idempotency key of such a callback? What becomes of it is no alert:
 *  that would be told again, and so on. */
bool debugger_is_ours(const char *key);

#endif
