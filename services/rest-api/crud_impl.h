/*
 * crud_impl.h - what the files of crud.h share
 */
#ifndef API_CRUD_IMPL_H
#define API_CRUD_IMPL_H

#include "crud.h"

enum { CRUD_KEY_SIZE = 320 };

const struct resource *crud_resource(const struct ask *q);
/** What its list belongs to: the account, or the first placeholder */
const char *crud_owner(const struct ask *q);
/** @p pattern with its %s, if there is one, as @p value */
void crud_fill(char out[CRUD_KEY_SIZE], const char *pattern, const char *value);
const char *crud_last_part(const struct resource *r,
                           const struct fields *fields);
void crud_hash_key(const struct ask *q, const struct fields *fields,
                   char out[CRUD_KEY_SIZE]);

/** Is it of the account of the path? */
bool crud_is_own(const struct ask *q, const struct fields *fields);
/** Call @p next with the parent that the path names. */
void crud_with_parent(struct ask *q, records_one_h *next);
/** Is it there? @return false: it was answered */
bool crud_is_parent(struct ask *q, int err, const struct fields *fields);

#endif
