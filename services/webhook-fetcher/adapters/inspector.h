/*
 * inspector.h - the last requests of a call: the Redis list `request:<CA…>`
 */
#ifndef FETCHER_ADAPTERS_INSPECTOR_H
#define FETCHER_ADAPTERS_INSPECTOR_H

#include "core/inspect.h"

struct redis;

enum { INSPECTOR_KEPT_MAX = 50 };      /* requests of a call */
enum { INSPECTOR_KEPT_S = 24 * 3600 }; /* after the last one */

/** Add it, newest first. When Redis is away it is not kept. */
void inspector_write(struct redis *redis, const char *call_sid,
                     const struct inspect_record *record);

#endif
