/*
 * test_range.c - which part of a file a Range header asks for
 */
#include "core/range.h"
#include "unit/test.h"

static void parts_are_cut_to_the_file(void **state)
{
	const struct {
		const char *header;
		uint64_t size;
		enum range_result result;
		uint64_t from, length;
	} rows[] = {
		{NULL, 100, RANGE_ALL, 0, 100},
		{"", 100, RANGE_ALL, 0, 100},
		{"bytes=0-0", 100, RANGE_PART, 0, 1},
		{"bytes=10-19", 100, RANGE_PART, 10, 10},
		{"bytes=10-", 100, RANGE_PART, 10, 90},
		{"bytes=0-", 100, RANGE_PART, 0, 100},
		{"bytes=90-200", 100, RANGE_PART, 90, 10},
		{"bytes=-10", 100, RANGE_PART, 90, 10},
		{"bytes=-200", 100, RANGE_PART, 0, 100},
		{"bytes=99-99999999999999999999999", 100, RANGE_PART, 99, 1},
		{"bytes=100-", 100, RANGE_NONE, 0, 0},
		{"bytes=99999999999999999999-", 100, RANGE_NONE, 0, 0},
		{"bytes=-0", 100, RANGE_NONE, 0, 0},
		{"bytes=0-", 0, RANGE_NONE, 0, 0},
		{"bytes=-5", 0, RANGE_NONE, 0, 0},
		/* not understood: the whole file */
		{"bytes=0-1,5-6", 100, RANGE_ALL, 0, 100},
		{"bytes=9-3", 100, RANGE_ALL, 0, 100},
		{"bytes=-", 100, RANGE_ALL, 0, 100},
		{"bytes=", 100, RANGE_ALL, 0, 100},
		{"bytes= 1-2", 100, RANGE_ALL, 0, 100},
		{"bytes=+1-2", 100, RANGE_ALL, 0, 100},
		{"bytes=1-2x", 100, RANGE_ALL, 0, 100},
		{"items=1-2", 100, RANGE_ALL, 0, 100},
	};
	struct range part;

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		assert_int_equal(
			rows[i].result,
			range_parse(rows[i].header, rows[i].size, &part));
		if (rows[i].result == RANGE_NONE)
			continue;
		assert_int_equal(rows[i].from, part.from);
		assert_int_equal(rows[i].length, part.length);
	}
}

TEST_MAIN(cmocka_unit_test(parts_are_cut_to_the_file))
