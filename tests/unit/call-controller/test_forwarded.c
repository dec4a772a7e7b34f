/*
 * test_forwarded.c - Diversion and History-Info to ForwardedFrom
 */
#include "unit/test.h"

#include "core/forwarded.h"

static const struct {
	const char *diversion, *history;
	const char *expect; /* NULL: nobody */
} cases[] = {
	{"", "", NULL},
	{"<sip:+15551234567@gw.example;user=phone>;reason=no-answer", "",
         "+15551234567"},
	{"\"Smith, <Bob>\" <sip:15551234567@gw.example>, <sip:1@b>", "",
         "15551234567"},
	{"<tel:+15551234567;phone-context=x>;reason=unconditional", "",
         "+15551234567"},
	{"sip:bob@gw.example;reason=deflection", "", "sip:bob@gw.example"},
	{"<sip:gw.example>", "", NULL},
	{"nonsense", "", NULL},
	{"\"", "", NULL},
	{"", "<sip:+15550001@a>;index=1", NULL},
	{"", "<sip:+15550001@a>;index=1, <sip:+15550002@b>;index=1.1",
         "+15550001"},
	{"",
         "<sip:+15550001@a>;index=1,<sip:bob@b?Reason=SIP%3Bcause%3D302>"
         ";index=1.1,<sip:+15550003@c>;index=1.1.1",
         "sip:bob@b"},
	{"<sip:+15550009@z>", "<sip:+15550001@a>, <sip:+15550002@b>",
         "+15550009"},
};

static void the_last_diversion_is_told(void **state)
{
	char out[FORWARDED_SIZE];

	(void)state;
	for (size_t i = 0; i < N_OF(cases); i++) {
		bool found = forwarded_from(cases[i].diversion,
		                            cases[i].history, out);

		if (found != (cases[i].expect != NULL))
			fail_msg("row %zu", i + 1);
		if (found)
			assert_string_equal(cases[i].expect, out);
	}
}

TEST_MAIN(cmocka_unit_test(the_last_diversion_is_told))
