/*
 * test_oom.c - the helper that makes allocations fail
 */
#include "unit/oom.h"
#include "unit/test.h"

static int two_strings(char **ap, char **bp)
{
	*bp = NULL;
	*ap = strdup("a");
	if (*ap)
		*bp = strdup("b");
	if (*bp)
		return 0;
	free(*ap);
	return ENOMEM;
}

static void every_allocation_is_refused_once(void **state)
{
	char *a, *b;
	int ok = 0;

	(void)state;
	OOM_EACH(two_strings(&a, &b), {
		free(a);
		free(b);
		ok++;
	});
	assert_int_equal(1, ok);
}

TEST_MAIN(cmocka_unit_test(every_allocation_is_refused_once))
