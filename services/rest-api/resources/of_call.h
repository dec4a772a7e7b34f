/*
 * of_call.h - what is under a call of the path: is there such a call, and whose is
 *             it? What is in the lists that it has?
 */
#ifndef API_OF_CALL_H
#define API_OF_CALL_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "adapters/records.h"

struct ask;

/** Read the record of the call that the path's first part names. */
void of_call_find(struct ask *q, records_one_h *handler);

/** For that handler: is it a call of the account? @return false: it was answered */
bool of_call_is_own(struct ask *q, int err, const struct fields *call);

/** Of the list of Redis at @p head and the CallSid, the page that was asked for. */
void of_call_texts(struct ask *q, const char *head, records_texts_h *handler);

/** For that handler: answer with what @p show makes of each text, a list named
 *  @p name; NULL = nothing, the text is left out. */
void of_call_list(struct ask *q, const char *name, const char *const *texts,
                  size_t n,
                  json_t *(*show)(const struct ask *q, const char *text));

#endif
