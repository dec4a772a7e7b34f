/*
 * decimal.h - a number as text, without the cost of printf
 */
#ifndef BASE_DECIMAL_H
#define BASE_DECIMAL_H

#include <stddef.h>
#include <stdint.h>

enum { DECIMAL_SIZE = 21 }; /* 2^64-1 and NUL */

/** Write @p v. @return @p out */
const char *decimal(uint64_t v, char out[DECIMAL_SIZE]);

/** Write the digits of @p v, and a NUL, to the end of @p room.
 *  @param n how many digits there are
 *  @return the first of them */
const char *decimal_digits(uint64_t v, char room[DECIMAL_SIZE], size_t *n);

#endif
