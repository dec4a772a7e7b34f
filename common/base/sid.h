/*
 * sid.h - identifiers: two letters and 32 hexadecimal digits
 */
#ifndef BASE_SID_H
#define BASE_SID_H

#include <stdbool.h>

enum { SID_SIZE = 35 }; /* 2 + 32 + NUL */

/** Make a random one, "CA" + 32 lower-case hex digits. Not for core code. */
void sid_make(const char *prefix, char out[SID_SIZE]);

/** Is @p s of this form with this prefix? */
bool sid_valid(const char *s, const char *prefix);

#endif
