/*
 * freshness.h - how long a response may be used again (RFC 9111)
 *
 * For a cache of one account's media: private, and without heuristics. What a
 * server does not say is asked again each time.
 */
#ifndef FETCHER_CORE_FRESHNESS_H
#define FETCHER_CORE_FRESHNESS_H

#include <stdbool.h>
#include <stdint.h>

enum { FRESHNESS_VALIDATOR_MAX = 512 }; /* bytes of an ETag or date, with NUL */
enum { FRESHNESS_MAX_MS = 86400000 };   /* a day: nobody is believed longer */

struct freshness {
	bool no_store;     /**< not to be used for anybody else  */
	uint32_t fresh_ms; /**< from the response on             */
	char etag[FRESHNESS_VALIDATOR_MAX]; /**< with its quotes; "" = none */
	char last_modified[FRESHNESS_VALIDATOR_MAX]; /**< as it came */
};

/**
 * Read the headers of a response.
 *
 * @param headers "Name: value\n", one after another; others are ignored
 * @param wall_ms when it came, for a server that does not say Date
 */
void freshness_read(struct freshness *f, const char *headers, uint64_t wall_ms);

/** An HTTP date in any of its three forms [s since 1970]; 0 = it is none */
uint64_t freshness_date(const char *text);

#endif
