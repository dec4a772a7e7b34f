/*
 * test_rate.c - what a leg of a call costs
 */
#include "unit/test.h"

#include "numbering/rate.h"

static void prices_are_read_to_eight_decimals(void **state)
{
	static const struct {
		const char *text;
		bool ok;
		uint64_t price;
	} rows[] = {
		{"0", true, 0},
		{"1", true, 100000000},
		{"0.0085", true, 850000},
		{"0.00000001", true, 1},
		{"123456789.5", true, 12345678950000000},
		{"", false, 0},
		{".5", false, 0},
		{"1.", false, 0},
		{"-1", false, 0},
		{"1,5", false, 0},
		{"0.000000001", false, 0},
		{"1234567890", false, 0},
		{"0.5 USD", false, 0},
	};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		uint64_t price = 0;

		if (rate_price_parse(rows[i].text, &price) != rows[i].ok ||
		    price != rows[i].price)
			fail_msg("%s: %llu", rows[i].text,
			         (unsigned long long)price);
	}
}

static void the_longest_prefix_of_the_direction_wins(void **state)
{
	static const struct rate rates[] = {
		{RATE_BOTH, "", 1, 0, 1},
		{RATE_OUTBOUND, "+", 2, 0, 1},
		{RATE_OUTBOUND, "+1", 3, 0, 1},
		{RATE_INBOUND, "+1", 4, 0, 1},
		{RATE_OUTBOUND, "+1900", 5, 0, 1},
		{RATE_OUTBOUND, "+1", 6, 0, 1},
		{RATE_BOTH, "sip:", 7, 0, 1},
	};
	static const struct {
		bool inbound;
		const char *to;
		uint64_t per_minute;
	} rows[] = {
		{false, "+14155550100", 3}, {true, "+14155550100", 4},
		{false, "+19005550100", 5}, {true, "+19005550100", 4},
		{false, "+4930123456", 2},  {true, "+4930123456", 1},
		{true, "sip:a@b.test", 7},  {false, "client:a", 1},
	};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++)
		assert_int_equal(rows[i].per_minute,
		                 rate_find(rates, N_OF(rates), rows[i].inbound,
		                           rows[i].to)
		                         ->per_minute);
	assert_null(rate_find(rates + 1, 1, true, "+14155550100"));
	assert_null(rate_find(rates, 0, true, "+14155550100"));
}

static void a_leg_costs_what_was_begun_of_its_steps(void **state)
{
	static const struct {
		uint64_t per_minute;
		uint32_t minimum_s, increment_s;
		uint64_t seconds;
		const char *price;
	} rows[] = {
		{850000, 60, 60, 1, "-0.00850"},
		{850000, 60, 60, 60, "-0.00850"},
		{850000, 60, 60, 61, "-0.01700"},
		{850000, 0, 1, 61, "-0.00864"},
		{850000, 30, 6, 1, "-0.00425"},
		{850000, 30, 6, 31, "-0.00510"},
		{850000, 0, 0, 0, "0.00000"},
		{0, 60, 60, 3600, "0.00000"},
		{500, 0, 60, 60, "-0.00001"},
		{499, 0, 60, 60, "0.00000"},
		{12345678950000000, 0, 60, 14400, "-29629629480.00000"},
	};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		const struct rate rate = {RATE_BOTH, "", rows[i].per_minute,
		                          rows[i].minimum_s,
		                          rows[i].increment_s};
		char price[RATE_PRICE_SIZE];

		rate_price(&rate, rows[i].seconds, price);
		assert_string_equal(rows[i].price, price);
	}
}

TEST_MAIN(cmocka_unit_test(prices_are_read_to_eight_decimals),
          cmocka_unit_test(the_longest_prefix_of_the_direction_wins),
          cmocka_unit_test(a_leg_costs_what_was_begun_of_its_steps))
