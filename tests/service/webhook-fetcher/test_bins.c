/*
 * test_bins.c - URLs of our own: asked of a rest-api that is alive
 */
#include <signal.h>

#include "fixture.h"
#include "unit/test.h"

#define BIN "EH00000000000000000000000000000001"

static const char url[] = "https://api.acme.example/twiml/" BIN "?n=1";

/* @p port: the one that it is asked at */
static pid_t start_api(const char *instance, uint16_t *port)
{
	char redis[96], name[64], health[32], api[32];
	const char *const env[] = {redis,
	                           name,
	                           health,
	                           api,
	                           "TRESTLE_API_ADDRESS=127.0.0.1",
	                           "TRESTLE_ADDRESS=127.0.0.1",
	                           NULL};
	pid_t pid;

	*port = free_port();
	(void)snprintf(redis, sizeof(redis), "TRESTLE_REDIS=%s",
	               fixture.redis_server.url);
	(void)snprintf(name, sizeof(name), "TRESTLE_INSTANCE=%s", instance);
	(void)snprintf(health, sizeof(health), "TRESTLE_HTTP_PORT=%u", *port);
	(void)snprintf(api, sizeof(api), "TRESTLE_API_PORT=%u", free_port());
	pid = process_start(TRESTLE_BIN "/trestle-rest-api", env);
	wait_healthy(*port);
	return pid;
}

static struct answer *fetch_bin(const char *fragment)
{
	char whole[128];
	const struct question q = {.url = whole};

	(void)snprintf(whole, sizeof(whole), "%s%s", url, fragment);
	return ask(&q);
}

static void a_bin_is_served_by_any_instance_that_lives(void **state)
{
	uint16_t port;
	pid_t a, b;
	struct answer *answer;

	(void)state;
	redis_cli(&fixture.redis_server,
	          "HSET bin:" BIN " account_sid " ACCOUNT
	          " twiml <Response>{{#e164}}{{To}}{{/e164}}{{n}}</Response>",
	          NULL);
	answer = fetch_bin("#ct=300");
	assert_int_equal(11205, answer->code);
	assert_non_null(strstr(answer->text, "No rest-api"));

	a = start_api("api-a", &port);
	answer = fetch_bin("");
	assert_string_equal("<Response>+1 5551</Response>", answer->body);
	assert_string_equal(url, answer->url);
	assert_string_equal("text/xml", answer->type);

	/* Whichever dies, and even when none is left for a while, all are
	 * answered. */
	b = start_api("api-b", &port);
	for (int round = 0; round < 4; round++) {
		assert_int_equal(200, fetch_bin("")->status);
		process_stop(round % 2 ? b : a, SIGKILL);
		assert_int_equal(200, fetch_bin("")->status);
		process_stop(round % 2 ? a : b, SIGKILL);
		a = start_api("api-a", &port);
		assert_int_equal(200, fetch_bin("")->status);
		b = start_api("api-b", &port);
	}
	process_stop(b, SIGTERM);
	process_stop(a, SIGTERM);
}

static void a_connection_of_ours_is_not_lent_to_a_tenant(void **state)
{
	uint16_t port;
	pid_t api = start_api("api-c", &port);
	char direct[64];
	const struct question q = {.url = direct};

	(void)state;
	assert_int_equal(200, fetch_bin("")->status);
	(void)snprintf(direct, sizeof(direct), "http://127.0.0.1:%u/healthz",
	               port);
	assert_int_equal(11205, ask(&q)->code);
	process_stop(api, SIGTERM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_bin_is_served_by_any_instance_that_lives),
		cmocka_unit_test(a_connection_of_ours_is_not_lent_to_a_tenant),
	};

	return cmocka_run_group_tests(tests, fixture_set_up, fixture_tear_down);
}
