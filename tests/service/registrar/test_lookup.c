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

static struct fixture fixture;

static int start(void **state)
{
	(void)state;
	fixture_start(&fixture);
	asker_open(&fixture);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	asker_close();
	fixture_stop(&fixture);
	return 0;
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
	static const char name[] = "\ntrestle_registrar_owned_aors ";
	char body[16384];
	const char *at;

	assert_int_equal(
		200, http_get(fixture.http, "/healthz", body, sizeof(body)));
	assert_int_equal(
		200, http_get(fixture.http, "/metrics", body, sizeof(body)));
	at = strstr(body, name);
	assert_non_null(at);
	return (unsigned)strtoul(at + strlen(name), NULL, 10);
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
	redis_cli(&fixture.redis,
	          "HSET account:AC00000000000000000000000000000001 realm acme",
	          NULL);
	redis_cli(&fixture.redis,
	          "HSET domain:new.example sid "
	          "SD00000000000000000000000000000009 domain_name new.example "
	          "account_sid AC00000000000000000000000000000001 "
	          "sip_registration true registration_credential_lists "
	          "CL00000000000000000000000000000001",
	          NULL);
	redis_cli(&fixture.redis, "SADD domains new.example", NULL);
	redis_cli(&fixture.redis, "INCR config:version", NULL);
	redis_cli(&fixture.redis, "PUBLISH config 9", NULL);
	for (int i = 0; i < 100 && !seen.domain_known; i++)
		asker_look_up("alice@new.example");
	assert_true(seen.user_known);
	asker_look_up("nobody@new.example");
	assert_false(seen.user_known);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_look_up_finds_the_latest_device_first),
		cmocka_unit_test(a_look_up_tells_unknown_from_not_registered),
		cmocka_unit_test(
			what_is_removed_is_neither_found_nor_written_again),
		cmocka_unit_test(
			a_look_up_knows_users_by_the_realm_of_the_account),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
