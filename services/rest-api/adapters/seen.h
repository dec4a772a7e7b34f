/*
 * seen.h - which process has read which version of the configuration
 *
 * The API answers a change when every process goes by it: the next call does. Who
 * does not follow within SEEN_MS is not waited for any more, until it tells of
 * itself again.
 */
#ifndef API_ADAPTERS_SEEN_H
#define API_ADAPTERS_SEEN_H

#include <stdint.h>

struct loop;
struct redis;
struct seen;

enum { SEEN_MS = 1000, SEEN_INSTANCES_MAX = 200 };

/** @return 0 or ENOMEM */
int seen_alloc(struct seen **sp, struct loop *loop, struct redis *redis);
/** Who waits is answered. */
void seen_free(struct seen *s);

/** Call @p handler once when all go by @p version or SEEN_MS are over; perhaps
 *  before this returns. */
void seen_wait(struct seen *s, uint64_t version, void (*handler)(void *arg),
               void *arg);

#endif
