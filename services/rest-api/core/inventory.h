/*
 * inventory.h - the numbers that carriers bring, and which of them are asked for
 *
 * Pure: no I/O. Which of them are taken is Redis's to say.
 */
#ifndef API_CORE_INVENTORY_H
#define API_CORE_INVENTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "numbering/country.h"
#include "numbering/number_range.h"

enum { INVENTORY_RANGES_MAX = 2000 }; /* that one account can take from */
enum { INVENTORY_SCAN_MAX = 200000 }; /* numbers looked at for a list   */
enum { INVENTORY_PATTERN_MAX = 16 };  /* characters of Contains         */

/** Zero-initialise it; large, so on the heap. */
struct inventory {
	struct number_range v[INVENTORY_RANGES_MAX];
	size_t n;
};

/** Ranges as a carrier has them, separated by blanks. More than there is room for
 *  are left out. */
void inventory_add(struct inventory *inv, const char *ranges);
bool inventory_has(const struct inventory *inv, const char *e164);

/** What is asked for; a zeroed one is all */
struct inventory_filter {
	const char *iso;  /**< country; as the type that of a whole range, whose
	                   *   first number tells */
	const char *type; /**< as number_type() */
	const char *begins; /**< "+1415" */
	/** Anywhere in the number: digits, letters of the keys they are on, and
	 *  `*` for any digit */
	const char *contains;
};

/** Is this a pattern for `contains`? Two characters at least. */
bool inventory_pattern(const char *text);

/** "+1415" of US and 415; "" when it would be too long */
void inventory_area(const struct country *country, const char *area,
                    char out[NUMBER_SIZE_MAX]);

/** A place in an inventory; zero-initialise it. */
struct inventory_cursor {
	size_t range;
	uint32_t at;
	uint32_t scanned;
};

/**
 * The next numbers that fit, each once.
 *
 * @return how many of @p out were filled; fewer than @p max: there are no more
 *         within INVENTORY_SCAN_MAX
 */
size_t inventory_next(const struct inventory *inv,
                      const struct inventory_filter *f,
                      struct inventory_cursor *cursor,
                      char (*out)[NUMBER_SIZE_MAX], size_t max);

/** "(415) 555-0100" of a number of +1, else the number as it is */
void inventory_friendly(const char *e164, char out[24]);

#endif
