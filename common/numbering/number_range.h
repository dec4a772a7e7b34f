/*
 * number_range.h - numbers that a carrier brings: one, or a range of them
 *
 * Pure. Written "+15550100" or "+15550100-+15550199": both ends belong to it and
 * have as many digits.
 */
#ifndef NUMBERING_NUMBER_RANGE_H
#define NUMBERING_NUMBER_RANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NUMBER_SIZE_MAX = 17 };      /* + and 15 digits, with a NUL */
enum { NUMBER_RANGE_MAX = 100000 }; /* numbers of one range        */
enum { NUMBER_RANGES_MAX = 100 };   /* of one carrier              */

struct number_range {
	uint64_t first; /**< its digits */
	uint32_t count;
};

/** @param n bytes of @p text @return whether it is one */
bool number_range_parse(const char *text, size_t n, struct number_range *out);
/** As the checks of store/value.h: NULL, or what is wrong. */
const char *number_range_problem(const char *text);

bool number_range_has(const struct number_range *r, const char *e164);
/** The @p i-th, below count */
void number_range_nth(const struct number_range *r, uint32_t i,
                      char out[NUMBER_SIZE_MAX]);

/** "local", "mobile" or "toll-free", as far as its country's plan tells; of a
 *  country that is not known to have mobile prefixes: "local". */
const char *number_type(const char *e164);

#endif
