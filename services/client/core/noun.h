/*
 * noun.h - what `trestle` can talk about: a table over the resources of the API
 *
 * Pure: no I/O.
 */
#ifndef CLIENT_CORE_NOUN_H
#define CLIENT_CORE_NOUN_H

#include <stdbool.h>
#include <stddef.h>

#include "option.h"

enum verb { VERB_LIST, VERB_SHOW, VERB_ADD, VERB_SET, VERB_REMOVE, VERB_COUNT };

enum { NOUN_ADD_MAX = 3 };

struct noun {
	const char *name; /**< "domains"; "domain" means the same */
	const char *path; /**< behind the account: "SIP/Domains"; from the root
	                   *   when it begins with a slash; {} is its parent */
	const char *key;  /**< of the list in JSON */
	const char *prefix;  /**< of its sids */
	const char *label;   /**< member by which people name one of them    */
	const char *columns; /**< members that a table shows, by blanks    */
	const char *parent;  /**< noun that `{}` is one of; NULL = none     */
	const char *add[NOUN_ADD_MAX]; /**< parameters that `add` takes first */
	const char
		*filters;  /**< of its list, as the API calls them, by blanks */
	const char *dates; /**< … that are instants */
	const char
		*params; /**< of `add`, and of `set` where `changes` is NULL */
	const char *changes; /**< of `set` */
	unsigned verbs;      /**< 1 << VERB_… */
	bool single; /**< its parent has one, which has no sid: show, set */
	bool by_uri; /**< several may have one label; each says its `uri` */
	const char *help;
};

extern const struct noun nouns[]; /**< ends with one without name */

/** By its name or the singular of it; NULL = there is none. */
const struct noun *noun_find(const char *word);

/** Which options a line with this verb may have. @return @p out */
const struct options *noun_options(const struct noun *noun, enum verb v,
                                   struct options *out);

/** By one of its words ("add", "create", "new" …); VERB_COUNT = none. */
enum verb verb_find(const char *word);
const char *verb_name(enum verb v);

#endif
