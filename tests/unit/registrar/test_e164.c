/*
 * test_e164.c - numbers as carriers write them
 */
#include "core/e164.h"

#include "unit/test.h"

struct row {
	const char *text, *country, *want; /* "" = refused */
};

// clang-format off
static const struct row rows[] = {
	{"+14155550100", "", "+14155550100"},
	{"+1 (415) 555-0100", "", "+14155550100"},
	{"+1.415.555.0100;ext=5", "", "+14155550100"},
	{"0014155550100", "44", "+14155550100"},
	{"14155550100", "1", "+14155550100"},
	{"4155550100", "1", "+14155550100"},
	{"011442071838750", "1", "+442071838750"},
	{"02071838750", "44", "+442071838750"},
	{"442071838750", "44", "+442071838750"},
	{"02071838750", "", ""},
	{"4155550100", "", "+4155550100"},
	{"anonymous", "1", ""},
	{"+", "", ""},
	{"", "", ""},
	{"123", "1", ""},
	{"+1415555010012345", "", ""},
	{"+141555501001234", "", "+141555501001234"},
	{"1+4155550100", "1", ""},
	{"+0441234567", "", ""},
	{"sip:+14155550100", "", ""},
};
// clang-format on

static void numbers_become_e164_or_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		char out[E164_SIZE];
		bool ok = e164_read(out, rows[i].text, rows[i].country);

		if (ok != (rows[i].want[0] != '\0'))
			fail_msg("%s in %s: %s", rows[i].text, rows[i].country,
			         out);
		assert_string_equal(rows[i].want, out);
	}
}

TEST_MAIN(cmocka_unit_test(numbers_become_e164_or_nothing))
