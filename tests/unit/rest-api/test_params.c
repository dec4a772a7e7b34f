/*
 * test_params.c - the parameters of a POST: what is text, what errors say
 */
#include "unit/test.h"

#include <stdlib.h>

#include "core/error.h"
#include "core/fields.h"
#include "core/params.h"

static const struct param table[] = {
	{.name = "Name", .field = "name", .max = 64},
	{.name = "Url", .field = "url", .type = PARAM_URL},
	{.name = NULL},
};

static const struct {
	const char *form;
	uint32_t code;
} rows[] = {
	{"Name=", 0},
	{"Name=plain", 0},
	{"Name=%7f", ERROR_PARAMETER},
	{"Name=a%0d%0ab", ERROR_PARAMETER},
	{"Name=%c2%80", 0},
	{"Name=%c0%af", ERROR_PARAMETER},
	{"Name=%c3", ERROR_PARAMETER},
	{"Name=%e0%a0%80", 0},
	{"Name=%e0%80%80", ERROR_PARAMETER},
	{"Name=%ed%9f%bf", 0},
	{"Name=%ed%a0%80", ERROR_PARAMETER},
	{"Name=%ef%bf%bd", 0},
	{"Name=%f0%90%80%80", 0},
	{"Name=%f0%80%80%80", ERROR_PARAMETER},
	{"Name=%f4%8f%bf%bf", 0},
	{"Name=%f4%90%80%80", ERROR_PARAMETER},
	{"Name=%ff", ERROR_PARAMETER},
	{"Url=http://x/%25ff", 0},
	{"Url=http://x/%c3%a9", 0},
	{"Url=http://x/%ff", 21402},
};

static void what_json_can_not_show_is_no_text(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct fields said = {0}, out = {0};
		struct param_error error = {.code = 0};
		bool well;

		assert_int_equal(0, fields_form(&said, rows[i].form,
		                                strlen(rows[i].form)));
		well = params_take(table, &said, true, &out, &error);
		if (well != !rows[i].code || error.code != rows[i].code)
			fail_msg("%s: %u", rows[i].form, error.code);
		fields_close(&said);
		fields_close(&out);
	}
}

static void an_error_whose_detail_is_no_text_says_the_rest(void **state)
{
	char *body = error_json(ERROR_MISSING, "/a\xff");

	(void)state;
	assert_non_null(body);
	assert_non_null(strstr(body, "The requested resource"));
	assert_null(strstr(body, "%s"));
	free(body);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_json_can_not_show_is_no_text),
		cmocka_unit_test(
			an_error_whose_detail_is_no_text_says_the_rest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
