/*
 * crud.h - create, read, list, update and delete what is configuration
 *
 * A resource says in tables what it takes and shows, and in hooks what no table
 * can say. Adding one is a file in resources/ and its rows in the routes.
 */
#ifndef API_CRUD_H
#define API_CRUD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "adapters/records.h"
#include "core/params.h"
#include "core/shape.h"

struct ask;
struct change;

/** A filter that a list takes */
struct resource_filter {
	const char *param, *field;
	enum records_test test;
};

/** A filter that is a date, with its `<` and `>` (core/dates.h). A table ends with a
 *  row without `param`. */
struct resource_date {
	const char *param;
	const char *field; /**< an instant in ISO 8601; NULL = only what the
	                    *   sorted set is sorted by: in units of `ms`,
	                    *   0 = that says nothing                       */
	uint64_t ms;
	uint64_t late_ms; /**< `field` may be so much later than that */
};

struct resource {
	const char *name;   /**< of one: "Domain", element in XML          */
	const char *plural; /**< of a list in JSON: "domains"              */
	const char *prefix; /**< of its sids: "SD"                         */
	/** Key of its hash: this and what `key` says. %s, if there is one, is
	 *  the first placeholder of the path: "credential-list:%s:user:". */
	const char *family;
	/** Key of the sorted set of sids: "domains:{%s}", where %s is the
	 *  account, or the first placeholder when there is a `parent`. */
	const char *index;
	/** Field with the sid of what it belongs to, which the first
	 *  placeholder names and which must be there; NULL = the account. */
	const char *parent;
	/** What happened is not in the account's hash of sids: its key is
	 *  `family`, sid, `tail`, and its field `account_sid` says whose it is.
	 *  NULL = configuration, found by its sid. */
	const char *tail;
	/** Key of the parent, when it is something that happened: "call:{%s}" */
	const char *parent_key;
	const char *set; /**< that names all of them ("domains"), or NULL; %s
	                  *   as in `family` */
	const struct param *params;
	const struct shape *shape;
	const struct resource_filter *filters;
	const struct resource_date *dates;
	/** Of its index only those whose field `only` is this; NULL = all */
	const char *only, *only_value;
	size_t max;        /**< in one index */
	uint32_t max_code; /**< when there are as many            */
	uint32_t taken;    /**< when the key is there already     */
	bool quiet;        /**< no process needs to hear of it    */
	const char *once;  /**< field that the answer to a create tells and
	                     *   nobody keeps; NULL = none         */

	const char *key; /**< field that is the last part of the key; NULL =
	                  *   "sid". Also its name in `set`. */
	/** The draft as a whole, before it is written. @return false and
	 *  @p error */
	bool (*check)(const struct ask *q, struct fields *draft,
	              struct param_error *error);
	/** More conditions and commands of a create or update (`was` has no
	 *  fields in a create), and of a delete (`draft` is NULL). */
	void (*write)(const struct ask *q, struct change *c,
	              const struct fields *was, const struct fields *draft);
	/** What this error, of a change, is about; NULL = the last part of its
	 *  key */
	const char *(*about)(uint32_t code, const struct fields *draft);
	/** Members of the JSON that no table says. */
	void (*more)(json_t *json, const struct fields *fields);
	/** Those that depend on who asks how. */
	void (*show)(const struct ask *q, json_t *json,
	             const struct fields *fields);
	/** A filter that nobody has to say; NULL = none this time */
	const struct records_filter *(*hides)(const struct ask *q);
};

/* Handlers of routes that name a resource */
void crud_list(struct ask *q);
void crud_create(struct ask *q);
void crud_fetch(struct ask *q); /**< the last placeholder is the sid */
void crud_update(struct ask *q);
void crud_delete(struct ask *q);

/** JSON of one, as the API shows it. */
json_t *crud_json(const struct resource *r, const struct fields *fields);
/** The same, as an answer to this request shows it. */
json_t *crud_show(const struct ask *q, const struct fields *fields);

/* For handlers of their own */
/** Call @p next with what the last placeholder names. */
void crud_find(struct ask *q, records_one_h *handler);
/** For the handler of a list: answer with what @p show makes of each record, a
 *  list named @p name; NULL = nothing, the record is left out. Or the error. */
void crud_answer_list(struct ask *q, int err, const struct records *records,
                      const char *name,
                      json_t *(*show)(const struct ask *q,
                                      const struct fields *fields));
/** Is it there, of this family and in this parent? @return false: it was
 *  answered */
bool crud_is_there(struct ask *q, int err, const char *key,
                   const struct fields *fields);

#endif
