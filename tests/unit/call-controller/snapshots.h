/*
 * snapshots.h - what of a call is written down
 */
#ifndef TESTS_SNAPSHOTS_H
#define TESTS_SNAPSHOTS_H

#include "core/call.h"

struct fields *saved_fields(const struct call *call); /**< saved_discard() it */
void saved_discard(struct fields *f);

/** Fails where they are not the same. */
void saved_compare(const struct fields *a, const struct fields *b);

#endif
