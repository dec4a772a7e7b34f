/*
 * callbacks.h - status callbacks under way: the Redis stream `callbacks`
 *
 *     add --> entry in the stream, pending for this instance --> deliver
 *                                                    done --> removed
 *
 * An entry is removed only when its delivery ended, so a process that dies
 * loses none: its entries, idle then, are claimed by whoever looks next. While
 * an instance lives it says so for each entry that it holds. What is delivered
 * CALLBACKS_TRIES_MAX times without an end (it may be what kills us) is given up.
 */
#ifndef FETCHER_ADAPTERS_CALLBACKS_H
#define FETCHER_ADAPTERS_CALLBACKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct callbacks;
struct log;
struct loop;
struct redis;

enum { CALLBACKS_STREAM_MAX = 100000 }; /* entries; more are refused */
enum { CALLBACKS_IDLE_MS = 15000 };     /* then its holder counts as dead */
enum { CALLBACKS_TICK_MS = 5000 };      /* how often we look, and say we live */
enum { CALLBACKS_SOON_MS = 50 };        /* the same, while not ready */
enum { CALLBACKS_TRIES_MAX = 5 };       /* processes that had it */
enum { CALLBACKS_BATCH = 100 };         /* entries taken over at a time */
enum { CALLBACKS_ENTRY_MAX = 48 };      /* bytes of an entry's id, with NUL */

/** A callback as it is stored; all borrowed */
struct callback {
	const char *account_sid;
	const char *call_sid; /**< "" = unknown */
	const char *method;
	const char *url;
	const char *body; /**< parameters, form-encoded */
	const char *key;  /**< idempotency key, "" = none */
};

/** Deliver it, and callbacks_done() then. */
typedef void callbacks_deliver_h(void *arg, const char *entry,
                                 const struct callback *cb);
/** It was given up. */
typedef void callbacks_lost_h(void *arg, const struct callback *cb);

/** Can it be delivered now? Before, nothing is taken over. */
typedef bool callbacks_ready_h(void *arg);

struct callbacks_config {
	struct loop *loop;
	struct redis *redis;
	const struct log *log;
	const char *instance;
	callbacks_deliver_h *deliver; /**< of entries left by dead instances */
	callbacks_lost_h *lost;
	callbacks_ready_h *ready;
	void *arg;
};

/** Strings of @p cfg are borrowed. @return 0 or ENOMEM */
int callbacks_alloc(struct callbacks **cp, const struct callbacks_config *cfg);
void callbacks_free(struct callbacks *c); /**< NULL is a no-op */

/**
 * It is stored (@p err 0), or not: ENOTCONN, ETIMEDOUT, EPROTO, EBUSY (too
 * many wait), ECANCELED (callbacks_free()). @p known: its key was stored before,
 * under this entry.
 */
typedef void callbacks_stored_h(void *arg, int err, const char *entry,
                                bool known);

/** @return 0, ENOTCONN or ENOMEM; on an error the handler is not called */
int callbacks_add(struct callbacks *c, const struct callback *cb,
                  callbacks_stored_h *handler, void *arg);

/** Somebody put entries into the stream: look at once. */
void callbacks_look(struct callbacks *c);

/** Its delivery ended, well or not. */
void callbacks_done(struct callbacks *c, const char *entry);

/** Let others have it: it was not delivered. */
void callbacks_drop(struct callbacks *c, const char *entry);

#endif
