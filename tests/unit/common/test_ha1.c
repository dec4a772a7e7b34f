/*
 * test_ha1.c - what is kept of a password (RFC 7616 3.9.1)
 */
#include "unit/test.h"

#include "store/ha1.h"
#include "unit/oom.h"

/* H("Mufasa:http-auth@example.org:Circle of Life"), both hashes, as the
 * example of RFC 7616 3.9.1 needs them. */
static void the_example_of_rfc_7616_comes_out(void **state)
{
	struct ha1 ha1;

	(void)state;
	assert_int_equal(0, ha1_make(&ha1, "Mufasa", "http-auth@example.org",
	                             "Circle of Life"));
	assert_string_equal("3d78807defe7de2157e2b0b6573a855f", ha1.md5);
	assert_string_equal("7987c64c30e25f1b74be53f966b49b90"
	                    "f2808aa92faf9a00262392d7b4794232",
	                    ha1.sha256);
}

static void without_memory_there_is_no_digest(void **state)
{
	struct ha1 ha1;

	(void)state;
	OOM_EACH(ha1_make(&ha1, "a", "b", "c"), (void)0);
}

TEST_MAIN(cmocka_unit_test(the_example_of_rfc_7616_comes_out),
          cmocka_unit_test(without_memory_there_is_no_digest))
