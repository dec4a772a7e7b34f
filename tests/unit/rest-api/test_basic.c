/*
 * test_basic.c - credentials of a request (RFC 7617)
 */
#include "unit/test.h"

#include "core/basic.h"

static void credentials_are_read(void **state)
{
	static const char *const bad[] = {
		NULL,         "",           "Basic ",         "Bearer dTpw",
		"Basic dT",   "Basic =",    "Basic dXNlcg==", "Basic ****",
		"Basic AAAA", "Basic ====",
	};
	char longest[BASIC_MAX + 16];
	struct basic b;

	(void)state;
	assert_true(basic_parse("Basic dTpw", &b));
	assert_string_equal("u", b.user);
	assert_string_equal("p", b.password);
	assert_true(basic_parse("basic  dXNlcjpwYTpzcw==", &b));
	assert_string_equal("user", b.user);
	assert_string_equal("pa:ss", b.password);
	assert_true(basic_parse("Basic dXNlcjo=", &b));
	assert_string_equal("", b.password);
	for (size_t i = 0; i < N_OF(bad); i++)
		assert_false(basic_parse(bad[i], &b));
	memset(longest, 'O', sizeof(longest)); /* "8" and others */
	memcpy(longest, "Basic ", 6);
	longest[6 + BASIC_MAX + 4] = '\0';
	assert_false(basic_parse(longest, &b));
	assert_true(basic_same("abc", "abc"));
	assert_false(basic_same("abc", "abd"));
	assert_false(basic_same("abc", "ab"));
	assert_false(basic_same("", "a"));
}

TEST_MAIN(cmocka_unit_test(credentials_are_read))
