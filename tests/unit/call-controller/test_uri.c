/*
 * test_uri.c - SIP URIs taken apart, and addresses that are private
 */
#include "adapters/uri.h"
#include "unit/test.h"

static void a_uri_is_taken_apart(void **state)
{
	static const struct {
		const char *text, *user, *host;
		unsigned port;
	} rows[] = {
		{"sip:bob@Example.COM", "bob", "example.com", 0},
		{"sips:bob@example.com:5061", "bob", "example.com", 5061},
		{"sip:example.com;transport=tcp", "", "example.com", 0},
		{"sip:bob;day=1:pw@example.com?x-a=1", "bob", "example.com", 0},
		{"sip:+1555@[2001:DB8::1]:5080", "+1555", "2001:db8::1", 5080},
	};
	struct uri uri;

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		assert_true(uri_parse(rows[i].text, &uri));
		assert_string_equal(rows[i].user, uri.user);
		assert_string_equal(rows[i].host, uri.host);
		assert_int_equal(rows[i].port, uri.port);
	}
}

static void what_is_no_sip_uri_is_refused(void **state)
{
	static const char *const rows[] = {
		"",
		"tel:+1555",
		"bob@example.com",
		"sip:",
		"sip:bob@",
		"sip:bob@[2001:db8::1",
		"sip:bob@example.com:99999",
	};
	char long_host[1024] = "sip:bob@";
	struct uri uri;

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++)
		assert_false(uri_parse(rows[i], &uri));
	memset(long_host + 8, 'a', sizeof(long_host) - 9);
	assert_false(uri_parse(long_host, &uri));
}

static void private_addresses_are_known(void **state)
{
	static const char *const private[] = {
		"127.0.0.1",   "10.1.2.3",    "172.31.0.1",
		"192.168.1.1", "169.254.1.1", "100.64.0.1",
		"0.0.0.0",     "224.0.0.1",   "255.255.255.255",
		"::1",         "fe80::1",     "fd00::1",
		"::",          "ff02::1",     "::ffff:10.0.0.1",
		"localhost",
	};
	static const char *const public[] = {
		"192.0.2.1",   "8.8.8.8",     "172.32.0.1",
		"2001:db8::1", "example.com", "::ffff:8.8.8.8",
	};

	(void)state;
	for (size_t i = 0; i < N_OF(private); i++)
		assert_true(uri_is_private(private[i]));
	for (size_t i = 0; i < N_OF(public); i++)
		assert_false(uri_is_private(public[i]));
}

static void private_networks_can_be_allowed(void **state)
{
	static const struct {
		const char *nets, *host;
		bool may;
	} rows[] = {
		{"", "10.0.0.1", false},
		{"", "192.0.2.1", true},
		{"", "phone.example", true},
		{"", "localhost", false},
		{"10.0.0.0/8, 127.0.0.1", "10.0.0.1", true},
		{"10.0.0.0/8, 127.0.0.1", "localhost", true},
		{"10.0.0.0/8, 127.0.0.1", "192.168.0.1", false},
		{"fd00::/8", "fd00::1", true},
	};
	struct cidr_set nets;

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		assert_int_equal(0, cidr_set_parse(&nets, rows[i].nets));
		assert_int_equal(rows[i].may,
		                 uri_may_be_dialled(&nets, rows[i].host));
	}
}

TEST_MAIN(cmocka_unit_test(private_networks_can_be_allowed),
          cmocka_unit_test(a_uri_is_taken_apart),
          cmocka_unit_test(what_is_no_sip_uri_is_refused),
          cmocka_unit_test(private_addresses_are_known))
