/*
 * test_framing.c - messages out of a stream, and streams that lie
 */
#include "core/framing.h"

#include "unit/test.h"

#define START "OPTIONS sip:a@b SIP/2.0\r\n"

static enum framing_result once(const char *text, size_t *n)
{
	struct framing f = {.scanned = 0};

	return framing_next(&f, text, strlen(text), n);
}

static void results(void **state)
{
	static const struct {
		const char *text;
		enum framing_result result;
		size_t n;
	} rows[] = {
		{"", FRAMING_MORE, 0},
		{"\r", FRAMING_MORE, 0},
		{"\r\n\r", FRAMING_MORE, 0},
		{"\r\n\r\n", FRAMING_PING, 4},
		{"\r\nOPTIONS", FRAMING_SKIP, 2},
		{"\n\n", FRAMING_BAD, 0},
		{START, FRAMING_MORE, 0},
		{START "l: 2\r\n\r\na", FRAMING_MORE, 0},
		{START "l: 2\r\n\r\nabc", FRAMING_MESSAGE, 35},
		{START "l: 2\r\nContent-Length : 2\r\n\r\nabc", FRAMING_MESSAGE,
	         55},
		{START "X: y\r\n\r\n", FRAMING_BAD, 0},
		{START "l: 4294967297\r\n\r\n", FRAMING_BAD, 0},
		{START "l: -1\r\n\r\n", FRAMING_BAD, 0},
		{START "l: 10, 20\r\n\r\n", FRAMING_BAD, 0},
		{START "l: 1\r\nl: 2\r\n\r\n", FRAMING_BAD, 0},
		{START "l: \r\n\r\n", FRAMING_BAD, 0},
		{START "l: 65536\r\n\r\n", FRAMING_BAD, 0},
	};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		size_t n = 0;
		enum framing_result r = once(rows[i].text, &n);

		if (r != rows[i].result || (rows[i].n > 0 && n != rows[i].n))
			fail_msg("row %zu: %d %zu", i, (int)r, n);
	}
}

static void a_message_may_come_byte_by_byte(void **state)
{
	static const char text[] = START "Content-Length: 3\r\n\r\nabc";
	struct framing f = {.scanned = 0};
	size_t n = 0;

	(void)state;
	for (size_t i = 1; i < sizeof(text) - 1; i++)
		assert_int_equal(FRAMING_MORE, framing_next(&f, text, i, &n));
	assert_int_equal(FRAMING_MESSAGE,
	                 framing_next(&f, text, sizeof(text) - 1, &n));
	assert_int_equal(sizeof(text) - 1, n);
}

static void a_message_without_an_end_is_too_large(void **state)
{
	static char text[66000];
	struct framing f = {.scanned = 0};
	size_t n = 0;

	(void)state;
	memset(text, 'a', sizeof(text));
	assert_int_equal(FRAMING_MORE, framing_next(&f, text, 65000, &n));
	assert_int_equal(FRAMING_BAD, framing_next(&f, text, 66000, &n));
}

static void keep_alives_of_datagrams(void **state)
{
	static const char zeros[64];

	(void)state;
	assert_true(framing_keepalive("", 0));
	assert_true(framing_keepalive("\r\n\r\n", 4));
	assert_true(framing_keepalive("jaK", 3));
	assert_true(framing_keepalive(zeros, sizeof(zeros)));
	assert_false(framing_keepalive("hello", 5));
}

TEST_MAIN(cmocka_unit_test(results),
          cmocka_unit_test(a_message_may_come_byte_by_byte),
          cmocka_unit_test(a_message_without_an_end_is_too_large),
          cmocka_unit_test(keep_alives_of_datagrams))
