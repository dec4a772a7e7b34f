/*
 * test_health.c - which targets of carriers answer
 */
#include "adapters/health.h"
#include "base/strbuf.h"
#include "unit/test.h"

#define A "sip:192.0.2.1"
#define B "sip:192.0.2.2;transport=tcp"

static struct health *health;

static int make(void **state)
{
	(void)state;
	return health_alloc(&health);
}

static int undo(void **state)
{
	(void)state;
	health_free(health);
	health = NULL;
	return 0;
}

static void most_answers_are_a_sign_of_life(void **state)
{
	static const struct {
		bool reached;
		unsigned status;
		bool lives;
	} rows[] = {
		{true, 200, true},  {true, 401, true},   {true, 404, true},
		{true, 405, true},  {true, 500, true},   {true, 408, false},
		{true, 502, false}, {true, 503, false},  {true, 504, false},
		{false, 0, false},  {false, 403, false},
	};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++)
		assert_int_equal(rows[i].lives,
		                 health_lives(rows[i].reached, rows[i].status));
}

static void what_is_not_known_is_not_down(void **state)
{
	(void)state;
	assert_false(health_is_down(health, A));
	assert_false(health_is_down(NULL, A));
}

static void only_a_change_is_news(void **state)
{
	(void)state;
	assert_false(health_note(health, A, true, 1000));
	assert_true(health_note(health, B, false, 1000));
	assert_false(health_note(health, B, false, 2000));
	assert_true(health_is_down(health, B));
	assert_int_equal(1, health_count(health, true));
	assert_int_equal(1, health_count(health, false));
	assert_true(health_note(health, B, true, 3000));
	assert_true(health_note(health, A, false, 3000));
	assert_true(health_is_down(health, A));
	assert_false(health_is_down(health, B));
}

static void what_is_printed_can_be_read(void **state)
{
	struct strbuf b = {0};

	(void)state;
	(void)health_note(health, A, false, 1000);
	(void)health_note(health, A, false, 2000);
	health_print(health, A, &b);
	assert_string_equal("{\"state\":\"down\","
	                    "\"since\":\"1970-01-01T00:00:01.000Z\","
	                    "\"checked\":\"1970-01-01T00:00:02.000Z\"}",
	                    strbuf_str(&b));
	health_begin(health);
	health_read(health, B, strbuf_str(&b));
	health_end(health);
	assert_true(health_is_down(health, B));
	assert_true(
		health_is_down(health, A)); /* may not have been there yet */
	health_begin(health);
	health_read(health, B, strbuf_str(&b));
	health_end(health);
	assert_false(health_is_down(health, A));
	assert_true(health_note(health, B, true, 3000));
	health_begin(health);
	health_read(health, B, strbuf_str(&b)); /* of before */
	health_end(health);
	assert_false(health_is_down(health, B));
	strbuf_close(&b);
}

static void what_can_not_be_read_is_left_out(void **state)
{
	static const char *const bad[] = {
		"",
		"[]",
		"{\"state\":\"down\"}",
		"{\"state\":1,\"since\":\"1970-01-01T00:00:01.000Z\","
		"\"checked\":\"1970-01-01T00:00:01.000Z\"}",
		"{\"state\":\"down\",\"since\":"
		"\"1970-01-01T00:00:01.000Z\",\"checked\":\"\"}",
		"{\"state\":\"down\",\"since\":\"yesterday\"}",
	};

	(void)state;
	health_begin(health);
	for (size_t i = 0; i < N_OF(bad); i++)
		health_read(health, A, bad[i]);
	health_end(health);
	assert_int_equal(0, health_count(health, true));
	assert_int_equal(0, health_count(health, false));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(most_answers_are_a_sign_of_life),
		cmocka_unit_test_setup_teardown(what_is_not_known_is_not_down,
	                                        make, undo),
		cmocka_unit_test_setup_teardown(only_a_change_is_news, make,
	                                        undo),
		cmocka_unit_test_setup_teardown(what_is_printed_can_be_read,
	                                        make, undo),
		cmocka_unit_test_setup_teardown(
			what_can_not_be_read_is_left_out, make, undo),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
