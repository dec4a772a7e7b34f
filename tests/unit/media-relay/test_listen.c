/*
 * test_listen.c - when an utterance is over, and what is asked about it
 */
#include "unit/test.h"

#include "core/listen.h"

/* @return the millisecond at which it was over, 0 = not yet */
static uint32_t put(struct utterance *u, int16_t level, uint32_t ms)
{
	int16_t frame[320];

	for (size_t i = 0; i < N_OF(frame); i++)
		frame[i] = (int16_t)(i % 40 < 20 ? level : -level);
	for (uint32_t t = 0; t < ms; t += 20) {
		if (utterance_put(u, frame, N_OF(frame), 20))
			return u->now_ms;
	}
	return 0;
}

static void it_ends_with_silence_after_speech(void **state)
{
	const struct listen_spec spec = {"L", 800, 10000};
	struct utterance u;

	(void)state;
	utterance_init(&u, &spec);
	assert_int_equal(0, put(&u, 10, 3000)); /* before it, silence is none */
	assert_int_equal(0, put(&u, 3000, 300));
	assert_int_equal(0, put(&u, 10, 700)); /* a pause */
	assert_int_equal(0, put(&u, 3000, 300));
	assert_int_equal(5100, put(&u, 10, 2000));
}

static void a_click_is_no_speech(void **state)
{
	const struct listen_spec spec = {"L", 800, 10000};
	struct utterance u;

	(void)state;
	utterance_init(&u, &spec);
	assert_int_equal(0, put(&u, 10, 200));
	assert_int_equal(0, put(&u, 9000, 40));
	assert_int_equal(LISTEN_SILENT_MS, put(&u, 10, 40000));
}

static void it_has_a_longest_time(void **state)
{
	const struct listen_spec engine = {"L", 0, 0};
	const struct listen_spec huge = {"L", 500, UINT32_MAX};
	struct utterance u;

	(void)state;
	utterance_init(&u, &engine);
	assert_int_equal(0, put(&u, 3000, 300));
	assert_int_equal(LISTEN_UTTERANCE_MS, put(&u, 10, 90000));
	utterance_init(&u, &engine);
	assert_int_equal(0, put(&u, 10, 29000));
	assert_int_equal(LISTEN_UTTERANCE_MS, put(&u, 3000, 90000));
	utterance_init(&u, &huge);
	assert_int_equal(LISTEN_UTTERANCE_MS, put(&u, 3000, 90000));
}

static void it_is_as_long_as_asked_from_the_first_voice_on(void **state)
{
	const struct listen_spec spec = {"L", 0, 10000};
	struct utterance u;

	(void)state;
	utterance_init(&u, &spec);
	assert_int_equal(0, put(&u, 10, 8000));
	assert_false(utterance_spoken(&u));
	assert_int_equal(0, put(&u, 3000, 200));
	assert_true(utterance_spoken(&u));
	assert_int_equal(18000, put(&u, 3000, 20000));
}

static void hints_are_copied_within_limits(void **state)
{
	char *hints[LISTEN_HINTS_MAX + 1];
	char longest[LISTEN_HINT_MAX + 2];
	struct listen_order *o;

	(void)state;
	memset(longest, 'a', sizeof(longest));
	longest[LISTEN_HINT_MAX] = '\0';
	for (size_t i = 0; i < N_OF(hints); i++)
		hints[i] = i % 2 ? longest : (char *)"two words";
	o = listen_order_copy("de-DE", true, hints, LISTEN_HINTS_MAX);
	assert_non_null(o);
	assert_string_equal("de-DE", o->language);
	assert_int_equal(LISTEN_HINTS_MAX, o->n_hints);
	assert_string_equal("two words", o->hints[498]);
	assert_string_equal(longest, o->hints[499]);
	assert_true(o->partial);
	free(o);
	assert_null(listen_order_copy("en", false, hints, N_OF(hints)));
	longest[LISTEN_HINT_MAX] = 'a';
	longest[LISTEN_HINT_MAX + 1] = '\0';
	assert_null(listen_order_copy("en", false, hints, 2));
	assert_null(listen_order_copy(longest, false, NULL, 0));
}

TEST_MAIN(cmocka_unit_test(it_ends_with_silence_after_speech),
          cmocka_unit_test(a_click_is_no_speech),
          cmocka_unit_test(it_has_a_longest_time),
          cmocka_unit_test(it_is_as_long_as_asked_from_the_first_voice_on),
          cmocka_unit_test(hints_are_copied_within_limits))
