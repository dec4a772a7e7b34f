/*
 * json_read.h - members of a JSON object that was read, whatever they are
 */
#ifndef BASE_JSON_READ_H
#define BASE_JSON_READ_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

/* Of an @p object that is NULL, or none, nothing is said. */

/** A string, borrowed; "" when there is none */
const char *json_read_text(const json_t *object, const char *name);

/** A number that is no less than 0; 0 when there is none */
uint64_t json_read_number(const json_t *object, const char *name);

/** Is it true? */
bool json_read_bool(const json_t *object, const char *name);

#endif
