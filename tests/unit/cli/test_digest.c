/*
 * test_digest.c - what a tenants file says, in 64 characters
 */
#include "unit/test.h"

#include "core/digest.h"

#include "tenants.h"

static void digest(const char *text, const char *also, char out[DIGEST_SIZE])
{
	struct tenants_file f;

	assert_int_equal(0, tenants_open(&f, text));
	assert_int_equal(0, digest_of(f.root, also, out));
	tenants_close(&f);
}

#define ACCOUNT                                                                \
	"accounts:\n"                                                          \
	"  - friendly_name: Acme\n"                                            \
	"    auth_token: 0123456789abcdef\n"

static const struct {
	const char *text, *also;
	bool same;
} files[] = {
	{ACCOUNT, "", true},
	{"# a comment\naccounts: [{friendly_name: \"Acme\", auth_token: "
         "0123456789abcdef}]\n",
         "", true},
	{ACCOUNT, "http://api.acme.test", false},
	{ACCOUNT "    status: suspended\n", "", false},
	{"accounts:\n  - friendly_name: Acm\n    auth_token: "
         "e0123456789abcdef\n",
         "", false},
};

static void a_file_that_says_something_else_has_another_digest(void **state)
{
	char first[DIGEST_SIZE], other[DIGEST_SIZE];

	(void)state;
	digest(ACCOUNT, "", first);
	assert_int_equal(DIGEST_SIZE - 1, strlen(first));
	for (size_t i = 0; i < N_OF(files); i++) {
		digest(files[i].text, files[i].also, other);
		if (files[i].same != (strcmp(first, other) == 0))
			fail_msg("row %zu", i);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_file_that_says_something_else_has_another_digest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
