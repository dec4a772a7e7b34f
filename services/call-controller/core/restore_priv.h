/*
 * restore_priv.h - what the files restore*.c share
 */
#ifndef CC_CORE_RESTORE_PRIV_H
#define CC_CORE_RESTORE_PRIV_H

#include <stdbool.h>
#include <stddef.h>

#include "call.h"

/** The number behind a dot, from 0: @p name "format.3" of @p word "format" is
 *  2. @return false when there is none, or it is over @p max */
bool restore_numbered(const char *name, const char *word, size_t max,
                      size_t *index);

/** "name=value". @return 0 or EINVAL */
int restore_pair(struct arena *a, const char *text, struct pair *out);

/** Room for @p n pairs, all "". @return NULL when memory ran out */
struct pair *restore_pairs(struct arena *a, size_t n);

/** All that is in FIELD_TWIML: recordings, the document, the verb that runs.
 *  @return 0, EINVAL or ENOMEM */
int restore_programs(struct call *call, const struct fields *f);

/** Then the documents that run on callees' legs. @return as above */
int restore_screenings(struct call *call, const struct fields *f);

#endif
