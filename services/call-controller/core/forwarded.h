/*
 * forwarded.h - who diverted a call to us (ForwardedFrom)
 */
#ifndef CC_CORE_FORWARDED_H
#define CC_CORE_FORWARDED_H

#include <stdbool.h>

enum { FORWARDED_SIZE = 256 };

/**
 * The party that the last diversion came from: the top Diversion (RFC 5806), else
 * the last but one entry of History-Info (RFC 7044), whose last is ourselves.
 *
 * @param diversion, history values of the headers, several joined with commas;
 *        "" = absent
 * @param out a number as it is written, or "sip:user@host"
 * @return false when neither names anybody
 */
bool forwarded_from(const char *diversion, const char *history,
                    char out[FORWARDED_SIZE]);

#endif
