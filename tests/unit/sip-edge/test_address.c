/*
 * test_address.c - addresses: read, written, compared, private or not
 */
#include "core/address.h"

#include "unit/test.h"

static void what_is_read_is_what_is_written(void **state)
{
	static const char *const rows[] = {"192.0.2.1:5060", "0.0.0.0:0",
	                                   "[::1]:1", "[2001:db8::7]:65535"};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct address a;
		char text[ADDRESS_TEXT_SIZE];

		assert_true(address_parse(&a, slice_str(rows[i])));
		assert_string_equal(rows[i], address_print(&a, text));
	}
}

static void what_is_no_address(void **state)
{
	static const char *const rows[] = {"",
	                                   "localhost:1",
	                                   "1.2.3.4",
	                                   "1.2.3.4:",
	                                   "1.2.3.4:65536",
	                                   "1.2.3:1",
	                                   "2130706433:1",
	                                   "[::1:1",
	                                   ":5060",
	                                   "0x7f.1:1"};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct address a;

		assert_false(address_parse(&a, slice_str(rows[i])));
	}
}

static void private_addresses(void **state)
{
	static const struct {
		const char *ip;
		bool is_private;
	} rows[] = {
		{"8.8.8.8", false},
		{"10.1.2.3", true},
		{"127.0.0.1", true},
		{"172.31.255.255", true},
		{"172.32.0.1", false},
		{"192.168.0.1", true},
		{"169.254.169.254", true},
		{"100.64.0.1", true},
		{"0.0.0.0", true},
		{"224.0.0.1", true},
		{"255.255.255.255", true},
		{"::1", true},
		{"::", true},
		{"fe80::1", true},
		{"fc00::1", true},
		{"::ffff:127.0.0.1", true},
		{"::ffff:8.8.8.8", false},
		{"2606:4700::1111", false},
		{"64:ff9b::7f00:1", true},
		{"2002:7f00:1::", true},
		{"2001:db8::1", true},
	};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct address a;

		assert_true(address_parse_ip(&a, slice_str(rows[i].ip)));
		if (address_private(&a) != rows[i].is_private)
			fail_msg("%s", rows[i].ip);
	}
}

static void networks(void **state)
{
	struct cidr_set nets;
	struct address a;

	(void)state;
	assert_int_equal(
		0,
		cidr_set_parse(&nets, "10.0.0.0/8, 192.0.2.7  2001:db8::/33"));
	assert_true(address_parse_ip(&a, SLICE("10.255.0.1")));
	assert_true(address_among(&nets, &a));
	assert_true(address_parse_ip(&a, SLICE("192.0.2.6")));
	assert_false(address_among(&nets, &a));
	assert_true(address_parse_ip(&a, SLICE("2001:db8:7fff::1")));
	assert_true(address_among(&nets, &a));
	assert_true(address_parse_ip(&a, SLICE("2001:db8:8000::1")));
	assert_false(address_among(&nets, &a));
}

TEST_MAIN(cmocka_unit_test(what_is_read_is_what_is_written),
          cmocka_unit_test(what_is_no_address),
          cmocka_unit_test(private_addresses), cmocka_unit_test(networks))
