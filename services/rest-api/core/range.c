/*
 * range.c - a Range header over a file of known length (RFC 9110 14)
 *
 * Pure: no I/O.
 */
#include "range.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Digits only: strtoull() would take signs and spaces. Large ones are as good
 * as the largest. */
static bool number(const char **at, uint64_t *out)
{
	const char *p = *at;
	size_t digits = strspn(p, "0123456789");

	if (digits == 0)
		return false;
	*out = digits > 18 ? INT64_MAX : strtoull(p, NULL, 10);
	*at = p + digits;
	return true;
}

static enum range_result last_bytes(uint64_t n, uint64_t size,
                                    struct range *out)
{
	if (n == 0 || size == 0)
		return RANGE_NONE;
	out->length = n < size ? n : size;
	out->from = size - out->length;
	return RANGE_PART;
}

enum range_result range_parse(const char *header, uint64_t size,
                              struct range *out)
{
	static const char unit[] = "bytes=";
	const char *p = header ? header : "";
	uint64_t first = 0, last = INT64_MAX;
	bool begins;

	*out = (struct range){0, size};
	if (strncmp(p, unit, sizeof(unit) - 1) != 0)
		return RANGE_ALL;
	p += sizeof(unit) - 1;
	begins = number(&p, &first);
	if (*p++ != '-')
		return RANGE_ALL;
	if (*p && !number(&p, &last))
		return RANGE_ALL;
	if (*p || (!begins && last == INT64_MAX) || last < first)
		return RANGE_ALL;
	if (!begins)
		return last_bytes(last, size, out);
	if (first >= size)
		return RANGE_NONE;
	if (last >= size)
		last = size - 1;
	out->from = first;
	out->length = last - first + 1;
	return RANGE_PART;
}
