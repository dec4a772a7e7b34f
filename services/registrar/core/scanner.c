/*
 * scanner.c - tools that look for open systems, by the name they give
 *
 * Pure: no I/O, no clock, no log.
 */
#include "scanner.h"

#include <stddef.h>
#include <string.h>

bool scanner_is(const char *user_agent)
{
	static const char *const names[] = {
		"friendly-scanner", "sipvicious",   "sipcli", "sundayddr",
		"sip-scan",         "sipsak",       "iwar",   "pplsip",
		"VaxSIPUserAgent",  "siparmyknife",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcasestr(user_agent, names[i]))
			return true;
	return false;
}
