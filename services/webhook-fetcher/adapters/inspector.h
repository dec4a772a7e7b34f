/*
 * inspector.h - the last requests of a call: the Redis list `request:<CA…>`
 */
#ifndef FETCHER_ADAPTERS_INSPECTOR_H
#define FETCHER_ADAPTERS_INSPECTOR_H

#include "core/inspect.h"

struct redis;

enum { INSPECTOR_KEPT_MAX = 50 }; /* requests of a call */

/** Add it, newest first; all of the call are kept for @p days from now on. When
 *  Redis is away it is not kept. */
void inspector_write(struct redis *redis, const char *call_sid, uint32_t days,
                     const struct inspect_record *record);

#endif
