/*
 * test_target.c - which addresses a customer's URL may lead to
 */
#include <arpa/inet.h>
#include <netinet/in.h>

#include "core/target.h"
#include "unit/oom.h"
#include "unit/test.h"

static enum target_verdict check(const struct target_policy *p, const char *ip,
                                 unsigned port, bool by_name)
{
	struct sockaddr_in in = {.sin_family = AF_INET,
	                         .sin_port = htons((uint16_t)port)};
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6,
	                           .sin6_port = htons((uint16_t)port)};

	if (inet_pton(AF_INET, ip, &in.sin_addr) == 1)
		return target_check(p, (struct sockaddr *)&in, by_name);
	assert_int_equal(1, inet_pton(AF_INET6, ip, &in6.sin6_addr));
	return target_check(p, (struct sockaddr *)&in6, by_name);
}

static struct target_policy *policy(const char *allow)
{
	struct target_policy *p;
	const char *why;

	assert_int_equal(0, target_alloc(&p, allow, &why));
	return p;
}

static void addresses_that_are_not_public_are_denied(void **state)
{
	static const char *const rows[] = {
		"0.0.0.0",
		"0.1.2.3",
		"10.0.0.1",
		"100.64.0.1",
		"100.127.255.255",
		"127.0.0.1",
		"127.255.255.254",
		"169.254.169.254",
		"172.16.0.1",
		"172.31.255.255",
		"192.0.0.1",
		"192.0.2.1",
		"192.88.99.1",
		"192.168.1.1",
		"198.18.0.1",
		"198.19.255.255",
		"198.51.100.1",
		"203.0.113.1",
		"224.0.0.1",
		"239.255.255.255",
		"240.0.0.1",
		"255.255.255.255",
		"::",
		"::1",
		"::ffff:127.0.0.1",
		"::ffff:10.1.2.3",
		"::127.0.0.1",
		"64:ff9b::7f00:1",
		"64:ff9b::a00:1",
		"64:ff9b:1::7f00:1",
		"100::1",
		"fc00::1",
		"fd12:3456::1",
		"fe80::1",
		"fec0::1",
		"ff02::1",
		"2001::1",
		"2001:10::1",
		"2001:1ff::1",
		"2001:db8::1",
		"2002:7f00:1::",
		"2002:a00:1::1",
		"2002:c0a8:1::1",
		"3fff::1",
		"4000::1",
		"5f00::1",
	};
	struct target_policy *p = policy("");

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		if (check(p, rows[i], 443, false) != TARGET_PRIVATE)
			fail_msg("allowed: %s", rows[i]);
	}
	target_free(p);
}

static void public_addresses_are_allowed(void **state)
{
	static const char *const rows[] = {
		"1.1.1.1",         "9.255.255.255",  "11.0.0.0",
		"100.63.255.255",  "100.128.0.0",    "126.255.255.255",
		"128.0.0.1",       "172.15.255.255", "172.32.0.0",
		"192.0.1.1",       "198.17.255.255", "198.20.0.0",
		"223.255.255.255", "2001:200::1",    "2606:4700::1111",
		"2a00:1450::1",    "::ffff:8.8.8.8", "64:ff9b::808:808",
		"2002:808:808::1", "3ffe::1",
	};
	struct target_policy *p = policy("");

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		if (check(p, rows[i], 443, false) != TARGET_ALLOWED)
			fail_msg("denied: %s", rows[i]);
	}
	target_free(p);
}

static void ports_of_other_services_are_denied(void **state)
{
	static const unsigned denied[] = {1,    22,   25,   79,    81,   442,
	                                  444,  1023, 2375, 3306,  5432, 5555,
	                                  5600, 6379, 9200, 11211, 26379};
	static const unsigned allowed[] = {80,   443,  1024, 3000,
	                                   5554, 8080, 65535};
	struct target_policy *p = policy("127.0.0.0/8 redis");

	(void)state;
	for (size_t i = 0; i < N_OF(denied); i++) {
		assert_int_equal(TARGET_PORT,
		                 check(p, "1.1.1.1", denied[i], false));
		assert_int_equal(TARGET_PORT,
		                 check(p, "127.0.0.1", denied[i], true));
	}
	for (size_t i = 0; i < N_OF(allowed); i++)
		assert_int_equal(TARGET_ALLOWED,
		                 check(p, "1.1.1.1", allowed[i], false));
	target_free(p);
}

