/*
 * test_guard.c - counting what a source did wrong
 */
#include "base/guard.h"

#include "unit/oom.h"
#include "unit/test.h"

static void a_count_starts_anew_after_its_window(void **state)
{
	struct guard *g;

	(void)state;
	assert_int_equal(0, guard_alloc(&g, 4, 1000));
	assert_int_equal(1, guard_count(g, 7, 100));
	assert_int_equal(2, guard_count(g, 7, 1099));
	assert_int_equal(2, guard_seen(g, 7, 1099));
	assert_int_equal(0, guard_seen(g, 7, 1100));
	assert_int_equal(1, guard_count(g, 7, 1100));
	assert_int_equal(0, guard_seen(g, 8, 1100));
	guard_free(g);
}

static void forgetting_a_key_leaves_the_others(void **state)
{
	struct guard *g;

	(void)state;
	assert_int_equal(0, guard_alloc(&g, 4, 1000));
	(void)guard_count(g, 1, 0);
	(void)guard_count(g, 2, 0);
	guard_forget(g, 1);
	guard_forget(g, 3);
	assert_int_equal(0, guard_seen(g, 1, 0));
	assert_int_equal(1, guard_seen(g, 2, 0));
	guard_free(g);
}

static void an_event_can_be_taken_back(void **state)
{
	struct guard *g;

	(void)state;
	assert_int_equal(0, guard_alloc(&g, 4, 1000));
	(void)guard_count(g, 1, 0);
	(void)guard_count(g, 1, 0);
	guard_uncount(g, 1);
	assert_int_equal(1, guard_seen(g, 1, 0));
	guard_uncount(g, 1);
	guard_uncount(g, 1);
	assert_int_equal(0, guard_seen(g, 1, 0));
	guard_free(g);
}

static void a_flood_of_keys_pushes_out_the_oldest(void **state)
{
	struct guard *g;

	(void)state;
	assert_int_equal(0, guard_alloc(&g, 4, 100000));
	for (uint64_t key = 1; key <= 100; key++)
		assert_int_equal(1, guard_count(g, key, 1000 + key));
	for (uint64_t key = 1; key <= 100; key++)
		assert_int_equal(key > 96, guard_seen(g, key, 2000));
	guard_free(g);
}

static void a_guard_survives_without_memory(void **state)
{
	struct guard *g;

	(void)state;
	OOM_EACH(guard_alloc(&g, 8, 1), guard_free(g));
}

TEST_MAIN(cmocka_unit_test(a_count_starts_anew_after_its_window),
          cmocka_unit_test(forgetting_a_key_leaves_the_others),
          cmocka_unit_test(an_event_can_be_taken_back),
          cmocka_unit_test(a_flood_of_keys_pushes_out_the_oldest),
          cmocka_unit_test(a_guard_survives_without_memory))
