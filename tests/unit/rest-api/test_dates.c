/*
 * test_dates.c - filters that are dates
 */
#include "unit/test.h"

#include "core/dates.h"
#include "core/fields.h"

/* 22 November 2026, 00:00 UTC */
#define DAY 1795305600000ULL
#define AT  (DAY + ((18 * 60 + 30) * 60 + 15) * 1000ULL)

static const struct {
	const char *text;
	uint64_t from, until; /* 0, 0: it is no date */
} rows[] = {
	{"2026-11-22", DAY, DAY + 86400000},
	{"1970-01-01", 0, 86400000},
	{"2028-02-29", 1835395200000, 1835481600000},
	{"2026-11-22T18:30:15Z", AT, AT + 1000},
	{"2026-11-22t18:30:15z", AT, AT + 1000},
	{"2026-11-22 18:30:15", AT, AT + 1000},
	{"2026-11-22T18:30:15.248Z", AT, AT + 1000},
	{"2026-11-22T18:30Z", AT - 15000, AT - 14000},
	{"2026-11-22T20:30:15+02:00", AT, AT + 1000},
	{"2026-11-22T20:30:15 02:00", AT, AT + 1000},
	{"2026-11-22T16:00:15-0230", AT, AT + 1000},
	{"Sun, 22 Nov 2026 18:30:15 +0000", AT, AT + 1000},
	{"22 Nov 2026 18:30:15 GMT", AT, AT + 1000},
	{"2 Nov 2026 18:30:15 GMT", AT - 20 * 86400000ULL,
         AT - 20 * 86400000ULL + 1000},
	{"", 0, 0},
	{"yesterday", 0, 0},
	{"2026", 0, 0},
	{"2026-11", 0, 0},
	{"2026-11-2", 0, 0},
	{"2026-11-31", 0, 0},
	{"2026-02-29", 0, 0},
	{"2026-13-01", 0, 0},
	{"1969-12-31", 0, 0},
	{"2026-11-22T", 0, 0},
	{"2026-11-22T24:00:00Z", 0, 0},
	{"2026-11-22T18:30:15+24:00", 0, 0},
	{"2026-11-22T18:30:15Zulu", 0, 0},
	{"2026-11-22T18:30:15+2", 0, 0},
	{"1970-01-01T00:00:00+01:00", 0, 0},
	{"Sun, 22 Now 2026 18:30:15 +0000", 0, 0},
	{"Sun, 22 Nov 2026", 0, 0},
	{"Sun,", 0, 0},
	{",", 0, 0},
};

static void days_and_instants_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct span span = {0, 0};
		bool read = dates_read(rows[i].text, &span);

		if (read != (rows[i].until > 0))
			fail_msg("%s: %d", rows[i].text, read);
		if (read &&
		    (span.from != rows[i].from || span.until != rows[i].until))
			fail_msg("%s: %llu to %llu", rows[i].text,
			         (unsigned long long)span.from,
			         (unsigned long long)span.until);
	}
}

static const struct {
	const char *query;
	bool well;
	uint64_t from, until;
} filters[] = {
	{"", true, 0, 0},
	{"T=", true, 0, 0},
	{"Other=x", true, 0, 0},
	{"T=2026-11-22", true, DAY, DAY + 86400000},
	{"T=2026-11-22T00:00:00Z", true, DAY, DAY + 86400000},
	{"T=2026-11-22T18:30:15Z", true, DAY, DAY + 86400000},
	{"T=2026-11-23T01:00:00%2B02:00", true, DAY, DAY + 86400000},
	{"T%3E=2026-11-22", true, DAY, 0},
	{"T>=2026-11-22", true, DAY, 0},
	{"T%3C=2026-11-22", true, 0, DAY + 1000},
	{"T%3E=2026-11-22&T%3C=2026-11-22T18:30:15Z", true, DAY, AT + 1000},
	{"T=2026-11-22&T%3E=2026-11-22T18:30:15Z", true, AT, DAY + 86400000},
	{"T=2026-11-22&T%3C=x", false, 0, 0},
	{"T%3E=x", false, 0, 0},
	{"T=x", false, 0, 0},
};

static void the_three_of_a_filter_narrow_each_other(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_OF(filters); i++) {
		struct fields f = {0};
		struct span span = {0, 0};
		bool well;

		assert_int_equal(0, fields_form(&f, filters[i].query,
		                                strlen(filters[i].query)));
		well = dates_filter(&f, "T", &span);
		if (well != filters[i].well)
			fail_msg("%s: %d", filters[i].query, well);
		if (well && (span.from != filters[i].from ||
		             span.until != filters[i].until))
			fail_msg("%s: %llu to %llu", filters[i].query,
			         (unsigned long long)span.from,
			         (unsigned long long)span.until);
		fields_close(&f);
	}
}

TEST_MAIN(cmocka_unit_test(days_and_instants_are_read),
          cmocka_unit_test(the_three_of_a_filter_narrow_each_other))
