/*
 * test_bins.c - TwiML Bins from the real process
 */
#include <signal.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <sys/socket.h>

#include "service/harness.h"
#include "unit/test.h"

#define BIN  "EH00000000000000000000000000000001"
#define PATH "/twiml/" BIN

static struct {
	struct redis_server redis;
	pid_t api;
	uint16_t port, health_port;
} fixture;

static int set_up(void **state)
{
	char redis[96], port[32], health[32];
	const char *const env[] = {redis,
	                           port,
	                           health,
	                           "TRESTLE_INSTANCE=api-1",
	                           "TRESTLE_ADDRESS=127.0.0.1",
	                           "TRESTLE_API_ADDRESS=127.0.0.1",
	                           NULL};

	(void)state;
	redis_server_start(&fixture.redis, 0);
	fixture.port = free_port();
	fixture.health_port = free_port();
	(void)snprintf(redis, sizeof(redis), "TRESTLE_REDIS=%s",
	               fixture.redis.url);
	(void)snprintf(port, sizeof(port), "TRESTLE_API_PORT=%u", fixture.port);
	(void)snprintf(health, sizeof(health), "TRESTLE_HTTP_PORT=%u",
	               fixture.health_port);
	fixture.api = process_start(TRESTLE_BIN "/trestle-rest-api", env);
	wait_healthy(fixture.health_port);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	assert_int_equal(0, process_stop(fixture.api, SIGTERM));
	redis_server_stop(&fixture.redis);
	return 0;
}

static void set_bin(const char *twiml)
{
	char words[512];

	(void)snprintf(words, sizeof(words),
	               "HSET bin:" BIN " account_sid AC1 twiml %s", twiml);
	redis_cli(&fixture.redis, words, NULL);
	redis_cli(&fixture.redis, "PUBLISH config 1", NULL);
}

static void expect(const char *path, int status, const char *body)
{
	char got[4096] = "";

	assert_int_equal(status,
	                 http_get(fixture.port, path, got, sizeof(got)));
	if (body && !strstr(got, body))
		fail_msg("%s: %s", path, got);
}

/* The change is published: it is heard soon, not at once. */
static void expect_soon(const char *path, const char *body)
{
	char got[4096] = "";

	for (int i = 0; i < 200; i++) {
		http_get(fixture.port, path, got, sizeof(got));
		if (strstr(got, body))
			return;
		usleep(10000);
	}
	fail_msg("%s: %s", path, got);
}

static void a_bin_is_rendered_with_the_query(void **state)
{
	(void)state;
	set_bin("<Response>{{#e164}}{{To}}{{/e164}}{{x}}</Response>");
	expect(PATH "?To=sip:%2B1555@acme.example&x=%3Cb%3E", 200,
	       "<Response>+1555&lt;b&gt;</Response>");
}

static void say(const char *request, char *got, size_t size)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
	                         .sin_port = htons(fixture.port)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	size_t n = 0;
	ssize_t more;

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(0, connect(fd, (struct sockaddr *)&to, sizeof(to)));
	assert_int_equal(strlen(request),
	                 send(fd, request, strlen(request), 0));
	while ((more = recv(fd, got + n, size - 1 - n, 0)) > 0)
		n += (size_t)more;
	got[n] = '\0';
	close(fd);
}

static void a_bin_is_rendered_with_the_body_of_a_post(void **state)
{
	static const char request[] =
		"POST " PATH "?x=query HTTP/1.1\r\nHost: a\r\n"
		"Content-Type: application/x-www-form-urlencoded; "
		"charset=UTF-8\r\nContent-Length: 6\r\n"
		"Connection: close\r\n\r\nx=body";
	char got[1024];

	(void)state;
	set_bin("<Response>{{x}}</Response>");
	expect_soon(PATH "?x=query", "<Response>query</Response>");
	say(request, got, sizeof(got));
	assert_non_null(strstr(got, "<Response>body</Response>"));
	assert_non_null(strstr(got, "Content-Type: text/xml"));
}

