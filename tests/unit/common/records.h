/*
 * records.h - records of Redis, written down in a test
 */
#ifndef TESTS_COMMON_RECORDS_H
#define TESTS_COMMON_RECORDS_H

#include <stddef.h>

#include "store/snapshot.h"
#include "unit/test.h"

/** Put a record into @p s. @param pairs name, value, name, value …; the first value
 *  is what it is known by. @return as snapshot_put() */
int records_put(struct snapshot *s, enum family family, size_t n,
                const char *const *pairs);

#define PUT_RECORD(s, family, ...)                                             \
	records_put(s, family, N_OF(((const char *const[]){__VA_ARGS__})) / 2, \
	            (const char *const[]){__VA_ARGS__})

/** The same; it must go well. */
#define ADD_RECORD(s, family, ...)                                             \
	assert_int_equal(0, PUT_RECORD(s, family, __VA_ARGS__))

#endif
