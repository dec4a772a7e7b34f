/*
 * field.h - is one value of a tenants file what its field wants?
 */
#ifndef CLI_CORE_FIELD_H
#define CLI_CORE_FIELD_H

#include <stdbool.h>

#include "schema.h"

/** What is wrong with one scalar, as the rest of a sentence; NULL = nothing. What
 *  needs more than the type (a range, words, a kind) is not looked at. */
const char *field_check(enum field_type type, const char *s);

/** May it not be shown, when it is wrong? */
bool field_is_secret(enum field_type type, const char *s);

/** Is it one of @p words, which blanks separate? */
bool field_has_word(const char *words, const char *s);

#endif
