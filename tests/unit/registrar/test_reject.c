/*
 * test_reject.c - the table of refusals, and who is not answered at all
 */
#include "core/reject.h"

#include "core/scanner.h"
#include "unit/test.h"

static void every_refusal_has_a_row(void **state)
{
	(void)state;
	for (int i = 0; i <= REJECT_NO_NUMBER; i++) {
		const struct reject_row *row = reject_row((enum reject)i);

		/* RFC 3261 10.3: a registrar answers no 6xx */
		assert_in_range(row->status, 400, 503);
		assert_in_range(row->call_status, 400, 699);
		assert_in_range(row->code, 10000, 99999);
		assert_true(strlen(row->text) < 150);
		assert_null(strpbrk(row->text, "\r\n\""));
	}
}

static void scanners_are_told_from_phones(void **state)
{
	(void)state;
	assert_true(scanner_is("friendly-scanner"));
	assert_true(scanner_is("SIPVicious 0.3"));
	assert_true(scanner_is("sipcli/v1.8"));
	assert_false(scanner_is("Yealink SIP-T46S 66.84.0.15"));
	assert_false(scanner_is(""));
}

TEST_MAIN(cmocka_unit_test(every_refusal_has_a_row),
          cmocka_unit_test(scanners_are_told_from_phones))
