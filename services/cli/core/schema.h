/*
 * schema.h - what may stand in a tenants file: kinds of things, their fields
 *
 * One table for each kind; everything else here (reading, checking, writing to
 * Redis, the help text) goes by these tables. To add a field, add a line.
 */
#ifndef CLI_CORE_SCHEMA_H
#define CLI_CORE_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum kind_id {
	KIND_ACCOUNT,
	KIND_CREDENTIAL_LIST,
	KIND_USER,
	KIND_ACCESS_LIST,
	KIND_BIN,
	KIND_DOMAIN,
	KIND_NUMBER,
	KIND_CALLER_ID,
	KIND_CARRIER,
	KIND_TARGET,
	KIND_RATES,
	KIND_RATE,
	KIND_MAX
};

enum field_type {
	FIELD_NAME,
	FIELD_USERNAME,
	FIELD_PASSWORD, /**< of one of our users: has rules         */
	FIELD_TEXT,     /**< anything printable                    */
	FIELD_TOKEN,
	FIELD_STATUS, /**< active, suspended                     */
	FIELD_SID,    /**< of this thing itself                  */
	FIELD_URL,
	FIELD_METHOD,
	FIELD_BOOL,
	FIELD_UINT, /**< min to max                            */
	FIELD_E164,
	FIELD_COUNTRY,
	FIELD_DIGITS,
	FIELD_DOMAIN,
	FIELD_SIP_URI,
	FIELD_MEDIA,    /**< signalling, any                       */
	FIELD_CURRENCY, /**< ISO 4217 */
	FIELD_PRICE,    /**< decimal, as 0.0085                    */
	FIELD_START,    /**< of what is called: +49, sip:          */
	FIELD_ONE,      /**< one of `words`                        */
	FIELD_TWIML,
	FIELD_CIDRS,     /**< list of addresses                     */
	FIELD_PREFIXES,  /**< list of starts of numbers             */
	FIELD_NUMBERS,   /**< list of ranges of numbers             */
	FIELD_COUNTRIES, /**< list of ISO codes, * = all            */
	FIELD_NAMES,     /**< list of names of things of kind `ref` */
	FIELD_REF,       /**< name of one thing of kind `ref`       */
	FIELD_OBJECTS    /**< list of things of kind `ref`          */
};

struct field {
	const char *name; /**< NULL ends a table                      */
	enum field_type type;
	bool required;
	const char *init;  /**< as text; NULL = "" in Redis            */
	const char *words; /**< of FIELD_ONE, separated by blanks       */
	uint32_t min, max;
	enum kind_id ref;
	bool hidden; /**< is not written to Redis under its name */
};

enum { FIELDS_MAX = 24 }; /* of one kind */

struct kind {
	const char *word;   /**< "SIP domain", for sentences            */
	const char *family; /**< Redis key without its last part, ":" after
	                         it; NULL: no key of its own            */
	const char *set;    /**< Redis set of the last parts, or NULL   */
	const char *prefix; /**< of its SID; NULL = it has none         */
	const char *key;    /**< field that names it                    */
	bool global;        /**< the name is unique in the whole file,
	                         else in what it stands in              */
	size_t max;         /**< in one list                            */
	const struct field *fields;
};

const struct kind *kind_of(enum kind_id id);

/** The top of the file: accounts, carriers. */
extern const struct field schema_top[];

/** Index in a table, or -1. */
int field_index(const struct field *fields, const char *name);

#endif
