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
	{.name = "Short", .field = "short", .min = 2, .max = 3},
	{.name = "User", .field = "user", .max = 3, .code = 21221},
	{.name = "Domain",
         .field = "domain",
         .type = PARAM_DOMAIN,
         .code = 21232},
	{.name = "Twiml",
         .field = "twiml",
         .type = PARAM_TWIML,
         .max = 8,
         .code = 21618},
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

static const struct param required[] = {
	{.name = "Domain",
         .field = "domain",
         .type = PARAM_DOMAIN,
         .required = true,
         .code = 21232},
	{.name = NULL},
};

static const struct {
	const struct param *table;
	const char *form, *message;
} messages[] = {
	{table, "Short=%c3%a9%c3%a9%c3%a9", ""},
	{table, "Short=%c3%a9%c3%a9%c3%a9%c3%a9",
         "Invalid parameter Short: it is longer than 3 characters"},
	{table, "Short=%c3%a9",
         "Invalid parameter Short: it is shorter than 2 characters"},
	{table, "Short=a%0d",
         "Invalid parameter Short: it has control characters or is no UTF-8"},
	{table, "User=1234",
         "SipAuthUsername is not valid: it is longer than 3 characters"},
	{table, "User=1%0d%0a",
         "SipAuthUsername is not valid: it has control "
         "characters or is no UTF-8"},
	{table, "Twiml=foo",
         "The TwiML is wrong: it has no element, like <Response>"},
	{table,
         "Twiml=", "The TwiML is wrong: it has no element, like <Response>"},
	{table, "Twiml=<12345678>",
         "The TwiML is wrong: it is longer than 8 bytes"},
	{table, "Domain=a_b!", "DomainName a_b! is invalid or taken"},
	{required, "", "DomainName (missing) is invalid or taken"},
};

static void a_message_says_what_is_wrong(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_OF(messages); i++) {
		struct fields said = {0}, out = {0};
		struct param_error error = {.code = 0};
		char text[300] = "";

		assert_int_equal(0, fields_form(&said, messages[i].form,
		                                strlen(messages[i].form)));
		if (!params_take(messages[i].table, &said, true, &out, &error))
			error_text(error.code, error.detail, text,
			           sizeof(text));
		assert_string_equal(messages[i].message, text);
		fields_close(&said);
		fields_close(&out);
	}
}

static void where_nothing_is_told_there_is_no_gap(void **state)
{
	char text[300];

	(void)state;
	error_text(ERROR_MISSING, "", text, sizeof(text));
	assert_string_equal("The requested resource was not found", text);
	error_text(ERROR_ACCESS, NULL, text, sizeof(text));
	assert_string_equal("Access denied", text);
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
		cmocka_unit_test(a_message_says_what_is_wrong),
		cmocka_unit_test(where_nothing_is_told_there_is_no_gap),
		cmocka_unit_test(
			an_error_whose_detail_is_no_text_says_the_rest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
