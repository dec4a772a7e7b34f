/*
 * date.c - instants in the words of webhooks (RFC 2822)
 *
 * Pure.
 */
#include "date.h"

#include <stdio.h>

struct civil {
	unsigned year, month, day; /* month and day count from 1 */
};

/* Days since 1970 to the proleptic Gregorian calendar. Years are counted from
 * March, so that the leap day is the last of a year. */
static struct civil civil_of(uint64_t days)
{
	uint64_t z = days + 719468; /* days since 0000-03-01 */
	uint64_t era = z / 146097;
	unsigned doe = (unsigned)(z % 146097);
	unsigned yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	unsigned mp = (5 * doy + 2) / 153;
	struct civil c;

	c.day = doy - (153 * mp + 2) / 5 + 1;
	c.month = mp < 10 ? mp + 3 : mp - 9;
	c.year = (unsigned)(yoe + era * 400) + (c.month <= 2 ? 1 : 0);
	return c;
}

void date_rfc2822(uint64_t ms, char out[DATE_SIZE])
{
	static const char days[7][4] = {"Thu", "Fri", "Sat", "Sun",
	                                "Mon", "Tue", "Wed"};
	static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr",
	                                   "May", "Jun", "Jul", "Aug",
	                                   "Sep", "Oct", "Nov", "Dec"};
	uint64_t s = ms / 1000;
	unsigned of_day = (unsigned)(s % 86400);
	struct civil c = civil_of(s / 86400);

	(void)snprintf(out, DATE_SIZE, "%s, %02u %s %04u %02u:%02u:%02u +0000",
	               days[s / 86400 % 7], c.day, months[c.month - 1],
	               c.year % 10000, of_day / 3600, of_day / 60 % 60,
	               of_day % 60);
}

uint64_t date_seconds(uint64_t from_ms, uint64_t to_ms)
{
	return from_ms && to_ms > from_ms ? (to_ms - from_ms + 500) / 1000 : 0;
}
