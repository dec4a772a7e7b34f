/*
 * test_overrides.c - settings in the fragment of a URL
 */
#include "core/overrides.h"
#include "unit/test.h"

static void fragments_set_limits_within_their_ranges(void **state)
{
	static const struct {
		const char *fragment;
		struct overrides want;
	} rows[] = {
		{"", {5000, 15000, 15000, 1, RETRY_CONNECT}},
		{"section-2", {5000, 15000, 15000, 1, RETRY_CONNECT}},
		{"ct=1000&rt=2000&tt=3000&rc=3",
	         {1000, 2000, 3000, 3, RETRY_CONNECT}},
		{"ct=1&rt=1&tt=1&rc=0", {100, 100, 100, 0, RETRY_CONNECT}},
		{"ct=99999&rt=99999&tt=99999&rc=99",
	         {10000, 15000, 15000, 5, RETRY_CONNECT}},
		{"ct=99999999999999999999",
	         {10000, 15000, 15000, 1, RETRY_CONNECT}},
		{"rp=ct,rt",
	         {5000, 15000, 15000, 1, RETRY_CONNECT | RETRY_READ}},
		{"rp=5xx", {5000, 15000, 15000, 1, RETRY_5XX}},
		{"rp=4xx,5xx", {5000, 15000, 15000, 1, RETRY_4XX | RETRY_5XX}},
		{"rp=all&rc=2", {5000, 15000, 15000, 2, RETRY_ALL}},
		{"&&x=y&sni=n&e=ashburn,dublin",
	         {5000, 15000, 15000, 1, RETRY_CONNECT}},
	};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		const struct overrides *want = &rows[i].want;
		struct overrides o;
		const char *why;

		assert_int_equal(0,
		                 overrides_parse(rows[i].fragment, &o, &why));
		assert_int_equal(want->connect_ms, o.connect_ms);
		assert_int_equal(want->read_ms, o.read_ms);
		assert_int_equal(want->total_ms, o.total_ms);
		assert_int_equal(want->retries, o.retries);
		assert_int_equal(want->retry_on, o.retry_on);
	}
}

static void bad_fragments_have_a_code_and_a_reason(void **state)
{
	static const struct {
		const char *fragment;
		uint32_t code;
	} rows[] = {
		{"e=", 11240},     {"e=ashburn,", 11240},
		{"e=moon", 11241}, {"e=ashburn-ix", 11242},
		{"rp=6xx", 11243}, {"rp=", 11243},
		{"rp=ct,", 11243}, {"ct=fast", 11100},
		{"ct=-1", 11100},  {"rc=", 11100},
		{"ct=1.5", 11100},
	};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct overrides o;
		const char *why = NULL;

		assert_int_equal(rows[i].code,
		                 overrides_parse(rows[i].fragment, &o, &why));
		assert_non_null(why);
	}
}

TEST_MAIN(cmocka_unit_test(fragments_set_limits_within_their_ranges),
          cmocka_unit_test(bad_fragments_have_a_code_and_a_reason))
