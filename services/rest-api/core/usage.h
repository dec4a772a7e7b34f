/*
 * usage.h - usage records: which days a record is about, and what they sum up to
 *           (contract 6.7)
 *
 * Pure: no I/O. What is counted, and under which keys, is store/usage.h's.
 */
#ifndef API_CORE_USAGE_H
#define API_CORE_USAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* --- days ------------------------------------------------------------------------ */

enum { USAGE_TEXT_SIZE = 11 };

/** Days since 1970, the first and the last; none when the last is earlier */
struct usage_days {
	int64_t first, last;
};

enum usage_period {
	USAGE_ALL, /**< one record of all days */
	USAGE_DAILY,
	USAGE_MONTHLY,
	USAGE_YEARLY,
	USAGE_TODAY,
	USAGE_YESTERDAY,
	USAGE_THIS_MONTH,
	USAGE_LAST_MONTH
};

/** "2026-11-30", or "-30days", "+1days" from @p today. @return is it a day? */
bool usage_day_read(const char *text, int64_t today, int64_t *day);
void usage_day_text(int64_t day, char out[USAGE_TEXT_SIZE]);

/**
 * The days of the @p n-th record of a category, the latest first.
 *
 * @param whole what is asked for
 * @return false: there are not so many
 */
bool usage_record(enum usage_period period, const struct usage_days *whole,
                  int64_t today, size_t n, struct usage_days *out);

/**
 * Which sums are these days? Whole months, and the days beside them.
 *
 * @param at the day to go on with: first that of @p days, then as it was left
 * @return false: no more; else @p out is "2026-11" or "2026-11-30"
 */
bool usage_part(const struct usage_days *days, int64_t today, int64_t *at,
                char out[USAGE_TEXT_SIZE]);

/* --- sums ------------------------------------------------------------------------ */

enum { USAGE_LEAFS = 8 };

/** What is counted, in the order of the table of leafs */
struct usage_sums {
	uint64_t count[USAGE_LEAFS], used[USAGE_LEAFS];
	uint64_t price[USAGE_LEAFS]; /**< [1e-5 of the currency] */
};

/** A field of a hash, "calls-outbound count"; others are passed over. */
void usage_add(struct usage_sums *sums, const char *field, const char *value);

/** A category; a table of those that are counted ends with one without name */
struct usage_category {
	const char *name;
	unsigned leafs; /**< a bit for each */
	const char *description, *count_unit, *usage_unit;
};

extern const struct usage_category usage_categories[];

/** By name; one that is not counted here is told as nothing used. NULL: it can
 *  be none. */
const struct usage_category *usage_category(const char *name);

struct usage_total {
	uint64_t count, used, price;
};

struct usage_total usage_total(const struct usage_category *category,
                               const struct usage_sums *sums);

#endif
