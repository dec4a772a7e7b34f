/*
 * test_limiter.c - buckets of sources: they fill, they end, they are forgotten
 */
#include "core/limiter.h"

#include "unit/oom.h"
#include "unit/test.h"

static const struct limiter_config config = {
	.rate = {[LIMITER_REQUEST] = 10,
                 [LIMITER_DIALOG] = 100,
                 [LIMITER_ANSWER] = 5},
	.connections = 2,
};

static struct limiter *l;

static int open_limiter(void **state)
{
	(void)state;
	return limiter_alloc(&l, &config);
}

static int close_limiter(void **state)
{
	(void)state;
	limiter_free(l);
	return 0;
}

static struct address ip(const char *text)
{
	struct address a = {.port = 0};

	assert_true(address_parse_ip(&a, slice_str(text)));
	return a;
}

static size_t take_all(enum limiter_kind kind, const struct address *a,
                       uint64_t now)
{
	size_t n = 0;

	while (limiter_take(l, kind, a, now))
		n++;
	return n;
}

static void a_burst_is_two_seconds_and_fills_with_time(void **state)
{
	struct address a = ip("192.0.2.1");

	(void)state;
	assert_int_equal(20, take_all(LIMITER_REQUEST, &a, 1000));
	assert_int_equal(5, take_all(LIMITER_REQUEST, &a, 1500));
	assert_int_equal(20, take_all(LIMITER_REQUEST, &a, 3600000));
	assert_int_equal(200, take_all(LIMITER_DIALOG, &a, 3600000));
	assert_int_equal(10, take_all(LIMITER_ANSWER, &a, 3600000));
}

static void a_known_source_may_do_more_for_an_hour(void **state)
{
	struct address a = ip("192.0.2.1");

	(void)state;
	limiter_known(l, &a, 1000);
	(void)take_all(LIMITER_REQUEST, &a, 1000);
	assert_int_equal(100, take_all(LIMITER_REQUEST, &a, 2000));
	assert_int_equal(20, take_all(LIMITER_REQUEST, &a, 3700000));
}

static void one_ipv6_net_is_one_source(void **state)
{
	struct address a = ip("2001:db8:0:1::1");
	struct address b = ip("2001:db8:0:1:ffff::2");
	struct address c = ip("2001:db8:0:2::1");

	(void)state;
	assert_int_equal(20, take_all(LIMITER_REQUEST, &a, 1000));
	assert_int_equal(0, take_all(LIMITER_REQUEST, &b, 1000));
	assert_int_equal(20, take_all(LIMITER_REQUEST, &c, 1000));
}

static void connections_are_counted(void **state)
{
	struct address a = ip("192.0.2.1");
	struct address b = ip("192.0.2.2");

	(void)state;
	assert_true(limiter_connect(l, &a, 1));
	assert_true(limiter_connect(l, &a, 1));
	assert_false(limiter_connect(l, &a, 1));
	assert_true(limiter_connect(l, &b, 1));
	limiter_disconnect(l, &a);
	assert_true(limiter_connect(l, &a, 1));
}

static void a_flood_of_sources_forgets_the_oldest_only(void **state)
{
	struct address first = ip("192.0.2.1");
	struct address open = ip("192.0.2.2");

	(void)state;
	(void)take_all(LIMITER_REQUEST, &first, 1);
	assert_true(limiter_connect(l, &open, 1));
	assert_true(limiter_connect(l, &open, 1));
	for (uint32_t i = 0; i < LIMITER_SOURCES_MAX * 2; i++) {
		uint8_t v4[4] = {10, (uint8_t)(i >> 16), (uint8_t)(i >> 8),
		                 (uint8_t)i};
		struct address a = address_ipv4(v4, 0);

		assert_true(limiter_take(l, LIMITER_REQUEST, &a, 1));
	}
	assert_int_equal(LIMITER_SOURCES_MAX, limiter_sources(l));
	assert_true(limiter_take(l, LIMITER_REQUEST, &first, 1));
	assert_false(limiter_connect(l, &open, 1));
}

static void a_limiter_survives_memory_running_out(void **state)
{
	struct limiter *one = NULL;

	(void)state;
	OOM_EACH(limiter_alloc(&one, &config), limiter_free(one));
}

#define ROW(f) cmocka_unit_test_setup_teardown(f, open_limiter, close_limiter)

static void a_scanner_is_banned_for_a_while(void **state)
{
	struct address a = ip("192.0.2.1"), b = ip("192.0.2.2");

	(void)state;
	for (int i = 1; i < LIMITER_SCANS_MAX; i++)
		assert_false(limiter_scan(l, &a, 1000));
	/* a minute later it counts anew */
	assert_false(limiter_scan(l, &a, 1000 + LIMITER_SCANS_MS));
	for (int i = 2; i < LIMITER_SCANS_MAX; i++)
		assert_false(limiter_scan(l, &a, 62000));
	assert_false(limiter_banned(l, &a, 62000));
	assert_true(limiter_scan(l, &a, 62000));
	assert_true(limiter_banned(l, &a, 62000 + LIMITER_BAN_MS - 1));
	assert_false(limiter_banned(l, &b, 62000));
	assert_false(limiter_banned(l, &a, 62000 + LIMITER_BAN_MS));
}

static void a_phone_s_address_is_not_banned(void **state)
{
	struct address a = ip("192.0.2.1");

	(void)state;
	limiter_known(l, &a, 1000);
	for (int i = 0; i < 100; i++)
		assert_false(limiter_scan(l, &a, 1000));
	assert_false(limiter_banned(l, &a, 1000));
}

static void who_asks_for_unknown_domains_is_told_three_times(void **state)
{
	struct address a = ip("192.0.2.1"), b = ip("192.0.2.2");

	(void)state;
	for (int i = 0; i < LIMITER_LOST_MAX; i++) {
		assert_false(limiter_is_lost(l, &a, 1000));
		limiter_lost(l, &a, 1000);
	}
	assert_true(limiter_is_lost(l, &a, 1000));
	assert_false(limiter_is_lost(l, &b, 1000));
	assert_true(limiter_is_lost(l, &a, 999 + LIMITER_LOST_MS));
	assert_false(limiter_is_lost(l, &a, 1000 + LIMITER_LOST_MS));
	limiter_lost(l, &a, 1000 + LIMITER_LOST_MS);
	assert_false(limiter_is_lost(l, &a, 1000 + LIMITER_LOST_MS));
}

TEST_MAIN(ROW(who_asks_for_unknown_domains_is_told_three_times),
          ROW(a_scanner_is_banned_for_a_while),
          ROW(a_phone_s_address_is_not_banned),
          ROW(a_burst_is_two_seconds_and_fills_with_time),
          ROW(a_known_source_may_do_more_for_an_hour),
          ROW(one_ipv6_net_is_one_source), ROW(connections_are_counted),
          ROW(a_flood_of_sources_forgets_the_oldest_only),
          cmocka_unit_test(a_limiter_survives_memory_running_out))
