/*
 * overrides.h - how patiently to ask: settings in the fragment of a URL
 *
 *     https://example.com/voice#ct=1000&rc=2&rp=ct,rt
 *
 * The fragment is neither sent nor signed.
 */
#ifndef FETCHER_CORE_OVERRIDES_H
#define FETCHER_CORE_OVERRIDES_H

#include <stdint.h>

/** What is worth another attempt, the bits of retry_on */
enum retry_on {
	RETRY_4XX = 1,
	RETRY_5XX = 2,
	RETRY_CONNECT = 4, /**< not connected: refused, timed out, no DNS */
	RETRY_READ = 8,    /**< connected, but no whole answer            */
	RETRY_ALL = 15
};

struct overrides {
	uint32_t connect_ms; /**< ct: 100..10000, default 5000           */
	uint32_t read_ms;    /**< rt: 100..15000, default 15000; to the first
	                          byte, and between two packets          */
	uint32_t total_ms;   /**< tt: 100..15000, default 15000; all attempts
	                          and redirects together                 */
	uint32_t retries;    /**< rc: 0..5, default 1                    */
	unsigned retry_on;   /**< rp: bits of enum retry_on              */
};

enum { OVERRIDES_TOTAL_MS_MAX = 15000 };

/**
 * Read a fragment. Numbers out of range are moved to the nearest end; a
 * fragment without `name=value` is an anchor and means nothing. Edge
 * locations (e=) and sni= are read and have no effect here.
 *
 * @param why set to a static sentence when an error comes back
 * @return 0 or the error code: 11240 (edge names), 11241 (unknown edge), 11242
 *         (interconnect), 11243 (retry policy), 11100 (not a number)
 */
uint32_t overrides_parse(const char *fragment, struct overrides *o,
                         const char **why);

#endif
