/*
 * time.h - instants as people read them: ISO 8601 in Redis, RFC 2822 in
 * webhooks and in the API. UTC. Pure.
 */
#ifndef STORE_TIME_H
#define STORE_TIME_H

#include <stdint.h>

enum { TIME_TEXT_SIZE = 32 };

/** @p ms since 1970 as "2026-11-22T18:30:15.248Z". */
void time_text(uint64_t ms, char out[TIME_TEXT_SIZE]);

/** As "Sun, 22 Nov 2026 18:30:15 +0000" (RFC 2822); "" from the year 10000 on,
 *  which some input may claim. */
void time_rfc2822(uint64_t ms, char out[TIME_TEXT_SIZE]);

/** The first back again; 0 when @p text is not of that form. */
uint64_t time_parse(const char *text);

#endif
