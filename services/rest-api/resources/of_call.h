/*
 * of_call.h - what is under a call of the path: is there such a call, and whose is
 *             it?
 */
#ifndef API_OF_CALL_H
#define API_OF_CALL_H

#include <stdbool.h>

#include "adapters/records.h"

struct ask;

/** Read the record of the call that the path's first part names. */
void of_call_find(struct ask *q, records_one_h *handler);

/** For that handler: is it a call of the account? @return false: it was answered */
bool of_call_is_own(struct ask *q, int err, const struct fields *call);

#endif
