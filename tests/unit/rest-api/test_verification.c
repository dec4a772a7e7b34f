/*
 * test_verification.c - what the call says that asks whose number it is
 */
#include "unit/test.h"

#include "base/sid.h"
#include "base/strbuf.h"
#include "core/verification.h"

static void three_codes_may_be_wrong(void **state)
{
	(void)state;
	assert_int_equal(VERIFICATION_ASKS_AGAIN, verification_after(1));
	assert_int_equal(VERIFICATION_ASKS_AGAIN, verification_after(2));
	assert_int_equal(VERIFICATION_SORRY, verification_after(3));
	assert_int_equal(VERIFICATION_SORRY, verification_after(99));
}

static void documents_ask_or_hang_up(void **state)
{
	static const struct {
		enum verification_says says;
		bool asks;
	} rows[] = {
		{VERIFICATION_ASKS, true},
		{VERIFICATION_ASKS_AGAIN, true},
		{VERIFICATION_THANKS, false},
		{VERIFICATION_SORRY, false},
	};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct strbuf b = {0};

		verification_document(&b, rows[i].says, "http://x/code");
		assert_true(rows[i].asks ==
		            (strstr(strbuf_str(&b),
		                    "<Gather action=\"http://x/code\" "
		                    "numDigits=\"6\"") != NULL));
		assert_true(rows[i].asks !=
		            (strstr(strbuf_str(&b), "<Hangup/>") != NULL));
		strbuf_close(&b);
	}
}

#define CALL "CA0123456789abcdef0123456789abcdef"

static void paths_name_a_call_and_a_part(void **state)
{
	static const struct {
		const char *path;
		enum verification_part part;
	} rows[] = {
		{"/verifications/" CALL, VERIFICATION_VOICE},
		{"/verifications/" CALL "/code", VERIFICATION_CODE},
		{"/verifications/" CALL "/status", VERIFICATION_STATUS},
		{"/verifications/" CALL "/", VERIFICATION_NONE},
		{"/verifications/" CALL "0", VERIFICATION_NONE},
		{"/verifications/CA01", VERIFICATION_NONE},
		{"/verifications/", VERIFICATION_NONE},
		{"/twiml/" CALL, VERIFICATION_NONE},
	};
	char sid[SID_SIZE];

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++)
		assert_int_equal(rows[i].part,
		                 verification_path(rows[i].path, sid));
	assert_int_equal(VERIFICATION_VOICE,
	                 verification_path(rows[0].path, sid));
	assert_string_equal(CALL, sid);
}

static void numbers_are_taken_as_people_write_them(void **state)
{
	static const char *const bad[] = {
		"",         "+",       "4155550100",          "+1415555x100",
		"+0155501", "sip:a@b", "+123456789012345678", "client:x",
	};
	char out[17];

	(void)state;
	assert_true(verification_number("+1 (415) 555-0100", out));
	assert_string_equal("+14155550100", out);
	assert_true(verification_number("+4930123456", out));
	for (size_t i = 0; i < N_OF(bad); i++)
		assert_false(verification_number(bad[i], out));
}

TEST_MAIN(cmocka_unit_test(three_codes_may_be_wrong),
          cmocka_unit_test(documents_ask_or_hang_up),
          cmocka_unit_test(paths_name_a_call_and_a_part),
          cmocka_unit_test(numbers_are_taken_as_people_write_them))
