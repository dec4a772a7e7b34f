/*
 * e164.h - telephone numbers as people and phones write them
 */
#ifndef CC_CORE_E164_H
#define CC_CORE_E164_H

#include <stdbool.h>

enum { E164_SIZE = 17 }; /* + and 15 digits and NUL */
enum { E164_DIGITS_MIN = 7, E164_DIGITS_MAX = 15 };

/**
 * Read a number: "+14155550100", "415-123-4567", "(415) 555-1212",
 * "1 415 555 1212", "tel:+1-415-555-0100;ext=5", "%2B1415…". Digits without +
 * are read the way of North America: 10 digits, or 11 that begin with 1; more
 * digits are taken as a whole international number.
 *
 * @return false when it is none; @p out is "" then
 */
bool e164_parse(const char *s, char out[E164_SIZE]);

#endif
