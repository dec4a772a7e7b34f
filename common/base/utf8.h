/*
 * utf8.h - characters of UTF-8 (RFC 3629). Pure.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stddef.h>

/** How many characters begin in the @p n bytes of @p s? */
size_t utf8_count(const char *s, size_t n);

#endif
