/*
 * test_address.c - where media may be sent
 */
#include "unit/test.h"

#include "core/address.h"

static struct address ip4(unsigned a, unsigned b, unsigned c, unsigned d)
{
	struct address out = {ADDRESS_IP4, 5004, {0}};

	out.ip[0] = (uint8_t)a;
	out.ip[1] = (uint8_t)b;
	out.ip[2] = (uint8_t)c;
	out.ip[3] = (uint8_t)d;
	return out;
}

static void only_public_unicast_is_sendable(void **state)
{
	static const struct {
		uint8_t ip[4];
		bool sendable;
	} rows[] = {
		{{8, 8, 8, 8}, true},          {{1, 2, 3, 4}, true},
		{{127, 0, 0, 1}, false},       {{0, 0, 0, 0}, false},
		{{0, 1, 2, 3}, false},         {{169, 254, 169, 254}, false},
		{{224, 0, 0, 1}, false},       {{239, 255, 255, 255}, false},
		{{255, 255, 255, 255}, false}, {{240, 0, 0, 1}, false},
		{{10, 255, 0, 1}, false},      {{11, 0, 0, 1}, true},
		{{172, 15, 0, 1}, true},       {{172, 16, 0, 1}, false},
		{{172, 31, 255, 1}, false},    {{172, 32, 0, 1}, true},
		{{192, 168, 1, 1}, false},     {{192, 169, 1, 1}, true},
		{{100, 64, 0, 1}, false},      {{100, 128, 0, 1}, true},
		{{198, 18, 0, 1}, false},      {{198, 20, 0, 1}, true},
	};
	struct address_policy policy = {0};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct address a = ip4(rows[i].ip[0], rows[i].ip[1],
		                       rows[i].ip[2], rows[i].ip[3]);

		assert_int_equal(rows[i].sendable,
		                 address_sendable(&policy, &a));
		a.port = 0;
		assert_false(address_sendable(&policy, &a));
	}
}

static void ip6_special_networks_are_not_public(void **state)
{
	static const struct {
		uint8_t ip[16];
		bool is_public;
	} rows[] = {
		{{0x20, 1, 0x48, 0x60, 0x48, 0x60}, true},
		{{0}, false},
		{{[15] = 1}, false},
		{{[10] = 0xff, [11] = 0xff, [12] = 127, [15] = 1}, false},
		{{0, 0x64, 0xff, 0x9b, [12] = 127, [15] = 1}, false},
		{{0xfe, 0x80, [15] = 1}, false},
		{{0xfd, 0x12, [15] = 1}, false},
		{{0xff, 2, [15] = 1}, false},
		{{0x20, 1, 0x0d, 0xb8, [15] = 1}, false},
		{{0x2a, 0, 1, 2, [15] = 1}, true},
	};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct address a = {ADDRESS_IP6, 5004, {0}};

		memcpy(a.ip, rows[i].ip, sizeof(a.ip));
		assert_int_equal(rows[i].is_public, address_public(&a));
	}
}

static void an_allow_list_opens_private_but_not_impossible_addresses(void **s)
{
	struct address_policy policy = {
		.allowed = {.n = 0},
	};
	struct address loopback = ip4(127, 9, 9, 9);
	struct address lan = ip4(192, 168, 1, 1);
	struct address zero = ip4(0, 0, 0, 0);
	struct address multicast = ip4(224, 0, 0, 1);
	struct address broadcast = ip4(255, 255, 255, 255);

	(void)s;
	assert_int_equal(0, cidr_set_parse(&policy.allowed, "127.0.0.0/8"));
	assert_true(address_sendable(&policy, &loopback));
	assert_false(address_sendable(&policy, &lan));
	assert_int_equal(0, cidr_set_parse(&policy.allowed,
	                                   "127.0.0.0/8, 0.0.0.0/0 ::/0"));
	assert_true(address_sendable(&policy, &lan));
	assert_false(address_sendable(&policy, &zero));
	assert_false(address_sendable(&policy, &multicast));
	assert_false(address_sendable(&policy, &broadcast));
}

static void own_sockets_are_never_sendable(void **state)
{
	struct address_policy policy = {
		.own = {{ADDRESS_IP4, 0, {127, 0, 2, 1}},
	                {ADDRESS_IP4, 0, {8, 8, 8, 8}}},
		.n_own = 2,
		.port_min = 30000,
		.port_max = 39999,
	};
	struct address a = ip4(8, 8, 8, 8);
	struct address b = ip4(127, 0, 2, 1);

	(void)state;
	assert_int_equal(0, cidr_set_parse(&policy.allowed, "127.0.0.0/8"));
	a.port = 30000;
	b.port = 39999;
	assert_true(address_own(&policy, &a));
	assert_false(address_sendable(&policy, &a));
	assert_false(address_sendable(&policy, &b));
	a.port = 29999;
	b.port = 40000;
	assert_true(address_sendable(&policy, &a));
	assert_true(address_sendable(&policy, &b));
}

TEST_MAIN(cmocka_unit_test(only_public_unicast_is_sendable),
          cmocka_unit_test(ip6_special_networks_are_not_public),
          cmocka_unit_test(
		  an_allow_list_opens_private_but_not_impossible_addresses),
          cmocka_unit_test(own_sockets_are_never_sendable))
