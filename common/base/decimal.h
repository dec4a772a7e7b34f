/*
 * decimal.h - a number as text, without the cost of printf
 */
#ifndef REGISTRAR_CORE_DECIMAL_H
#define REGISTRAR_CORE_DECIMAL_H

#include <stdint.h>

enum { DECIMAL_SIZE = 21 }; /* 2^64-1 and NUL */

/** Write @p v. @return @p out */
const char *decimal(uint64_t v, char out[DECIMAL_SIZE]);

#endif
