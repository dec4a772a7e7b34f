/*
 * decimal.c - a number as text, without the cost of printf
 *
 * Pure: no I/O, no clock, no log.
 */
#include "decimal.h"

#include <stddef.h>
#include <string.h>

const char *decimal(uint64_t v, char out[DECIMAL_SIZE])
{
	char text[DECIMAL_SIZE];
	size_t at = DECIMAL_SIZE - 1;

	text[at] = '\0';
	do {
		text[--at] = (char)('0' + v % 10);
		v /= 10;
	} while (v > 0);
	memcpy(out, text + at, DECIMAL_SIZE - at);
	return out;
}
