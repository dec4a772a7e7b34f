/*
 * e164.h - telephone numbers as carriers write them, made +E.164
 */
#ifndef REGISTRAR_CORE_E164_H
#define REGISTRAR_CORE_E164_H

#include <stdbool.h>

enum { E164_SIZE = 17 };      /* '+', fifteen digits, NUL (ITU-T E.164 6.2) */
enum { E164_TEXT_MAX = 128 }; /* characters of what is read                  */

/**
 * Read the user part of a SIP URI (its escapes undone) or the number of a tel:
 * URI. Separators `-.()` and spaces, and parameters from ';' on, do not count.
 *
 * `+…` is international; so are `00…`, and `011…` where the country is "1". A
 * number with one leading 0 (in country "1": of ten digits, or of eleven with
 * a leading 1) is national. Anything else with eight digits or more has its
 * country code already. Without a @p country only the last kinds are read.
 *
 * @param country calling code of the carrier, digits; "" = none
 * @return false when it is no such number; @p out is then ""
 */
bool e164_read(char out[E164_SIZE], const char *text, const char *country);

#endif
