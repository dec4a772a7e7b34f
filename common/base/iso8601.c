/*
 * iso8601.c - a time as people and Redis read it, UTC with milliseconds
 */
#include "base/iso8601.h"

#include <stdio.h>
#include <time.h>

void iso8601_format(uint64_t wall_ms, char out[ISO8601_SIZE])
{
	char text[64] = "";
	time_t seconds = (time_t)(wall_ms / 1000);
	struct tm tm;
	size_t n = 0;

	if (gmtime_r(&seconds, &tm))
		n = strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
	(void)snprintf(text + n, sizeof(text) - n, ".%03uZ",
	               (unsigned)(wall_ms % 1000));
	(void)snprintf(out, ISO8601_SIZE, "%.24s", text);
}
