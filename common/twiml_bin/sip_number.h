/*
 * sip_number.h - the phone number in a SIP URI, for the template helper {{#e164}}
 */
#ifndef TWIML_BIN_SIP_NUMBER_H
#define TWIML_BIN_SIP_NUMBER_H

#include <stddef.h>

/**
 * Find the number: `sip:+15125551212@example.com` has +15125551212. What is
 * not a SIP URI, and a user that is no number, comes back as it is; no country
 * code is ever added.
 *
 * @param out  where the result begins in @p s
 * @return its length
 */
size_t sip_number(const char *s, size_t n, const char **out);

#endif
