/*
 * percent.h - percent-decoding and -encoding (RFC 3986 2.1). Pure.
 */
#ifndef BASE_PERCENT_H
#define BASE_PERCENT_H

#include <stdbool.h>
#include <stddef.h>

/** @return what a hexadecimal digit is worth, 0 to 15; -1: it is none */
int percent_digit(char c);

/**
 * Decode @p n bytes of @p s; @p out needs room for n + 1 and is terminated.
 *
 * @param plus a `+` is a space, as in a form
 * @return 0 or EINVAL (a broken escape, a NUL byte)
 */
int percent_decode(const char *s, size_t n, bool plus, char *out);

/** Write @p user as a user part of a SIP URI: what may not stand there is escaped
 *  (RFC 3261 19.1.2). @p size > 0; what has no room is left out. */
void percent_user(const char *user, char *out, size_t size);

#endif
