/*
 * breaker.h - do not wait again and again for a host that does not answer
 *
 *     CLOSED --5 timeouts in a row--> OPEN --10 s--> one probe
 *        ^                              ^               |
 *        +---------- any answer --------|--- timeout ---+
 */
#ifndef FETCHER_CORE_BREAKER_H
#define FETCHER_CORE_BREAKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BREAKER_TIMEOUTS = 5 }; /* in a row */
enum { BREAKER_OPEN_MS = 10000 };
enum { BREAKER_HOSTS_MAX = 10000 }; /* remembered; the oldest goes */
enum { BREAKER_NAME_MAX = 320 };    /* account, host, port */

struct breaker;

int breaker_alloc(struct breaker **bp); /**< @return 0 or ENOMEM */
void breaker_free(struct breaker *b);   /**< NULL is a no-op */

/** May @p name be asked now? When its time is up the first who asks is told
 *  yes, and is the probe. */
bool breaker_allows(struct breaker *b, const char *name, uint64_t now_ms);

/** How an allowed request ended. */
void breaker_report(struct breaker *b, const char *name, bool timed_out,
                    uint64_t now_ms);

size_t breaker_n_open(const struct breaker *b);

#endif
