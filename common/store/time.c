/*
 * time.c - instants as people read them
 */
#include "store/time.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The last digits of @p value, before what follows them */
static void put(char *at, unsigned value, unsigned digits)
{
	while (digits-- > 0) {
		at[digits] = (char)('0' + value % 10);
		value /= 10;
	}
}

/* Written a dozen times a call: strftime() costs twenty times as much. */
void time_text(uint64_t ms, char out[TIME_TEXT_SIZE])
{
	static const char form[] = "0000-00-00T00:00:00.000Z";
	time_t seconds = (time_t)(ms / 1000);
	struct tm tm;

	(void)gmtime_r(&seconds, &tm);
	memcpy(out, form, sizeof(form));
	put(out, (unsigned)tm.tm_year + 1900, 4);
	put(out + 5, (unsigned)tm.tm_mon + 1, 2);
	put(out + 8, (unsigned)tm.tm_mday, 2);
	put(out + 11, (unsigned)tm.tm_hour, 2);
	put(out + 14, (unsigned)tm.tm_min, 2);
	put(out + 17, (unsigned)tm.tm_sec, 2);
	put(out + 20, (unsigned)(ms % 1000), 3);
}

uint64_t time_parse(const char *text)
{
	struct tm tm = {0};
	const char *rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);
	uint64_t ms = 0;
	time_t seconds;

	if (!rest)
		return 0;
	if (*rest == '.')
		ms = strtoul(rest + 1, NULL, 10) % 1000;
	seconds = timegm(&tm);
	return seconds < 0 ? 0 : (uint64_t)seconds * 1000 + ms;
}

void time_rfc2822(uint64_t ms, char out[TIME_TEXT_SIZE])
{
	time_t seconds = (time_t)(ms / 1000);
	struct tm tm;

	(void)gmtime_r(&seconds, &tm);
	if (!strftime(out, TIME_TEXT_SIZE, "%a, %d %b %Y %H:%M:%S +0000", &tm))
		out[0] = '\0';
}
