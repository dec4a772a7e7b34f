/*
 * test_value.c - is one value of the file what its field wants?
 */
#include "unit/test.h"

#include <stdbool.h>

#include "store/value.h"

struct row {
	const char *name;
	const char *(*check)(const char *);
	const char *text;
	bool well;
};

static const struct row rows[] = {
	{"a long mixed password with a digit", value_password, "Alice-in-1865",
         true},
	{"eleven characters are too short", value_password, "Alice-in-18",
         false},
	{"a password without a digit", value_password, "Alice-in-Wonder",
         false},
	{"a password without a capital", value_password, "alice-in-1865",
         false},
	{"a password without a small letter", value_password, "ALICE-IN-1865",
         false},
	{"an E.164 number", value_e164, "+15550100", true},
	{"a number without its plus", value_e164, "15550100", false},
	{"a country code with 0", value_e164, "+05550100", false},
	{"fifteen digits are the most", value_e164, "+123456789012345", true},
	{"sixteen digits", value_e164, "+1234567890123456", false},
	{"letters in a number", value_e164, "+1555CALL", false},
	{"an IPv4 address", value_cidr, "192.0.2.7", true},
	{"an IPv4 network", value_cidr, "192.0.2.0/24", true},
	{"an IPv4 length of 33", value_cidr, "192.0.2.0/33", false},
	{"an IPv6 network", value_cidr, "2001:db8::/32", true},
	{"an IPv6 length of 129", value_cidr, "2001:db8::/129", false},
	{"an unfinished address", value_cidr, "10.1.1", false},
	{"a slash without a length", value_cidr, "10.1.1.1/", false},
	{"a host name", value_domain, "phones.example", true},
	{"an address as a domain", value_domain, "192.0.2.5", true},
	{"a domain with a blank", value_domain, "a b", false},
	{"a domain that ends with a dot", value_domain, "example.", false},
	{"an address out of range as a domain", value_domain, "192.0.2.256",
         false},
	{"an http URL", value_url, "http://127.0.0.1:8000/voice?x=1", true},
	{"an ftp URL", value_url, "ftp://example/", false},
	{"a URL without a host", value_url, "http:///voice", false},
	{"a URL with a blank", value_url, "http://a/b c", false},
	{"a URL with a line break", value_url, "http://a/b\nX: y", false},
	{"a target", value_sip_uri, "sip:192.0.2.9:5080;transport=tcp", true},
	{"a target with a user", value_sip_uri, "sip:me@192.0.2.9", false},
	{"a calling code", value_country, "44", true},
	{"a calling code with plus", value_country, "+44", false},
	{"all numbers as a prefix", value_prefix, "+", true},
	{"a username that is a number", value_username, "+15550100", true},
	{"a username with an at sign", value_username, "a@b", false},
	{"a username of 33 bytes", value_username,
         "123456789012345678901234567890123", false},
	{"TwiML", value_twiml, "<Response/>", true},
	{"text that is no TwiML", value_twiml, "hello", false},
};

static void values_are_what_their_fields_want(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		const char *problem = rows[i].check(rows[i].text);

		if (!problem != rows[i].well)
			fail_msg("%s: %s", rows[i].name,
			         problem ? problem : "was accepted");
		if (problem && !strstr(problem, "; "))
			fail_msg("%s: no remedy in: %s", rows[i].name, problem);
	}
}

static void numbers_have_a_range(void **state)
{
	uint32_t v = 7;

	(void)state;
	assert_true(value_uint("4294967295", 0, UINT32_MAX, &v));
	assert_int_equal(UINT32_MAX, v);
	assert_false(value_uint("4294967296", 0, UINT32_MAX, &v));
	assert_false(value_uint("-1", 0, 10, &v));
	assert_false(value_uint("", 0, 10, &v));
	assert_false(value_uint("11", 0, 10, &v));
	assert_int_equal(UINT32_MAX, v);
}

TEST_MAIN(cmocka_unit_test(values_are_what_their_fields_want),
          cmocka_unit_test(numbers_have_a_range))