static void the_allow_list_opens_networks_and_names(void **state)
{
	struct target_policy *p =
		policy("127.0.0.0/8, 10.1.2.3\tfd00::/8 App.internal");

	(void)state;
	assert_int_equal(4, target_n_rules(p));
	assert_int_equal(TARGET_ALLOWED, check(p, "127.9.9.9", 80, false));
	assert_int_equal(TARGET_ALLOWED, check(p, "10.1.2.3", 80, false));
	assert_int_equal(TARGET_ALLOWED,
	                 check(p, "::ffff:127.0.0.1", 80, false));
	assert_int_equal(TARGET_PRIVATE, check(p, "10.1.2.4", 80, false));
	assert_int_equal(TARGET_ALLOWED, check(p, "fd99::1", 80, false));
	assert_int_equal(TARGET_PRIVATE, check(p, "fc99::1", 80, false));
	assert_true(target_host_allowed(p, "app.internal"));
	assert_false(target_host_allowed(p, "127.0.0.0"));
	assert_int_equal(TARGET_ALLOWED, check(p, "10.9.9.9", 80, true));
	target_free(p);
}

static void a_bad_allow_list_is_refused(void **state)
{
	static const char *const rows[] = {"10.0.0.0/33", "fd00::/129",
	                                   "10.0.0.0/x",  "10.0.0.0/",
	                                   "host/8",      "10.0.0.0/-1"};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct target_policy *p;
		const char *why = NULL;

		assert_int_equal(EINVAL, target_alloc(&p, rows[i], &why));
		assert_non_null(why);
	}
}

/* Through our own loopback no firewall stands before the port of Redis. */
static void addresses_of_this_machine_are_denied(void **state)
{
	struct sockaddr_in own = {.sin_family = AF_INET};
	struct target_policy *p = policy("");

	(void)state;
	assert_int_equal(1, inet_pton(AF_INET, "93.184.216.34", &own.sin_addr));
	assert_int_equal(TARGET_ALLOWED, check(p, "93.184.216.34", 80, false));
	target_add_own(p, (struct sockaddr *)&own);
	assert_int_equal(TARGET_PRIVATE, check(p, "93.184.216.34", 80, false));
	assert_int_equal(TARGET_PRIVATE,
	                 check(p, "::ffff:93.184.216.34", 80, false));
	assert_int_equal(TARGET_ALLOWED, check(p, "93.184.216.35", 80, false));
	target_free(p);

	p = policy("93.184.216.34");
	target_add_own(p, (struct sockaddr *)&own);
	assert_int_equal(TARGET_ALLOWED, check(p, "93.184.216.34", 80, false));
	target_free(p);
}

static void other_families_are_denied(void **state)
{
	struct sockaddr sa = {.sa_family = AF_UNIX};
	struct target_policy *p = policy("");

	(void)state;
	assert_int_equal(TARGET_FAMILY, target_check(p, &sa, true));
	target_free(p);
}

static void running_out_of_memory_is_survived(void **state)
{
	struct target_policy *p = NULL;
	const char *why;

	(void)state;
	OOM_EACH(target_alloc(&p, "10.0.0.0/8", &why), target_free(p));
}

TEST_MAIN(cmocka_unit_test(addresses_that_are_not_public_are_denied),
          cmocka_unit_test(public_addresses_are_allowed),
          cmocka_unit_test(ports_of_other_services_are_denied),
          cmocka_unit_test(the_allow_list_opens_networks_and_names),
          cmocka_unit_test(a_bad_allow_list_is_refused),
          cmocka_unit_test(addresses_of_this_machine_are_denied),
          cmocka_unit_test(other_families_are_denied),
          cmocka_unit_test(running_out_of_memory_is_survived))
