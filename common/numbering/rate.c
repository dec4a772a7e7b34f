/*
 * rate.c - what a leg of a call costs
 */
#include "numbering/rate.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { DECIMALS = 8, DIGITS = 9, MINUTE_S = 60 };
enum { SHOWN = 1000 };           /* units of the fifth decimal */
enum { SHOWN_WHOLE = 100000 };   /* … in one of the currency   */
enum { SECONDS_MAX = 10000000 }; /* no call is longer          */

bool rate_price_parse(const char *text, uint64_t *price)
{
	size_t whole = strspn(text, "0123456789"), decimals = 0;
	const char *rest = text + whole;
	uint64_t value = 0;

	if (*rest == '.') {
		rest++;
		decimals = strspn(rest, "0123456789");
		if (decimals == 0)
			return false;
	}
	if (whole == 0 || whole > DIGITS || decimals > DECIMALS ||
	    rest[decimals])
		return false;
	for (size_t i = 0; i < whole; i++)
		value = value * 10 + (uint64_t)(text[i] - '0');
	for (size_t i = 0; i < DECIMALS; i++)
		value = value * 10 +
		        (i < decimals ? (uint64_t)(rest[i] - '0') : 0);
	*price = value;
	return true;
}

const struct rate *rate_find(const struct rate *rates, size_t n, bool inbound,
                             const char *to)
{
	const struct rate *best = NULL;
	size_t length = 0;

	for (size_t i = 0; i < n; i++) {
		size_t len = strlen(rates[i].prefix);

		if (rates[i].direction ==
		    (inbound ? RATE_OUTBOUND : RATE_INBOUND))
			continue;
		if ((!best || len > length) &&
		    strncmp(to, rates[i].prefix, len) == 0) {
			best = &rates[i];
			length = len;
		}
	}
	return best;
}

uint64_t rate_amount(const struct rate *rate, uint64_t seconds)
{
	uint64_t step = rate->increment_s ? rate->increment_s : 1;

	if (seconds > SECONDS_MAX)
		seconds = SECONDS_MAX;
	if (seconds < rate->minimum_s)
		seconds = rate->minimum_s;
	seconds = (seconds + step - 1) / step * step;
	/* Minutes and the rest apart: their product would not fit. */
	return seconds / MINUTE_S * (rate->per_minute / SHOWN) +
	       (seconds / MINUTE_S * (rate->per_minute % SHOWN) +
	        (seconds % MINUTE_S * rate->per_minute + MINUTE_S / 2) /
	                MINUTE_S +
	        SHOWN / 2) /
	               SHOWN;
}

void rate_price(const struct rate *rate, uint64_t seconds,
                char out[RATE_PRICE_SIZE])
{
	uint64_t price = rate_amount(rate, seconds);

	(void)snprintf(out, RATE_PRICE_SIZE, "%s%" PRIu64 ".%05" PRIu64,
	               price ? "-" : "", price / SHOWN_WHOLE,
	               price % SHOWN_WHOLE);
}
