/*
 * sid_valid.c - is this an identifier? Pure: core code may ask.
 */
#include "base/sid.h"

#include <string.h>

bool sid_valid(const char *s, const char *prefix)
{
	if (!s || strncmp(s, prefix, 2) != 0)
		return false;
	return strspn(s + 2, "0123456789abcdef") == SID_SIZE - 3 &&
	       s[SID_SIZE - 1] == '\0';
}
