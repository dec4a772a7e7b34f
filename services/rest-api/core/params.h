/*
 * params.h - the parameters of a POST, by table (contract 6)
 *
 * Pure: no I/O.
 */
#ifndef API_CORE_PARAMS_H
#define API_CORE_PARAMS_H

#include <stdbool.h>
#include <stdint.h>

#include "error.h"

struct fields;

enum param_type {
	PARAM_TEXT,   /**< at most `max` characters, none of them control   */
	PARAM_URL,    /**< http:// or https://; may be empty      -> 21402  */
	PARAM_METHOD, /**< GET or POST                            -> 21403  */
	PARAM_BOOL,   /**< true or false                                    */
	PARAM_UINT,   /**< decimal, `min` to `max`                          */
	PARAM_E164,   /**< +E.164                                           */
	PARAM_DOMAIN, /**< a host name, kept in lower case                  */
	PARAM_ENUM,   /**< one of the words of `words`                      */
	PARAM_SID,    /**< a sid with the prefix `words`; may be empty      */
	PARAM_TWIML,  /**< a document, at most `max` bytes                  */
	PARAM_SECRET  /**< taken by the resource itself, not kept as it is  */
};

/** A row; a table ends with a row without `name` */
struct param {
	const char *name;  /**< as the client says it, "VoiceUrl" */
	const char *field; /**< of the hash, "voice_url" */
	enum param_type type;
	bool required;     /**< by a create */
	bool create_only;  /**< an update does not take it */
	uint32_t min, max; /**< 0 = the type's own */
	const char *words;
	const char *init; /**< what a create sets when it is not said */
	uint32_t code;    /**< of an error; 0 = the type's own, or 20001 */
};

struct param_error {
	uint32_t code; /**< 0 = none */
	char detail[ERROR_DETAIL_MAX];
};

/**
 * Check what was said and add it to the fields of the resource.
 *
 * What no row names is ignored, as the original does.
 *
 * @param create whether what is required must be there and defaults are set
 * @param out    fields of the hash; takes what the rows allow
 * @return true, or false and @p error
 */
bool params_take(const struct param *table, const struct fields *said,
                 bool create, struct fields *out, struct param_error *error);

/** Fill @p error. @return false, to be returned */
bool param_fail(struct param_error *error, uint32_t code, const char *detail);

#endif
