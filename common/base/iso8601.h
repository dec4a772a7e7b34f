/*
 * iso8601.h - a time as people and Redis read it, UTC with milliseconds
 */
#ifndef BASE_ISO8601_H
#define BASE_ISO8601_H

#include <stdint.h>

enum { ISO8601_SIZE = 25 }; /* "2026-01-02T03:04:05.678Z" and the NUL */

/** @p wall_ms since 1970 [ms], as loop_wall_ms(); before the year 10000 */
void iso8601_format(uint64_t wall_ms, char out[ISO8601_SIZE]);

#endif
