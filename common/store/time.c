/*
 * time.c - instants as people read them
 */
#include "store/time.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

void time_text(uint64_t ms, char out[TIME_TEXT_SIZE])
{
	time_t seconds = (time_t)(ms / 1000);
	struct tm tm;
	size_t n;

	(void)gmtime_r(&seconds, &tm);
	n = strftime(out, TIME_TEXT_SIZE, "%Y-%m-%dT%H:%M:%S", &tm);
	(void)snprintf(out + n, TIME_TEXT_SIZE - n, ".%03uZ",
	               (unsigned)(ms % 1000));
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
