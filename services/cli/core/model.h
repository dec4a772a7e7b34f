/*
 * model.h - a tenants file, read and checked
 *
 * Objects stand in the order of the file, each behind the one that it stands
 * in. Pure: no I/O, no clock, no log.
 */
#ifndef CLI_CORE_MODEL_H
#define CLI_CORE_MODEL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/hash.h"
#include "base/sid.h"

#include "node.h"
#include "problems.h"
#include "schema.h"

struct value {
	unsigned line;    /**< 0 = not in the file                          */
	const char *text; /**< scalars only, else ""; borrowed from the
	                       tree or the table                         */
	const struct node *node; /**< as it stands; NULL = not there     */
};

struct object {
	struct object *next;
	const struct object *owner; /**< what it stands in; NULL = the file */
	enum kind_id id;
	const struct kind *kind;
	unsigned line;
	char sid[SID_SIZE]; /**< "" when its kind has none */
	char *path;         /**< unique: kind and names from the top  */
	struct hash_entry by_path, by_sid;
	struct value v[FIELDS_MAX]; /**< as kind->fields */
	char *lower; /**< owned: the name in lower case, of a domain */
};

struct model {
	struct object *first, *last;
	struct hash paths; /**< objects by path */
	struct hash sids;  /**< objects by SID  */
};

int model_init(struct model *m);   /**< @return 0 or ENOMEM */
void model_close(struct model *m); /**< of a zeroed one: a no-op */

/** Append @p o, whose path and sid are set: the model owns it from here on. */
void model_add(struct model *m, struct object *o);
void object_free(struct object *o); /**< one that was not added */

/**
 * The path of a thing: "account:acme/credential list:phones". Names that are
 * unique in the whole file stand alone: "number:+15550100".
 * @return owned by the caller, NULL when memory ran out
 */
char *model_path(const struct object *owner, enum kind_id id, const char *name);

/** The value of a field of its kind; "" when it was not given. */
const char *object_text(const struct object *o, const char *field);
const struct value *object_value(const struct object *o, const char *field);
const char *object_name(const struct object *o); /**< of its kind->key */

/** The account that it stands in, or NULL (a carrier for all). */
const struct object *object_account(const struct object *o);

/** What @p from means by @p name: a thing of its own account. NULL = none */
const struct object *model_find(const struct model *m,
                                const struct object *from, enum kind_id id,
                                const char *name);

#endif
