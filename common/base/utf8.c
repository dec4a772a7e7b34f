/*
 * utf8.c - characters of UTF-8 (RFC 3629). Pure.
 */
#include "base/utf8.h"

size_t utf8_count(const char *s, size_t n)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		count += ((unsigned char)s[i] & 0xC0) != 0x80;
	return count;
}
