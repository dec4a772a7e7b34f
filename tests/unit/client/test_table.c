/*
 * test_table.c - JSON as people like to read it
 */
#include "unit/test.h"

#include "base/strbuf.h"
#include "core/table.h"

static void rows_are_as_wide_as_what_is_in_them(void **state)
{
	json_t *rows = json_loads("[{\"sid\":\"1\",\"is_on\":true,\"n\":12},"
	                          "{\"sid\":\"\\u00e4bc\\u0007\",\"is_on\":"
	                          "false,\"n\":null}]",
	                          0, NULL);
	struct strbuf b = {0};

	(void)state;
	table_rows(&b, rows, "sid is_on n");
	assert_string_equal("SID   IS ON  N\n"
	                    "1     yes    12\n"
	                    "\xc3\xa4"
	                    "bc   no     \n",
	                    strbuf_str(&b));
	strbuf_close(&b);
	json_decref(rows);
}

static void one_is_a_line_for_each_member(void **state)
{
	json_t *one = json_loads("{\"sid\":\"1\",\"longer\":3,\"none\":null,"
	                         "\"uris\":{\"a\":1},\"list\":[1,\"b\"]}",
	                         0, NULL);
	struct strbuf b = {0};

	(void)state;
	table_one(&b, one);
	assert_string_equal("sid     1\nlonger  3\nlist    1, b\n",
	                    strbuf_str(&b));
	strbuf_close(&b);
	json_decref(one);
}

static void arrays_are_words_and_what_no_row_has_is_no_column(void **state)
{
	json_t *rows = json_loads("[{\"a\":[\"+1\",\"+49\"],\"c\":null},"
	                          "{\"a\":[],\"d\":[{\"x\":1}]}]",
	                          0, NULL);
	struct strbuf b = {0};

	(void)state;
	table_rows(&b, rows, "a b c d");
	assert_string_equal("A        C  D\n"
	                    "+1, +49     \n"
	                    "            [{\"x\":1}]\n",
	                    strbuf_str(&b));
	strbuf_close(&b);
	json_decref(rows);
}

TEST_MAIN(cmocka_unit_test(rows_are_as_wide_as_what_is_in_them),
          cmocka_unit_test(one_is_a_line_for_each_member),
          cmocka_unit_test(arrays_are_words_and_what_no_row_has_is_no_column))
