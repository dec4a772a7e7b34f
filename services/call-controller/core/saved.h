/*
 * saved.h - which fields of a call are written down, under which names
 *
 * One table for each struct, read by call_save() and call_restore() alike. A
 * field that is zero or empty is not written: it comes back as zero.
 */
#ifndef CC_CORE_SAVED_H
#define CC_CORE_SAVED_H

#include <stdbool.h>
#include <stddef.h>

#include "call.h"

enum saved_type {
	SAVED_STRING, /**< const char *, in an arena              */
	SAVED_CHARS,  /**< char array of `size` bytes             */
	SAVED_BOOL,   /**< bool: "true"                           */
	SAVED_U16,
	SAVED_U32, /**< also unsigned and enums                */
	SAVED_U64,
	SAVED_STATUS, /**< enum call_status, by name              */
	SAVED_LEG     /**< enum leg_state, by name                */
};

struct saved {
	const char *name; /**< NULL ends a table */
	enum saved_type type;
	unsigned max; /**< of an enum kept as SAVED_U32; 0 = any value */
	size_t at;    /**< offset */
	size_t size;  /**< of SAVED_CHARS */
};

extern const struct saved saved_call[];      /**< struct call        */
extern const struct saved saved_leg[];       /**< struct leg         */
extern const struct saved saved_twiml[];     /**< struct call        */
extern const struct saved saved_program[];   /**< struct program */
extern const struct saved saved_recording[]; /**< struct recording */
extern const struct saved saved_dial[];      /**< struct dial        */
extern const struct saved saved_child[];     /**< struct child       */
extern const struct saved saved_outgoing[];  /**< struct outgoing    */

/** Append one field; empty values are left out. */
void saved_add(struct fields *f, enum field_group group, const char *key,
               const char *name, const char *value);

/** Append what a table says of @p object; names begin with @p prefix. */
void saved_put(struct fields *f, const struct saved *table, const void *object,
               const struct field *where, const char *prefix);

/**
 * Set the field called @p name.
 * @return 0; ENOENT when the table does not have it; EINVAL
 */
int saved_get(const struct saved *table, void *object, struct arena *a,
              const char *name, const char *value);

/** Read a number in decimal. @return false when it is none */
bool saved_number(const char *s, unsigned long long max,
                  unsigned long long *out);

#endif
