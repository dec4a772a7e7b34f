/*
 * test_rebinding.c - a name that changes its address between two look-ups
 *
 * Hardening F02: the first look-up leads to an application that may be asked,
 * the second to a neighbour that may not. A check of the name before the
 * connection would have seen the first; the policy looks at the address that is
 * connected to.
 */
#include <stdio.h>

#include "fixture.h"
#include "hostile.h"
#include "service/dns.h"
#include "unit/test.h"

#define VICTIM "127.0.4.1"

static const struct dns_record records[] = {
	{"rebind.test", DNS_A, APP_ADDRESS, 0, 0, 0, NULL},
	{"rebind.test", DNS_A, VICTIM, 0, 0, 0, NULL},
};

static bool served;

static int set_up(void **state)
{
	served = dns_start(records, N_OF(records), true);
	return served ? fixture_set_up(state) : 0;
}

static int tear_down(void **state)
{
	return served ? fixture_tear_down(state) : 0;
}

/* libcurl remembers addresses by name and port: another port is looked up. */
static struct answer *fetch_at(uint16_t port)
{
	char url[64];
	const struct question q = {.url = url};

	(void)snprintf(url, sizeof(url), "http://rebind.test:%u/echo", port);
	return ask(&q);
}

static void a_rebound_name_does_not_lead_inside(void **state)
{
	uint16_t victim;

	(void)state;
	if (!served)
		skip();
	victim = hostile_start(VICTIM);
	assert_int_equal(200, fetch_at(fixture.app_port)->status);
	hostile_reset();
	assert_int_equal(11205, fetch_at(victim)->code);
	assert_int_equal(0, hostile_connections());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_rebound_name_does_not_lead_inside),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
