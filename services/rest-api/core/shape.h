/*
 * shape.h - a hash of Redis as the JSON of a resource (contract 6, 12)
 *
 * Pure: no I/O.
 */
#ifndef API_CORE_SHAPE_H
#define API_CORE_SHAPE_H

#include <jansson.h>

struct fields;

enum shape_kind {
	SHAPE_TEXT,    /**< a string; null when absent or empty              */
	SHAPE_STRING,  /**< a string; "" when absent                         */
	SHAPE_BOOL,    /**< true or false; false when absent                 */
	SHAPE_PHONE,   /**< a number as it is read: "(415) 867-5308" of a +1
	               *   one, any other as it is; null when absent       */
	SHAPE_INT,     /**< a number; null when absent                       */
	SHAPE_DATE,    /**< RFC 2822 of an ISO 8601 instant; null            */
	SHAPE_ISO,     /**< ISO 8601 to the second, of the newer APIs; null  */
	SHAPE_LITERAL, /**< always the string `field`                       */
	SHAPE_NULL,    /**< always null: what we do not have                 */
	SHAPE_URI,     /**< "/2010-04-01/Accounts/{account_sid}/…": `field`
	               *   is that rest, where {name} is another field      */
	SHAPE_LINKS    /**< an object of such URIs: `field` is "/X/{sid}: names
	               *   …"; each is "/X/{sid}/Names.json"                */
};

/** A member; a table ends with a row without `json` name */
struct shape {
	const char *json;
	enum shape_kind kind;
	const char *field; /**< NULL = named as the member */
};

/** @return NULL when memory ran out */
json_t *shape_json(const struct shape *shape, const struct fields *fields);

/** An ISO 8601 instant as RFC 2822; json_null() when it is none. */
json_t *shape_date(const char *iso);
/** Text, or json_null() when it is "" or no UTF-8. */
json_t *shape_text(const char *text);

#endif
