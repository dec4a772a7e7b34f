/*
 * test_readable.c - what the API says for programs, for people
 */
#include "unit/test.h"

#include "core/readable.h"

static const struct {
	const char *time, *want;
} times[] = {
	{"Mon, 30 Nov 2026 17:37:36 +0000", "2026-11-30 17:37:36"},
	{"2026-11-30T17:37:36Z", "2026-11-30 17:37:36"},
	{"2026-11-30T17:37:36.123Z", "2026-11-30 17:37:36"},
	{"Mon, 30 Foo 2026 17:37:36 +0000", ""},
	{"Mon, 30 Nov", ""},
	{"", ""},
};

static void times_are_in_the_order_that_sorts(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_OF(times); i++) {
		char out[READABLE_TIME_SIZE];

		readable_time(times[i].time, out);
		assert_string_equal(times[i].want, out);
	}
}

static void the_text_of_an_alert_is_text(void **state)
{
	json_t *rows = json_loads("[{\"alert_text\":\"ErrorCode=32009&Msg=bob"
	                          "%3A+not+there&source=192.0.2.9\"},"
	                          "{\"alert_text\":\"plain\",\"sid\":\"1\"}]",
	                          0, NULL);
	char *text;

	(void)state;
	readable(rows);
	text = json_dumps(rows, JSON_COMPACT | JSON_SORT_KEYS);
	assert_string_equal("[{\"source\":\"192.0.2.9\",\"text\":\"bob: not "
	                    "there\"},{\"alert_text\":\"plain\",\"sid\":"
	                    "\"1\"}]",
	                    text);
	free(text);
	json_decref(rows);
}

TEST_MAIN(cmocka_unit_test(times_are_in_the_order_that_sorts),
          cmocka_unit_test(the_text_of_an_alert_is_text))
