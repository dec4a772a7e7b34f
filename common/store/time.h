/*
 * time.h - instants as people read them in Redis: ISO 8601, UTC. Pure.
 */
#ifndef STORE_TIME_H
#define STORE_TIME_H

#include <stdint.h>

enum { TIME_TEXT_SIZE = 32 };

/** @p ms since 1970 as "2026-11-22T18:30:15.248Z". */
void time_text(uint64_t ms, char out[TIME_TEXT_SIZE]);

/** The other way; 0 when @p text is not of that form. */
uint64_t time_parse(const char *text);

#endif
