/*
 * test_inventory.c - the numbers that carriers bring, and which of them fit
 */
#include "unit/test.h"

#include <stdlib.h>

#include "core/inventory.h"

static void a_range_has_both_its_ends(void **state)
{
	static const struct {
		const char *text;
		uint32_t count; /* 0 = it is none */
	} rows[] = {
		{"+15550100", 1},
		{"+15550100-+15550199", 100},
		{"+15550100-+15550100", 1},
		{"+15550199-+15550100", 0},
		{"+15550100-+155501000", 0}, /* another length */
		{"+15500000-+15599999", 100000},
		{"+15500000-+15600000", 0}, /* too many */
		{"15550100", 0},
		{"+05550100", 0},
		{"+15550100-", 0},
		{"-+15550100", 0},
		{"+15550100-15550199", 0},
		{"+1555010000000000", 0},
		{"", 0},
	};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct number_range r = {0, 0};
		bool is = number_range_parse(rows[i].text, strlen(rows[i].text),
		                             &r);

		assert_int_equal(rows[i].count > 0, is);
		assert_int_equal(rows[i].count, is ? r.count : 0);
		assert_int_equal(is,
		                 number_range_problem(rows[i].text) == NULL);
	}
}

static void numbers_have_a_type_where_their_plan_tells(void **state)
{
	(void)state;
	assert_string_equal("local", number_type("+14155550100"));
	assert_string_equal("toll-free", number_type("+18005550100"));
	assert_string_equal("toll-free", number_type("+448081570192"));
	assert_string_equal("mobile", number_type("+447700900123"));
	assert_string_equal("local", number_type("+442079460000"));
}

/* All that fit, with a comma behind each */
static void list(const char *ranges, const struct inventory_filter *f,
                 char *out, size_t size, size_t step)
{
	struct inventory *inv = calloc(1, sizeof(*inv));
	struct inventory_cursor cursor = {0};
	char found[8][NUMBER_SIZE_MAX];
	size_t n;

	assert_non_null(inv);
	inventory_add(inv, ranges);
	*out = '\0';
	do {
		n = inventory_next(inv, f, &cursor, found, step);
		for (size_t i = 0; i < n; i++)
			(void)snprintf(out + strlen(out), size - strlen(out),
			               "%s,", found[i]);
	} while (n == step);
	free(inv);
}

static void what_fits_comes_once_and_in_order(void **state)
{
	static const char us[] = "+14155550100-+14155550103 +14155550102 "
				 "+18005550100 +16045550100";
	static const struct {
		const char *ranges;
		struct inventory_filter filter;
		const char *out;
	} rows[] = {
		{us,
	         {.iso = "US", .type = "local"},
	         "+14155550100,+14155550101,+14155550102,+14155550103,"},
		{us, {.iso = "US", .type = "toll-free"}, "+18005550100,"},
		{us, {.iso = "CA"}, "+16045550100,"},
		{us, {.iso = "GB"}, ""},
		{us, {.begins = "+1604"}, "+16045550100,"},
		{us,
	         {.contains = "5*01"},
	         "+14155550100,+14155550101,+14155550102,+14155550103,"
	         "+18005550100,+16045550100,"},
		{us, {.contains = "0103"}, "+14155550103,"},
		{us, {.contains = "0**3"}, "+14155550103,"},
		{us,
	         {.contains = "jkl"}, /* 555 */
	         "+14155550100,+14155550101,+14155550102,+14155550103,"
	         "+18005550100,+16045550100,"},
		{us, {.contains = "999"}, ""},
		{"nonsense +15550100-+1 ", {0}, ""},
	};
	char out[512];

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++)
		for (size_t step = 1; step < 4; step++) {
			list(rows[i].ranges, &rows[i].filter, out, sizeof(out),
			     step);
			assert_string_equal(rows[i].out, out);
		}
}

static void a_search_has_an_end(void **state)
{
	static const struct inventory_filter none = {.contains = "999999"};
	struct inventory *inv = calloc(1, sizeof(*inv));
	struct inventory_cursor cursor = {0};
	char found[8][NUMBER_SIZE_MAX];

	(void)state;
	assert_non_null(inv);
	for (int i = 0; i < INVENTORY_RANGES_MAX + 10; i++)
		inventory_add(inv, "+15500000-+15588888");
	assert_int_equal(INVENTORY_RANGES_MAX, inv->n);
	assert_int_equal(0, inventory_next(inv, &none, &cursor, found, 8));
	assert_int_equal(INVENTORY_SCAN_MAX, cursor.scanned);
	free(inv);
}

static void patterns_are_checked(void **state)
{
	(void)state;
	assert_true(inventory_pattern("51"));
	assert_true(inventory_pattern("+1415*"));
	assert_true(inventory_pattern("STORM"));
	assert_false(inventory_pattern("5"));
	assert_false(inventory_pattern("55-55"));
	assert_false(inventory_pattern("5\xc3\xa9"));
	assert_false(inventory_pattern("12345678901234567"));
}

static void an_area_follows_the_calling_code(void **state)
{
	static const struct {
		const char *iso, *area, *out;
	} rows[] = {
		{"US", "415", "+1415"}, {"BB", "246", "+1246"},
		{"GB", "20", "+4420"},  {"IE", "1", "+3531"},
		{"KZ", "727", "+7727"}, {"US", "01234567890123456", ""},
	};
	char out[NUMBER_SIZE_MAX];

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		inventory_area(country_by_iso(rows[i].iso), rows[i].area, out);
		assert_string_equal(rows[i].out, out);
	}
}

static void numbers_of_one_are_written_friendly(void **state)
{
	char out[24];

	(void)state;
	inventory_friendly("+14155550100", out);
	assert_string_equal("(415) 555-0100", out);
	inventory_friendly("+442079460000", out);
	assert_string_equal("+442079460000", out);
}

TEST_MAIN(cmocka_unit_test(a_range_has_both_its_ends),
          cmocka_unit_test(numbers_have_a_type_where_their_plan_tells),
          cmocka_unit_test(what_fits_comes_once_and_in_order),
          cmocka_unit_test(a_search_has_an_end),
          cmocka_unit_test(patterns_are_checked),
          cmocka_unit_test(an_area_follows_the_calling_code),
          cmocka_unit_test(numbers_of_one_are_written_friendly))
