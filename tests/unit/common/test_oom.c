/*
 * test_oom.c - the helper that makes allocations fail
 */
#include "unit/oom.h"
#include "unit/test.h"

static int two_strings(void)
{
	char *a = strdup("a"), *b = strdup("b");
	int err = a && b ? 0 : ENOMEM;

	free(a);
	free(b);
	return err;
}

static void every_allocation_is_refused_once(void **state)
{
	int made = 0, tried = 0;

	(void)state;
	OOM_EACH((tried++, two_strings()), made++);
	assert_int_equal(3, tried);
	assert_int_equal(1, made);
}

TEST_MAIN(cmocka_unit_test(every_allocation_is_refused_once))
