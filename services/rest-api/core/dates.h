/*
 * dates.h - filters that are dates: DateCreated, DateCreated<, DateCreated>
 *           (contract 6.4)
 *
 *     StartTime=2026-11-22     that day, in UTC
 *     StartTime<=2026-11-22    until that day's midnight, 00:00 UTC
 *     StartTime>=2026-11-22    from that midnight on
 *
 * The name of a parameter ends with `<` or `>`; the `=` separates it from its
 * value. An instant, 2026-11-22T18:30:15Z, bounds to its second with them; alone
 * it stands for its day in UTC, as libraries say a day as an instant.
 *
 * Pure: no I/O.
 */
#ifndef API_CORE_DATES_H
#define API_CORE_DATES_H

#include <stdbool.h>
#include <stdint.h>

struct fields;

/** From an instant on, up to another one, which is not in it: milliseconds since
 *  1970. `until` 0 = no end. */
struct span {
	uint64_t from, until;
};

/**
 * Read a day, YYYY-MM-DD, or an instant in ISO 8601 or as the API shows them
 * (RFC 2822): with `T` or a blank before the time, without seconds, with
 * fractions, with `Z`, an offset or none of them, which is UTC.
 *
 * @return whether it was one, and the day or the second
 */
bool dates_read(const char *text, struct span *out);

/**
 * What the parameters @p name, @p name`<` and @p name`>` say, within what @p out
 * says already.
 *
 * @return false when one of them is no date
 */
bool dates_filter(const struct fields *params, const char *name,
                  struct span *out);

/** Make @p out no wider than @p other. */
void dates_narrow(struct span *out, const struct span *other);

#endif
