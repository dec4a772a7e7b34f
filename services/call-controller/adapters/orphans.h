/*
 * orphans.h - the calls of a controller that nobody hears
 */
#ifndef CC_ADAPTERS_ORPHANS_H
#define CC_ADAPTERS_ORPHANS_H

struct app;

/** A call of @p instance. Both texts are borrowed. */
typedef void orphans_h(void *arg, const char *instance, const char *call_sid);

/**
 * Name each call that Redis has for @p instance, from a later turn of the loop.
 *
 * One that was started again is in Redis before we know, and may have calls by
 * then: of it none is named. Without memory or Redis there is none, too. A
 * dead one that has no call is forgotten (`controllers`).
 *
 * @param arg outlives the app's connection to Redis
 */
void orphans_find(struct app *app, const char *instance, orphans_h *handler,
                  void *arg);

#endif
