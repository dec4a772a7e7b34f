/*
 * test_source.c - from which address a request came, behind proxies
 */
#include "core/source.h"
#include "store/cidr.h"
#include "unit/test.h"

static void expect(const char *source, const char *connected,
                   const char *forwarded)
{
	struct cidr_set proxies;
	char out[SOURCE_SIZE];

	assert_int_equal(0, cidr_set_parse(&proxies, "10.0.0.0/8 ::1"));
	source_find(&proxies, connected, forwarded, out);
	assert_string_equal(source, out);
}

static void a_stranger_is_not_believed(void **state)
{
	(void)state;
	expect("192.0.2.1", "192.0.2.1", NULL);
	expect("192.0.2.1", "192.0.2.1", "10.0.0.1");
	expect("192.0.2.1", "10.0.0.1", "203.0.113.9, 192.0.2.1");
	expect("192.0.2.1", "::1", "203.0.113.9,192.0.2.1 ,10.1.1.1");
}

static void without_a_stranger_it_is_the_first_proxy(void **state)
{
	(void)state;
	expect("10.0.0.1", "10.0.0.1", NULL);
	expect("10.0.0.1", "10.0.0.1", "");
	expect("10.0.0.2", "10.0.0.1", "10.0.0.2");
}

static void what_is_no_address_ends_the_way(void **state)
{
	(void)state;
	expect("10.0.0.1", "10.0.0.1", "unknown");
	expect("10.0.0.2", "10.0.0.1", "192.0.2.1, _hidden, 10.0.0.2");
	expect("10.0.0.1", "10.0.0.1",
	       "111111111111111111111111111111111111111111111111111111111111");
	expect("10.0.0.1", "10.0.0.1", " , ,");
	expect("2001:db8::1", "10.0.0.1", "2001:db8::1");
}

TEST_MAIN(cmocka_unit_test(a_stranger_is_not_believed),
          cmocka_unit_test(without_a_stranger_it_is_the_first_proxy),
          cmocka_unit_test(what_is_no_address_ends_the_way))
