/*
 * test_freshness.c - how long a response may be used again (RFC 9111)
 */
#include "unit/test.h"

#include "core/freshness.h"

/* Sun, 06 Nov 1994 08:49:37 GMT */
enum { NOW_S = 784111777 };

static void dates_of_all_three_forms_are_read(void **state)
{
	static const struct {
		const char *text;
		uint64_t s;
	} rows[] = {
		{"Sun, 06 Nov 1994 08:49:37 GMT", NOW_S},
		{"Sunday, 06-Nov-94 08:49:37 GMT", NOW_S},
		{"Sun Nov  6 08:49:37 1994", NOW_S},
		{"Thu, 01 Jan 1970 00:00:01 GMT", 1},
		{"Thu, 29 Feb 2024 12:00:00 GMT", 1709208000},
		{"0", 0},
		{"-1", 0},
		{"", 0},
		{"Sun, 06 Foo 1994 08:49:37 GMT", 0},
		{"Sun, 06 Nov 1994 25:49:37 GMT", 0},
		{"Sun, 99 Nov 1994 08:49:37 GMT", 0},
	};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		if (freshness_date(rows[i].text) != rows[i].s)
			fail_msg("%s", rows[i].text);
	}
}

static void headers_say_how_long(void **state)
{
	static const struct {
		const char *headers;
		uint32_t fresh_ms;
		bool no_store;
	} rows[] = {
		/* no heuristics */
		{"", 0, false},
		{"Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT\n", 0, false},
		{"Cache-Control: max-age=60\n", 60000, false},
		{"cache-control:  public , MAX-AGE = 60 \r\n", 60000, false},
		{"Cache-Control: max-age=\"60\"\n", 60000, false},
		{"Cache-Control: max-age=60\nAge: 20\n", 40000, false},
		{"Cache-Control: max-age=60\nAge: 90\n", 0, false},
		{"Cache-Control: max-age=-1\n", 0, false},
		{"Cache-Control: max-age=abc\n", 0, false},
		{"Cache-Control: max-age=99999999999999999999\n",
	         FRESHNESS_MAX_MS, false},
		{"Cache-Control: max-age=60, no-cache\n", 0, false},
		{"Cache-Control: no-cache=\"set-cookie, x\", max-age=60\n", 0,
	         false},
		{"Cache-Control: x=\"no-store\", max-age=60\n", 60000, false},
		{"Cache-Control: no-store\n", 0, true},
		{"Cache-Control: max-age=60\nCache-Control: no-store\n", 0,
	         true},
		/* a private cache: s-maxage is not for it */
		{"Cache-Control: s-maxage=60\n", 0, false},
		{"Cache-Control: max-agex=60\n", 0, false},
		{"Vary: *\nCache-Control: max-age=60\n", 0, false},
		{"Vary: Accept\nCache-Control: max-age=60\n", 60000, false},
		{"Expires: Sun, 06 Nov 1994 08:50:37 GMT\n", 60000, false},
		{"Expires: Sun, 06 Nov 1994 08:50:37 GMT\n"
	         "Date: Sun, 06 Nov 1994 08:50:27 GMT\n",
	         10000, false},
		{"Expires: Sun, 06 Nov 1994 08:50:37 GMT\n"
	         "Cache-Control: max-age=5\n",
	         5000, false},
		{"Expires: 0\n", 0, false},
		{"no colon\n", 0, false},
	};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct freshness f;

		freshness_read(&f, rows[i].headers, NOW_S * 1000ULL);
		if (f.fresh_ms != rows[i].fresh_ms ||
		    f.no_store != rows[i].no_store)
			fail_msg("%s: %u", rows[i].headers, f.fresh_ms);
	}
}

static void validators_are_kept_as_they_came(void **state)
{
	char headers[FRESHNESS_VALIDATOR_MAX + 16];
	struct freshness f;

	(void)state;
	freshness_read(&f, "ETag: W/\"a b\"\r\nLast-Modified: yesterday\r\n",
	               0);
	assert_string_equal("W/\"a b\"", f.etag);
	assert_string_equal("yesterday", f.last_modified);
	(void)snprintf(headers, sizeof(headers), "ETag: %0*d\n",
	               FRESHNESS_VALIDATOR_MAX, 1);
	freshness_read(&f, headers, 0);
	assert_string_equal("", f.etag);
}

TEST_MAIN(cmocka_unit_test(dates_of_all_three_forms_are_read),
          cmocka_unit_test(headers_say_how_long),
          cmocka_unit_test(validators_are_kept_as_they_came))
