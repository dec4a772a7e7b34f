/*
 * test_callbacks.c - status callbacks: stored first, delivered, never lost
 */
#include <signal.h>

#include "fixture.h"
#include "hostile.h"
#include "unit/test.h"

static struct answer *notify(const char *path, const char *key)
{
	const struct question q = {.url = path, .key = key, .notify = true};

	return ask(&q);
}

static void a_callback_is_stored_then_delivered(void **state)
{
	struct answer *a;

	(void)state;
	hostile_reset();
	a = notify("/status/204", "n-1");
	assert_int_equal(-1, a->refusal);
	assert_non_null(strchr(a->entry, '-')); /* the id of a stream entry */
	await_requests(1);
	assert_int_equal(28, strlen(header(0, "X-Twilio-Signature")));
	await_redis("XLEN callbacks", "0");
}

static void the_reply_does_not_wait_for_the_application(void **state)
{
	(void)state;
	hostile_reset();
	assert_true(notify("/slow/500", "n-2")->ms < 300);
	await_requests(1);
	await_redis("XLEN callbacks", "0");
}

static void a_callback_that_fails_is_told_to_the_tenant(void **state)
{
	(void)state;
	redis_cli(&fixture.redis_server, "DEL alerts", NULL);
	notify("/status/500", "n-3");
	await_redis("XLEN alerts", "1");
	redis_cli(&fixture.redis_server, "XRANGE alerts - +", "15003");
	notify("/close", "n-4");
	await_redis("XLEN alerts", "2");
	redis_cli(&fixture.redis_server, "XRANGE alerts - +", "11200");
	await_redis("XLEN callbacks", "0");
}

static void the_same_key_is_delivered_once(void **state)
{
	char entry[64];

	(void)state;
	hostile_reset();
	(void)snprintf(entry, sizeof(entry), "%s",
	               notify("/echo", "n-5")->entry);
	assert_string_equal(entry, notify("/echo", "n-5")->entry);
	notify("/echo", "n-6"); /* comes after any repetition of n-5 */
	await_requests(2);
	await_redis("XLEN callbacks", "0");
	assert_int_equal(2, hostile_requests());
}

static void a_url_that_can_not_be_used_is_told_to_the_tenant(void **state)
{
	struct answer *a;

	(void)state;
	redis_cli(&fixture.redis_server, "DEL alerts", NULL);
	a = notify("ftp://a.example/", "n-7");
	assert_int_equal(-1, a->refusal); /* asking again would not help */
	assert_string_equal("", a->entry);
	await_redis("XLEN alerts", "1");
	redis_cli(&fixture.redis_server, "XRANGE alerts - +", "11100");
}

static void waiting_for_its_turn_costs_a_callback_nothing(void **state)
{
	char key[16];

	(void)state;
	redis_cli(&fixture.redis_server, "DEL alerts", NULL);
	hostile_reset();
	for (int i = 0; i < 12; i++) { /* four at a time: 900 ms in all */
		(void)snprintf(key, sizeof(key), "w-%d", i);
		assert_int_equal(-1, notify("/slow/300#tt=500", key)->refusal);
	}
	await_requests(12);
	await_redis("XLEN callbacks", "0");
	redis_cli(&fixture.redis_server, "XLEN alerts", "0");
}

static void a_killed_fetcher_delivers_when_it_is_back(void **state)
{
	char token[64];

	(void)state;
	hostile_reset();
	notify("/slow/700?part=1#rc=0", "n-8");
	await_requests(1);
	assert_int_equal(-SIGKILL, process_stop(fixture.fetcher, SIGKILL));
	(void)snprintf(token, sizeof(token), "%s",
	               header(0, "I-Twilio-Idempotency-Token"));
	redis_cli(&fixture.redis_server, "XLEN callbacks", "1");
	fixture_start_fetcher();
	await_requests(2);
	assert_string_equal(token, header(1, "I-Twilio-Idempotency-Token"));
	assert_string_equal("application/x-www-form-urlencoded; charset=UTF-8",
	                    header(1, "Content-Type"));
	await_redis("XLEN callbacks", "0");
}

static void add_alert(const char *code, const char *text)
{
	char words[320];

	(void)snprintf(words, sizeof(words),
	               "XADD alerts * time 2026-11-30T10:00:00.000Z "
	               "account_sid " ACCOUNT
	               " call_sid CA1 code %s level error text %s url \"\" "
	               "source \"\" method \"\" status 500",
	               code, text);
	redis_cli(&fixture.redis_server, words, "-");
}

static void an_alert_is_told_once_though_its_fetcher_is_killed(void **state)
{
	char words[200], request[4096];

	(void)state;
	(void)snprintf(words, sizeof(words),
	               "HSET account:" ACCOUNT " debugger_url "
	               "http://%s:%u/slow/700#rc=0",
	               APP_ADDRESS, fixture.app_port);
	await_redis("EXISTS debugger", "1");
	hostile_reset();
	redis_cli(&fixture.redis_server, words, "");
	add_alert("12100", "broken");
	await_requests(1);
	(void)hostile_request(0, request, sizeof(request));
	assert_non_null(strstr(request, "Level=ERROR"));
	assert_non_null(strstr(request, "12100"));
	redis_cli(&fixture.redis_server, "XLEN callbacks", "1");
	assert_int_equal(-SIGKILL, process_stop(fixture.fetcher, SIGKILL));
	add_alert("12200", "meanwhile");
	fixture_start_fetcher();
	await_requests(3); /* the first once more, and the other one */
	await_redis("XLEN callbacks", "0");
	assert_int_equal(3, hostile_requests());
	redis_cli(&fixture.redis_server,
	          "HDEL account:" ACCOUNT " debugger_url", "1");
}

static void what_kills_five_processes_is_given_up(void **state)
{
	(void)state;
	redis_cli(&fixture.redis_server, "DEL alerts", NULL);
	hostile_reset();
	notify("/slow/3000", "n-9");
	for (unsigned i = 1; i <= 5; i++) {
		await_requests(i);
		process_stop(fixture.fetcher, SIGKILL);
		fixture_start_fetcher();
	}
	await_redis("XLEN callbacks", "0");
	assert_int_equal(5, hostile_requests());
	redis_cli(&fixture.redis_server, "XRANGE alerts - +", "given up");
}

static void without_redis_the_asker_is_told_to_come_again(void **state)
{
	struct redis_server *r = &fixture.redis_server;
	struct answer *a;

	(void)state;
	redis_server_stop(r);
	a = notify("/echo", "n-10");
	assert_int_equal(TRESTLE__REFUSAL__REASON__UNAVAILABLE, a->refusal);
	assert_int_equal(0, fetch("/echo")->code);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_callback_is_stored_then_delivered),
		cmocka_unit_test(the_reply_does_not_wait_for_the_application),
		cmocka_unit_test(a_callback_that_fails_is_told_to_the_tenant),
		cmocka_unit_test(the_same_key_is_delivered_once),
		cmocka_unit_test(
			a_url_that_can_not_be_used_is_told_to_the_tenant),
		cmocka_unit_test(waiting_for_its_turn_costs_a_callback_nothing),
		cmocka_unit_test(a_killed_fetcher_delivers_when_it_is_back),
		cmocka_unit_test(
			an_alert_is_told_once_though_its_fetcher_is_killed),
		cmocka_unit_test(what_kills_five_processes_is_given_up),
		cmocka_unit_test(without_redis_the_asker_is_told_to_come_again),
	};

	return cmocka_run_group_tests(tests, fixture_set_up, fixture_tear_down);
}
