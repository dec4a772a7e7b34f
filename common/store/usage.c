/*
 * usage.c - what is counted as what
 *
 * Pure.
 */
#include "store/usage.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "numbering/number_range.h"
#include "store/time.h"

enum { MINUTE_S = 60 };

void usage_day(uint64_t ms, char out[USAGE_DAY_SIZE])
{
	char text[TIME_TEXT_SIZE];

	time_text(ms, text);
	(void)snprintf(out, USAGE_DAY_SIZE, "%.10s", text);
}

const char *usage_of_leg(bool inbound, const char *to)
{
	const char *type;

	if (strncasecmp(to, "sip", 3) == 0)
		return inbound ? "calls-sip-inbound" : "calls-sip-outbound";
	if (!inbound)
		return "calls-outbound";
	type = number_type(to);
	return strcmp(type, "mobile") == 0      ? "calls-inbound-mobile"
	       : strcmp(type, "toll-free") == 0 ? "calls-inbound-tollfree"
	                                        : "calls-inbound-local";
}

uint64_t usage_minutes(uint64_t seconds)
{
	return seconds ? (seconds + MINUTE_S - 1) / MINUTE_S : 1;
}
