/*
 * check.h - does a tenants file fit together? References, pairs, orders
 *
 * Pure: no I/O, no clock, no log.
 */
#ifndef CLI_CORE_CHECK_H
#define CLI_CORE_CHECK_H

#include "model.h"

/** What can only be seen once everything is read: names that lead nowhere,
 *  fields that exclude or need each other, settings that make no call. */
void check_model(const struct model *m, struct problems *p);

#endif
