/*
 * rate.h - what a leg of a call costs: a table by the start of the number
 *
 * Pure. Prices are whole hundred-millionths of the currency, so that nothing is
 * lost until the price of a leg is rounded to five decimals.
 */
#ifndef NUMBERING_RATE_H
#define NUMBERING_RATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RATE_PRICE_SIZE = 32 }; /* bytes of a price as text */
enum { RATES_MAX = 20000 };    /* of one table */

enum rate_direction { RATE_BOTH, RATE_INBOUND, RATE_OUTBOUND };

struct rate {
	enum rate_direction direction;
	const char *prefix;   /**< "+49", "sip:", "" = everything */
	uint64_t per_minute;  /**< [1e-8 of the currency] */
	uint32_t minimum_s;   /**< billed at least [s] */
	uint32_t increment_s; /**< billed in steps of [s], at least 1 */
};

/** Read "0.0085"; at most 8 decimals and 9 digits before the point.
 *  @return false when it is no such number */
bool rate_price_parse(const char *text, uint64_t *price);

/** The rate of a leg to @p to: that with the longest prefix, among equal ones the
 *  first. @return NULL when there is none */
const struct rate *rate_find(const struct rate *rates, size_t n, bool inbound,
                             const char *to);

/** What an answered leg of @p seconds costs [1e-5 of the currency]. */
uint64_t rate_amount(const struct rate *rate, uint64_t seconds);

/** The same as the API shows it: "-0.00850",
 *  or "0.00000". */
void rate_price(const struct rate *rate, uint64_t seconds,
                char out[RATE_PRICE_SIZE]);

#endif
