/*
 * test_decimal.c - numbers as text
 */
#include "base/decimal.h"

#include <inttypes.h>

#include "unit/test.h"

static void it_writes_what_printf_does(void **state)
{
	static const uint64_t values[] = {
		0, 9, 10, 4294967295U, 1767225600250U, UINT64_MAX};
	char text[DECIMAL_SIZE], want[32];

	(void)state;
	for (size_t i = 0; i < N_OF(values); i++) {
		(void)snprintf(want, sizeof(want), "%" PRIu64, values[i]);
		assert_string_equal(want, decimal(values[i], text));
	}
}

TEST_MAIN(cmocka_unit_test(it_writes_what_printf_does))
