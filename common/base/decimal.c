/*
 * decimal.c - a number as text, without the cost of printf
 *
 * Pure: no I/O, no clock, no log.
 */
#include "base/decimal.h"

#include <string.h>

const char *decimal_digits(uint64_t v, char room[DECIMAL_SIZE], size_t *n)
{
	size_t at = DECIMAL_SIZE - 1;

	room[at] = '\0';
	do {
		room[--at] = (char)('0' + v % 10);
		v /= 10;
	} while (v > 0);
	*n = DECIMAL_SIZE - 1 - at;
	return room + at;
}

const char *decimal(uint64_t v, char out[DECIMAL_SIZE])
{
	char room[DECIMAL_SIZE];
	size_t n;
	const char *digits = decimal_digits(v, room, &n);

	memcpy(out, digits, n + 1);
	return out;
}
