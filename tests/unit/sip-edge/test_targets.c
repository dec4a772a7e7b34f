/*
 * test_targets.c - in which order servers are tried, and which are passed over
 */
#include <stdio.h>

#include "core/outages.h"
#include "core/slice.h"
#include "core/targets.h"

#include "unit/oom.h"
#include "unit/test.h"

static struct targets three(void)
{
	struct targets t = {.n = 0};

	targets_add(&t, "backup", 5060, 20, 100);
	targets_add(&t, "small", 5060, 10, 10);
	targets_add(&t, "large", 5060, 10, 30);
	return t;
}

static void equals_share_by_weight_and_the_backup_is_last(void **state)
{
	size_t large = 0;

	(void)state;
	for (uint64_t key = 0; key < 4000; key++) {
		struct targets t = three();

		targets_order(&t, key);
		large += strcmp(t.v[0].host, "large") == 0;
		assert_string_equal("backup", t.v[2].host);
	}
	assert_in_range(large, 2800, 3200);
}

static void a_key_has_one_order_however_the_answer_was_turned(void **state)
{
	(void)state;
	for (uint64_t key = 0; key < 100; key++) {
		struct targets a = three(), b = {.n = 0};

		for (size_t i = a.n; i-- > 0;)
			targets_add(&b, a.v[i].host, a.v[i].port,
			            a.v[i].priority, a.v[i].weight);
		targets_order(&a, key);
		targets_order(&b, key);
		for (size_t i = 0; i < a.n; i++)
			assert_string_equal(a.v[i].host, b.v[i].host);
	}
}

static void more_than_fit_are_left_out(void **state)
{
	struct targets t = {.n = 0};

	(void)state;
	for (int i = 0; i < 2 * TARGETS_MAX; i++)
		targets_add(&t, "a", 1, 1, 0);
	targets_order(&t, 7);
	assert_int_equal(TARGETS_MAX, t.n);
}

static struct address server(const char *text)
{
	struct address a;

	assert_true(address_parse(&a, slice_str(text)));
	return a;
}

static void the_third_copy_says_that_a_server_is_silent(void **state)
{
	struct address a = server("192.0.2.1:5060"),
		       b = server("192.0.2.2:5060");
	struct outages *o;

	(void)state;
	assert_int_equal(0, outages_alloc(&o));
	assert_false(outages_count(o, 7, &a, 1000));
	assert_false(outages_count(o, 7, &a, 1500));
	assert_true(outages_count(o, 7, &a, 2500));
	assert_false(outages_count(o, 7, &b, 2500)); /* it begins anew */
	assert_false(outages_count(o, 8, &a, 2500));
	assert_false(outages_count(o, 8, &a, 2500));
	outages_answered(o, 8);
	assert_false(outages_count(o, 8, &a, 2500));
	outages_free(o);
}

static void an_outage_is_over_after_a_while(void **state)
{
	struct address a = server("192.0.2.1:5060"),
		       b = server("192.0.2.1:5061");
	struct outages *o;

	(void)state;
	assert_int_equal(0, outages_alloc(&o));
	assert_false(outages_has(o, &a, 1000));
	outages_note(o, &a, 1000);
	assert_true(outages_has(o, &a, 1000 + OUTAGES_MS - 1));
	assert_false(outages_has(o, &b, 1000));
	assert_false(outages_has(o, &a, 1000 + OUTAGES_MS));
	outages_free(o);
}

TEST_MAIN(cmocka_unit_test(equals_share_by_weight_and_the_backup_is_last),
          cmocka_unit_test(a_key_has_one_order_however_the_answer_was_turned),
          cmocka_unit_test(more_than_fit_are_left_out),
          cmocka_unit_test(the_third_copy_says_that_a_server_is_silent),
          cmocka_unit_test(an_outage_is_over_after_a_while))
