/*
 * e164.h - the phone number in a SIP URI, for the template helper {{#e164}}
 */
#ifndef API_CORE_E164_H
#define API_CORE_E164_H

#include <stddef.h>

/**
 * Find the number: `sip:+15125551212@example.com` has +15125551212. What is
 * not a SIP URI, and a user that is no number, comes back as it is; no country
 * code is ever added.
 *
 * @param out  where the result begins in @p s
 * @return its length
 */
size_t e164_extract(const char *s, size_t n, const char **out);

#endif
