/*
 * told.h - what Redis was told of a call, so that a snapshot says only what is new
 *
 * Fields are kept as sums of their names and values, not as text. Who is not sure
 * that Redis has what it was told forgets all of it: then all is said again.
 */
#ifndef CC_TOLD_H
#define CC_TOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	TOLD_GROUPS = 4,     /**< hashes of a snapshot                     */
	TOLD_FIELDS_MAX = 48 /**< of the first; with more it is said whole */
};

struct told {
	bool known[TOLD_GROUPS];   /**< else nothing was told of the group  */
	uint64_t sum[TOLD_GROUPS]; /**< of all names and values; not of the
	                            *   first, which has them one by one: */
	size_t n;
	uint64_t names[TOLD_FIELDS_MAX], values[TOLD_FIELDS_MAX];
};

enum told_news {
	TOLD_SAME, /**< nothing is new                                */
	TOLD_SOME, /**< only what is left of the pairs                */
	TOLD_ALL   /**< all of them, and what else there is, is gone  */
};

void told_forget(struct told *t);

/**
 * Compare @p n pairs (name, value, name, value …) with what was told of @p group,
 * and note them as told. Of the first group (0) only those pairs are left in
 * @p v that are new, where no field is gone.
 *
 * @param[in,out] n pairs in @p v
 */
enum told_news told_compare(struct told *t, unsigned group, const char **v,
                            size_t *n);

#endif
