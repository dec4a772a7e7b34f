/*
 * test.h - what every test includes: cmocka with what it needs before it
 */
#ifndef TEST_H
#define TEST_H

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define N_OF(array) (sizeof(array) / sizeof((array)[0]))

/** main() of a test program: cmocka_unit_test() entries as arguments. */
#define TEST_MAIN(...)                                                         \
	int main(void)                                                         \
	{                                                                      \
		const struct CMUnitTest tests[] = {__VA_ARGS__};               \
                                                                               \
		return cmocka_run_group_tests(tests, NULL, NULL);              \
	}

#endif
