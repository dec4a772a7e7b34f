/*
 * test_operator.c - what accounts may do by the API only where the operator lets
 *                   them, from the real process
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "service/harness.h"
#include "unit/test.h"

#define AC    "AC00000000000000000000000000000001"
#define TOKEN "0123456789abcdef0123456789abcdef"
#define PATH  "/2010-04-01/Accounts/" AC

static struct {
	struct redis_server redis;
	pid_t api;
	uint16_t port, health_port;
} fixture;

static void start(const char *setting, const char *more)
{
	char redis[96], health[32], port[32];
	const char *const env[] = {redis,
	                           health,
	                           port,
	                           "TRESTLE_ADDRESS=127.0.0.1",
	                           "TRESTLE_API_ADDRESS=127.0.0.1",
	                           "TRESTLE_LOG=error",
	                           setting,
	                           more,
	                           NULL};

	(void)snprintf(redis, sizeof(redis), "TRESTLE_REDIS=%s",
	               fixture.redis.url);
	(void)snprintf(health, sizeof(health), "TRESTLE_HTTP_PORT=%u",
	               fixture.health_port);
	(void)snprintf(port, sizeof(port), "TRESTLE_API_PORT=%u", fixture.port);
	fixture.api = process_start(TRESTLE_BIN "/trestle-rest-api", env);
	wait_healthy(fixture.health_port);
}

static int set_up(void **state)
{
	(void)state;
	redis_server_start(&fixture.redis, 0);
	redis_cli(&fixture.redis,
	          "HSET account:" AC " sid " AC
	          " status active auth_token " TOKEN,
	          NULL);
	fixture.port = free_port();
	fixture.health_port = free_port();
	start(NULL, NULL);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	assert_int_equal(0, process_stop(fixture.api, SIGTERM));
	redis_server_stop(&fixture.redis);
	return 0;
}

/* @return what curl prints of a request with these options */
static void ask(char out[64], const char *options)
{
	char command[512];
	FILE *f;

	(void)snprintf(command, sizeof(command),
	               "curl -s -m 10 -o /dev/null -w "
	               "'%%{http_code} %%header{retry-after}' %s "
	               "'http://127.0.0.1:%u" PATH ".json'",
	               options, fixture.port);
	f = popen(command, "r"); // NOLINT(cert-env33-c): curl, by our words
	assert_non_null(f);
	assert_non_null(fgets(out, 64, f));
	(void)pclose(f);
}

/* @return the status of a POST */
static int post(const char *resource, const char *form)
{
	char command[512], line[16] = "";
	FILE *f;

	(void)snprintf(command, sizeof(command),
	               "curl -s -m 10 -o /dev/null -w '%%{http_code}' -u " AC
	               ":" TOKEN " -d '%s' 'http://127.0.0.1:%u" PATH
	               "/%s.json'",
	               form, fixture.port, resource);
	f = popen(command, "r"); // NOLINT(cert-env33-c): curl, by our words
	assert_non_null(f);
	assert_non_null(fgets(line, sizeof(line), f));
	(void)pclose(f);
	return atoi(line);
}

static void numbers_are_brought_by_the_operator(void **state)
{
	(void)state;
	assert_int_equal(201, post("Carriers", "FriendlyName=plain"));
	assert_int_equal(
		400,
		post("Carriers", "FriendlyName=grabs&Numbers=%2B12025550111"));
	assert_int_equal(0, process_stop(fixture.api, SIGTERM));
	start("TRESTLE_API_NUMBERS=true", NULL);
	assert_int_equal(201, post("Carriers",
	                           "FriendlyName=may&Numbers=%2B12025550111"));
}

static void prices_are_set_by_the_operator(void **state)
{
	(void)state;
	assert_int_equal(0, process_stop(fixture.api, SIGTERM));
	start("TRESTLE_API_RATES=false", NULL);
	assert_int_equal(403, post("Rates", "FriendlyName=free&Rates=[]"));
	assert_int_equal(0, process_stop(fixture.api, SIGTERM));
	start("TRESTLE_API_RATES=true", NULL);
	assert_int_equal(201, post("Rates", "FriendlyName=free&Rates=[]"));
}

static void limits_are_set_by_the_operator(void **state)
{
	(void)state;
	assert_int_equal(0, process_stop(fixture.api, SIGTERM));
	start(NULL, NULL);
	assert_int_equal(403, post("Limits", "CallsMax=5"));
	assert_int_equal(0, process_stop(fixture.api, SIGTERM));
	start("TRESTLE_API_LIMITS=true", NULL);
	assert_int_equal(200, post("Limits", "CallsMax=5"));
	redis_cli(&fixture.redis, "HGET account:" AC " calls_max", "5");
}

static void wrong_passwords_count_for_who_is_behind_the_proxy(void **state)
{
	static const char wrong[] =
		"-u " AC ":wrong -H 'X-Forwarded-For: 192.0.2.1'";
	char said[64];

	(void)state;
	assert_int_equal(0, process_stop(fixture.api, SIGTERM));
	start("TRESTLE_API_WRONG=2", "TRESTLE_API_PROXIES=127.0.0.0/8");
	for (int i = 0; i < 2; i++) {
		ask(said, wrong);
		assert_string_equal("401 ", said);
	}
	ask(said, wrong);
	assert_string_equal("429 60", said);
	ask(said, "-u " AC ":" TOKEN " -H 'X-Forwarded-For: 192.0.2.1'");
	assert_string_equal("429 60", said);
	ask(said,
	    "-u " AC ":" TOKEN " -H 'X-Forwarded-For: 192.0.2.1, 192.0.2.2'");
	assert_string_equal("200 ", said);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_brought_by_the_operator),
		cmocka_unit_test(prices_are_set_by_the_operator),
		cmocka_unit_test(limits_are_set_by_the_operator),
		cmocka_unit_test(
			wrong_passwords_count_for_who_is_behind_the_proxy),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
