/*
 * json_read.c - members of a JSON object that was read, whatever they are
 */
#include "base/json_read.h"

const char *json_read_text(const json_t *object, const char *name)
{
	const char *s = json_string_value(json_object_get(object, name));

	return s ? s : "";
}

uint64_t json_read_number(const json_t *object, const char *name)
{
	json_int_t n = json_integer_value(json_object_get(object, name));

	return n > 0 ? (uint64_t)n : 0;
}

bool json_read_bool(const json_t *object, const char *name)
{
	return json_is_true(json_object_get(object, name));
}