static void a_head_is_answered_as_a_get_without_the_body(void **state)
{
	char got[1024];

	(void)state;
	set_bin("<Response>{{x}}</Response>");
	expect_soon(PATH "?x=query", "<Response>query</Response>");
	say("HEAD " PATH "?x=query HTTP/1.1\r\nHost: a\r\n"
	    "Connection: close\r\n\r\n",
	    got, sizeof(got));
	assert_non_null(strstr(got, "HTTP/1.1 200"));
	assert_non_null(strstr(got, "Content-Type: text/xml"));
	assert_non_null(strstr(got, "Content-Length: 26"));
	assert_null(strstr(got, "<Response>"));
	say("PUT " PATH " HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n"
	    "Connection: close\r\n\r\n",
	    got, sizeof(got));
	assert_non_null(strstr(got, "HTTP/1.1 405"));
	assert_non_null(strstr(got, "Allow: GET, HEAD, POST"));
}

static void a_change_is_seen_at_once(void **state)
{
	(void)state;
	set_bin("<Response>1</Response>");
	expect_soon(PATH, "<Response>1</Response>");
	set_bin("<Response>2</Response>");
	expect_soon(PATH, "<Response>2</Response>");
}

static void a_broken_template_is_an_error_and_an_alert(void **state)
{
	(void)state;
	set_bin("<Response>{{To</Response>");
	expect_soon(PATH, "11320");
	expect(PATH, 500, "11320");
	redis_cli(&fixture.redis, "XRANGE alerts - +", "11320");
	redis_cli(&fixture.redis, "XRANGE alerts - +", BIN);
}

static void what_is_not_there_is_404(void **state)
{
	(void)state;
	expect("/twiml/EH00000000000000000000000000000009", 404, "20404");
	expect("/twiml/x", 404, "20404");
	expect("/twiml/", 404, "20404");
	expect("/", 404, "20404");
}

static void broken_parameters_are_400(void **state)
{
	(void)state;
	set_bin("<Response/>");
	expect_soon(PATH, "<Response/>");
	expect(PATH "?x=%00", 400, NULL);
}

/* What is announced to others has all; the API's port is for the world. */
static void the_announced_port_serves_bins_health_and_metrics(void **state)
{
	char announced[32], body[32768];

	(void)state;
	(void)snprintf(announced, sizeof(announced), "127.0.0.1:%u",
	               fixture.health_port);
	redis_cli(&fixture.redis, "HGET service:rest-api:api-1 http",
	          announced);
	set_bin("<Response>inside</Response>");
	expect_soon(PATH, "inside");
	assert_int_equal(
		200, http_get(fixture.health_port, PATH, body, sizeof(body)));
	assert_non_null(strstr(body, "inside"));
	assert_int_equal(200, http_get(fixture.health_port, "/metrics", body,
	                               sizeof(body)));
	assert_non_null(strstr(body, "trestle_bins_total"));
	expect("/metrics", 404, "20404");
	expect("/healthz", 404, "20404");
}

static void without_redis_known_bins_are_served(void **state)
{
	char body[64];

	(void)state;
	set_bin("<Response>kept</Response>");
	expect_soon(PATH, "kept");
	redis_server_stop(&fixture.redis);
	expect(PATH, 200, "kept");
	expect("/twiml/EH00000000000000000000000000000002", 503, NULL);
	assert_int_equal(200, http_get(fixture.health_port, "/healthz", body,
	                               sizeof(body)));
	assert_string_equal("ok, but Redis is away\n", body);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_bin_is_rendered_with_the_query),
		cmocka_unit_test(a_bin_is_rendered_with_the_body_of_a_post),
		cmocka_unit_test(a_head_is_answered_as_a_get_without_the_body),
		cmocka_unit_test(a_change_is_seen_at_once),
		cmocka_unit_test(a_broken_template_is_an_error_and_an_alert),
		cmocka_unit_test(what_is_not_there_is_404),
		cmocka_unit_test(broken_parameters_are_400),
		cmocka_unit_test(
			the_announced_port_serves_bins_health_and_metrics),
		cmocka_unit_test(without_redis_known_bins_are_served),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
