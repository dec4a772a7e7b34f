/*
 * route.h - which resource does a path name? (contract 6.1)
 *
 *     /2010-04-01/Accounts/{AC}/SIP/Domains/{SD}.json
 *     pattern:                  SIP/Domains/{SD}
 *
 * Pure: no I/O.
 */
#ifndef API_CORE_ROUTE_H
#define API_CORE_ROUTE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/sid.h"

struct ask;
struct resource;

enum { ROUTE_PARTS_MAX = 4 };  /* placeholders of a pattern */
enum { ROUTE_PART_SIZE = 80 }; /* bytes of what stands for one */

/** A row of a table; a table ends with a row without pattern. */
struct route {
	/** Parts between slashes: words; {XX} is a sid with that prefix; {}
	 *  any text. Patterns that begin with `/` are whole paths of the
	 *  newer APIs, which name no account; the others follow
	 *  `/2010-04-01/Accounts/{AC}/`. "" is the account itself and "." is
	 *  the list of accounts. */
	const char *pattern;
	const struct resource *resource; /**< that crud_* shall treat */
	void (*get)(struct ask *q);      /**< NULL = 405 */
	void (*post)(struct ask *q);
	void (*remove)(struct ask *q);
	unsigned flags;
};

enum {
	ROUTE_MASTER = 1, /**< not for API keys but the account's token */
	ROUTE_MEDIA = 2   /**< may end with .wav and .mp3; without .json it
	                   *   is sound, which is had without signing in,
	                   *   as the installation wants               */
};

enum route_suffix { SUFFIX_NONE, SUFFIX_JSON, SUFFIX_WAV, SUFFIX_MP3 };

/** What a path says */
struct path {
	char account_sid[SID_SIZE]; /**< "" = none is named */
	char parts[ROUTE_PARTS_MAX][ROUTE_PART_SIZE];
	size_t n;
	enum route_suffix suffix;
	bool json; /**< is the answer; else XML */
};

/**
 * Find the row for a decoded path in a table.
 *
 * @return the row, and @p out; NULL = there is none
 */
const struct route *route_find(const struct route *table, const char *path,
                               struct path *out);

#endif
