/*
 * test_told.c - a snapshot tells Redis only what is new
 */
#include "adapters/told.h"
#include "unit/test.h"

static void at_first_all_is_told(void **state)
{
	struct told t = {0};
	const char *v[] = {"a", "1", "b", "2"};
	size_t n = 2;

	(void)state;
	assert_int_equal(TOLD_ALL, told_compare(&t, 0, v, &n));
	assert_int_equal(2, n);
	assert_string_equal("b", v[2]);
}

static void what_was_told_is_not_told_again(void **state)
{
	struct told t = {0};
	const char *v[] = {"a", "1", "b", "2"};
	const char *w[] = {"a", "1", "b", "3", "c", "4"};
	size_t n = 2;

	(void)state;
	(void)told_compare(&t, 0, v, &n);
	assert_int_equal(TOLD_SAME, told_compare(&t, 0, v, &n));
	n = 3;
	assert_int_equal(TOLD_SOME, told_compare(&t, 0, w, &n));
	assert_int_equal(2, n);
	assert_string_equal("b", w[0]);
	assert_string_equal("3", w[1]);
	assert_string_equal("c", w[2]);
	assert_string_equal("4", w[3]);
}

static void when_a_field_is_gone_all_is_told(void **state)
{
	struct told t = {0};
	const char *v[] = {"a", "1", "b", "2", "c", "3"};
	const char *w[] = {"c", "3", "d", "4"};
	const char *again[] = {"c", "3", "d", "5"};
	size_t n = 3;

	(void)state;
	(void)told_compare(&t, 0, v, &n);
	n = 2;
	assert_int_equal(TOLD_ALL, told_compare(&t, 0, w, &n));
	assert_int_equal(2, n);
	assert_string_equal("c", w[0]);
	assert_int_equal(TOLD_SOME, told_compare(&t, 0, again, &n));
	assert_int_equal(1, n);
	assert_string_equal("d", again[0]);
}

static void what_is_forgotten_is_told_again(void **state)
{
	struct told t = {0};
	const char *v[] = {"a", "1"};
	size_t n = 1;

	(void)state;
	(void)told_compare(&t, 0, v, &n);
	(void)told_compare(&t, 2, v, &n);
	assert_int_equal(TOLD_SAME, told_compare(&t, 2, v, &n));
	told_forget(&t);
	assert_int_equal(TOLD_ALL, told_compare(&t, 2, v, &n));
	assert_int_equal(TOLD_ALL, told_compare(&t, 0, v, &n));
	assert_int_equal(1, n);
}

static void other_groups_are_told_whole(void **state)
{
	struct told t = {0};
	const char *v[] = {"a", "1", "b", "2"}, *w[] = {"a", "1", "b", "3"};
	size_t n = 2;

	(void)state;
	(void)told_compare(&t, 1, v, &n);
	assert_int_equal(TOLD_ALL, told_compare(&t, 1, w, &n));
	assert_int_equal(2, n);
	n = 0;
	assert_int_equal(TOLD_ALL, told_compare(&t, 1, NULL, &n));
	assert_int_equal(TOLD_SAME, told_compare(&t, 1, NULL, &n));
}

static void too_many_fields_are_told_whole(void **state)
{
	struct told t = {0};
	const char *v[2 * (TOLD_FIELDS_MAX + 1)];
	size_t n = TOLD_FIELDS_MAX + 1;

	(void)state;
	for (size_t i = 0; i < 2 * n; i++)
		v[i] = "x";
	assert_int_equal(TOLD_ALL, told_compare(&t, 0, v, &n));
	assert_int_equal(TOLD_ALL, told_compare(&t, 0, v, &n));
	assert_int_equal(TOLD_FIELDS_MAX + 1, n);
}

TEST_MAIN(cmocka_unit_test(at_first_all_is_told),
          cmocka_unit_test(what_was_told_is_not_told_again),
          cmocka_unit_test(when_a_field_is_gone_all_is_told),
          cmocka_unit_test(what_is_forgotten_is_told_again),
          cmocka_unit_test(other_groups_are_told_whole),
          cmocka_unit_test(too_many_fields_are_told_whole))
