/*
 * test_shape.c - a hash of Redis as the JSON of a resource
 */
#include "unit/test.h"

#include "core/fields.h"
#include "core/shape.h"

#define AC "AC00000000000000000000000000000001"

static const struct {
	struct shape shape;
	const char *value; /* of its field; NULL = there is none */
	const char *json;
} rows[] = {
	{{"x", SHAPE_TEXT, NULL}, "a \"b\"", "\"a \\\"b\\\"\""},
	{{"x", SHAPE_TEXT, NULL}, "", "null"},
	{{"x", SHAPE_TEXT, NULL}, NULL, "null"},
	{{"x", SHAPE_TEXT, NULL}, "\xff", "null"},
	{{"x", SHAPE_STRING, NULL}, NULL, "\"\""},
	{{"x", SHAPE_BOOL, NULL}, "true", "true"},
	{{"x", SHAPE_BOOL, NULL}, "yes", "false"},
	{{"x", SHAPE_INT, NULL}, "12400", "12400"},
	{{"x", SHAPE_INT, NULL}, "", "null"},
	{{"x", SHAPE_INT, NULL}, "1x", "null"},
	{{"x", SHAPE_PHONE, NULL}, "+14158675308", "\"(415) 867-5308\""},
	{{"x", SHAPE_PHONE, NULL}, "+1415867530", "\"+1415867530\""},
	{{"x", SHAPE_PHONE, NULL}, "+141586753081", "\"+141586753081\""},
	{{"x", SHAPE_PHONE, NULL}, "+1415867530x", "\"+1415867530x\""},
	{{"x", SHAPE_PHONE, NULL}, "+442071838750", "\"+442071838750\""},
	{{"x", SHAPE_PHONE, NULL}, "sip:a@b", "\"sip:a@b\""},
	{{"x", SHAPE_PHONE, NULL}, "", "null"},
	{{"x", SHAPE_DATE, NULL},
         "2026-11-22T18:30:15.248Z",
         "\"Sun, 22 Nov 2026 18:30:15 +0000\""},
	{{"x", SHAPE_DATE, NULL}, "", "null"},
	{{"x", SHAPE_DATE, NULL}, "today", "null"},
	{{"x", SHAPE_ISO, NULL},
         "2026-11-22T18:30:15.248Z",
         "\"2026-11-22T18:30:15Z\""},
	{{"x", SHAPE_LITERAL, "USD"}, NULL, "\"USD\""},
	{{"x", SHAPE_NULL, NULL}, "1", "null"},
	{{"x", SHAPE_URI, "/Calls/{x}.json"},
         "CA1",
         "\"/2010-04-01/Accounts/" AC "/Calls/CA1.json\""},
	{{"x", SHAPE_LINKS, "/Calls/{x}: events user_defined_messages"},
         "CA1",
         "{\"events\":\"/2010-04-01/Accounts/" AC
         "/Calls/CA1/Events.json\",\"user_defined_messages\":\"/2010-04-01/"
         "Accounts/" AC "/Calls/CA1/UserDefinedMessages.json\"}"},
};

static void each_kind_is_shown_as_it_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		const struct shape shape[] = {rows[i].shape, {0}};
		struct fields f = {0};
		json_t *o;
		char *text;

		fields_add(&f, "account_sid", AC);
		if (rows[i].value)
			fields_add(&f, "x", rows[i].value);
		o = shape_json(shape, &f);
		text = json_dumps(json_object_get(o, "x"),
		                  JSON_COMPACT | JSON_ENCODE_ANY);
		if (strcmp(text, rows[i].json) != 0)
			fail_msg("row %zu: %s", i, text);
		free(text);
		json_decref(o);
		fields_close(&f);
	}
}

TEST_MAIN(cmocka_unit_test(each_kind_is_shown_as_it_says))
