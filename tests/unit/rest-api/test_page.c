/*
 * test_page.c - one page of a list: what was asked, the envelope
 */
#include "unit/test.h"

#include <stdlib.h>

#include "core/error.h"
#include "core/fields.h"
#include "core/page.h"

#define SD "SD0123456789abcdef0123456789abcdef"

static const struct {
	const char *query;
	uint32_t code;
	size_t size, number;
	const char *after;
} rows[] = {
	{"", 0, 50, 0, ""},
	{"PageSize=7&Page=3", 0, 7, 3, ""},
	{"PageSize=1000", 0, 1000, 0, ""},
	{"PageSize=", 0, 50, 0, ""},
	{"Page=1&PageToken=PA" SD, 0, 50, 1, SD},
	{"PageSize=1001", ERROR_PAGE_SIZE, 0, 0, ""},
	{"PageSize=0", ERROR_PAGE_SIZE, 0, 0, ""},
	{"PageSize=-1", ERROR_PAGE_SIZE, 0, 0, ""},
	{"PageSize=1e3", ERROR_PAGE_SIZE, 0, 0, ""},
	{"PageSize=99999999999999999999", ERROR_PAGE_SIZE, 0, 0, ""},
	{"Page=x", ERROR_PARAMETER, 0, 0, ""},
	{"PageToken=x", 21481, 0, 0, ""},
	{"PageToken=PA" SD "0", 21481, 0, 0, ""},
	{"PageToken=PB" SD, 21481, 0, 0, ""},
};

static void what_was_asked_is_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct fields f = {0};
		struct page page;
		uint32_t code;

		assert_int_equal(0, fields_form(&f, rows[i].query,
		                                strlen(rows[i].query)));
		code = page_read(&page, &f);
		if (code != rows[i].code)
			fail_msg("%s: %u", rows[i].query, code);
		if (!code) {
			assert_int_equal(rows[i].size, page.size);
			assert_int_equal(rows[i].number, page.number);
			assert_string_equal(rows[i].after, page.after);
		}
		fields_close(&f);
	}
}

static void the_envelope_has_the_filters_and_the_next_page(void **state)
{
	static const char query[] = "To=%2B1&StartTime%3E=2026-01-01&Page=1";
	static const char wanted[] =
		"{\"calls\":[1,2],\"end\":51,\"page\":1,\"page_size\":50,"
		"\"start\":50,\"first_page_uri\":"
		"\"/"
		"x.json?To=%2B1&StartTime%3E=2026-01-01&PageSize=50&Page=0\","
		"\"next_page_uri\":"
		"\"/x.json?To=%2B1&StartTime%3E=2026-01-01&PageSize=50&Page=2&"
		"PageToken=PA" SD "\",\"previous_page_uri\":"
		"\"/"
		"x.json?To=%2B1&StartTime%3E=2026-01-01&PageSize=50&Page=0\","
		"\"uri\":"
		"\"/"
		"x.json?To=%2B1&StartTime%3E=2026-01-01&PageSize=50&Page=1\"}";
	struct page_list list = {.path = "/x.json", .key = "calls"};
	struct fields f = {0};
	struct page page;
	json_t *o;
	char *text;

	(void)state;
	assert_int_equal(0, fields_form(&f, query, sizeof(query) - 1));
	assert_int_equal(0, page_read(&page, &f));
	list.page = &page;
	list.params = &f;
	o = page_wrap(&list, json_pack("[i,i]", 1, 2), SD);
	text = json_dumps(o, JSON_COMPACT);
	assert_string_equal(wanted, text);
	free(text);
	json_decref(o);
	fields_close(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_asked_is_read),
		cmocka_unit_test(
			the_envelope_has_the_filters_and_the_next_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
