/*
 * test_lookup.c - what a call-controller asks: where are they?
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "asker.h"
#include "fixture.h"
#include "phone.h"
#include "unit/test.h"

static int start(void **state)
{
	(void)fixture_set_up(state);
	asker_open(&fixture);
	return 0;
}

static int stop(void **state)
{
	asker_close();
	return fixture_tear_down(state);
}

static void a_look_up_finds_the_latest_device_first(void **state)
{
	struct phone p;

	(void)state;
	asker_look_up("bob@a.example");
	assert_true(seen.domain_known);
	assert_true(seen.user_known);
	assert_int_equal(0, seen.n_bindings);
	phone_open(&p, fixture.sip, "a.example", "bob");
	p.source = "203.0.113.3:5061;transport=tls";
	assert_int_equal(200,
	                 phone_register(&p, "Contact: <sip:b@192.0.2.1>\r\n"));
	(void)usleep(2000); /* times in Redis are in milliseconds */
	assert_int_equal(
		200, phone_register(&p, "Contact: <sip:b@192.0.2.2>;q=0.5;"
	                                "+sip.instance=\"<urn:uuid:5>\"\r\n"
	                                "Path: <sip:tok@192.0.2.9;lr>\r\n"));
	asker_look_up("bob@a.example");
	assert_int_equal(2, seen.n_bindings);
	assert_string_equal("sip:b@192.0.2.2", seen.contact);
	assert_string_equal("<sip:tok@192.0.2.9;lr>", seen.path);
	assert_string_equal("203.0.113.3", seen.source);
	assert_string_equal("tls", seen.transport);
	assert_string_equal("urn:uuid:5", seen.instance);
	assert_int_equal(500, seen.q);
	assert_in_range(seen.expires, 3000, 3600);
	phone_close(&p);
}

static void a_look_up_tells_unknown_from_not_registered(void **state)
{
	(void)state;
	asker_look_up("nobody@a.example");
	assert_true(seen.domain_known);
	assert_false(seen.user_known);
	asker_look_up("bob@elsewhere.example");
	assert_false(seen.domain_known);
	asker_look_up("bob");
	assert_int_equal(-1, seen.verdict);
}

/* AoRs that would be written again should Redis lose them */
static unsigned remembered(void)
{
	wait_healthy(fixture.http); /* it counts them then */
	return (unsigned)metric_sum(fixture.http,
	                            "trestle_registrar_owned_aors");
}

static void what_is_removed_is_neither_found_nor_written_again(void **state)
{
	unsigned before = remembered();
	struct phone p;

	(void)state;
	phone_open(&p, fixture.sip, "a.example", "carol");
	for (int i = 1; i <= 2; i++) {
		char contact[64];

		(void)snprintf(contact, sizeof(contact),
		               "Contact: <sip:c@192.0.2.%d>\r\n", i);
		assert_int_equal(200, phone_register(&p, contact));
	}
	assert_int_equal(0, asker_remove("carol@a.example",
	                                 "RG00000000000000000000000000000000"));
	assert_int_equal(-1, asker_remove("carol@a.example", "CA1"));
	assert_int_equal(-1, asker_remove("carol", ""));
	asker_look_up("carol@a.example");
	assert_int_equal(2, seen.n_bindings);
	assert_int_equal(before + 1, remembered());
	assert_int_equal(2, asker_remove("carol@a.example", ""));
	assert_int_equal(0, asker_remove("carol@a.example", ""));
	asker_look_up("carol@a.example");
	assert_true(seen.user_known);
	assert_int_equal(0, seen.n_bindings);
	assert_int_equal(before, remembered());
	assert_int_equal(200,
	                 phone_register(&p, "Contact: <sip:c@192.0.2.1>\r\n"));
	asker_look_up("carol@a.example");
	assert_int_equal(1, seen.n_bindings);
	phone_close(&p);
}

/* The last: from now on the users of the account have this realm. */
static void a_look_up_knows_users_by_the_realm_of_the_account(void **state)
{
	(void)state;
	fixture_add_realm(&fixture);
	for (int i = 0; i < 100 && !seen.domain_known; i++)
		asker_look_up("alice@new.example");
	assert_true(seen.user_known);
	asker_look_up("nobody@new.example");
	assert_false(seen.user_known);
}

/* Somebody wrote into the key: that is no device, and no reason to say that
 * Redis is away. */
static void what_is_no_binding_is_not_called(void **state)
{
	struct phone p;

	(void)state;
	phone_open(&p, fixture.sip, "a.example", "dave");
	assert_int_equal(200,
	                 phone_register(&p, "Contact: <sip:c@192.0.2.1>\r\n"));
	redis_cli(&fixture.redis, "HSET aor:{dave@a.example} poison {}", NULL);
	asker_look_up("dave@a.example");
	assert_int_equal(1, seen.n_bindings);
	redis_cli(&fixture.redis, "SET aor:{dave@a.example} x", NULL);
	asker_look_up("dave@a.example");
	assert_true(seen.user_known);
	assert_int_equal(0, seen.n_bindings);
	assert_int_equal(200,
	                 phone_register(&p, "Contact: *\r\nExpires: 0\r\n"));
	phone_close(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_look_up_finds_the_latest_device_first),
		cmocka_unit_test(a_look_up_tells_unknown_from_not_registered),
		cmocka_unit_test(what_is_no_binding_is_not_called),
		cmocka_unit_test(
			what_is_removed_is_neither_found_nor_written_again),
		cmocka_unit_test(
			a_look_up_knows_users_by_the_realm_of_the_account),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
