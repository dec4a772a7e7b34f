/*
 * test_fetch.c - documents: the real process against a hostile application
 */
#include <signal.h>

#include "core/signature.h"
#include "fixture.h"
#include "hostile.h"
#include "unit/test.h"

static const struct param params[] = {{"CallSid", CALL},
                                      {"To", "sip:+1 555@acme.example"}};

static void expect_signature(unsigned n, const char *url, size_t n_params)
{
	const struct signed_text text = {url, params, n_params};
	struct signer *signer;
	char want[SIGNATURE_SIZE];

	assert_int_equal(0, signer_alloc(&signer));
	assert_int_equal(0, signature_make(signer, TOKEN, &text, want));
	signer_free(signer);
	assert_string_equal(want, header(n, "X-Twilio-Signature"));
}

static void a_document_is_asked_for_with_a_signed_post(void **state)
{
	char request[HOSTILE_TEXT_MAX];
	struct answer *a;

	(void)state;
	hostile_reset();
	a = fetch("/echo?x=1#ct=1000");
	assert_int_equal(200, a->status);
	assert_int_equal(0, a->code);
	assert_string_equal("text/xml", a->type);
	assert_string_equal("<Response/>", a->body);
	assert_string_equal(app_url("/echo?x=1"), a->url);
	expect_signature(0, app_url("/echo?x=1"), 2);
	assert_string_equal("TwilioProxy/1.1", header(0, "User-Agent"));
	assert_string_equal("*/*", header(0, "Accept"));
	assert_string_equal("", header(0, "Accept-Encoding"));
	assert_int_equal(36, strlen(header(0, "I-Twilio-Idempotency-Token")));
	hostile_request(0, request, sizeof(request));
	assert_ptr_equal(request, strstr(request, "POST /echo?x=1 HTTP/1.1"));
	assert_non_null(strstr(request, "\r\n\r\nCallSid=" CALL "&To=sip%3A"));
}

static void a_get_has_its_parameters_in_the_signed_url(void **state)
{
	const struct question q = {.url = "/echo?x=1", .method = "GET"};
	struct answer *a;

	(void)state;
	hostile_reset();
	a = ask(&q);
	assert_int_equal(0, a->code);
	assert_non_null(strstr(a->url, "/echo?x=1&CallSid=" CALL "&To="));
	expect_signature(0, a->url, 0);
}

static void a_connection_is_used_again(void **state)
{
	(void)state;
	fetch("/echo");
	hostile_reset();
	for (int i = 0; i < 10; i++)
		assert_int_equal(0, fetch("/echo")->code);
	assert_int_equal(0, hostile_connections());
}

static void hostile_answers_end_with_their_code(void **state)
{
	static const struct {
		const char *path;
		unsigned code, attempts, max_ms;
	} rows[] = {
		{"/status/404", 11200, 1, 2000},
		{"/status/503#rp=5xx&rc=2", 11200, 3, 2000},
		{"/type/text/html", 0, 1, 2000},
		{"/type/application/json", 12300, 1, 2000},
		{"/type/audio/mpeg", 0, 1, 2000},
		{"/empty", 11770, 1, 2000},
		{"/slow/1500#rt=300", 11200, 1, 1200},
		{"/slow/1500#tt=500", 11203, 1, 1200},
		{"/echo", 0, 1, 2000},
		{"/trickle#tt=500", 11203, 1, 1200},
		{"/large/65536", 0, 1, 2000},
		{"/large/65537", 11750, 1, 2000},
		{"/large/10000000", 11750, 1, 2000},
		{"/endless", 11750, 1, 8000},
		{"/headers", 11206, 1, 4000},
		{"/redirect/10", 0, 1, 2000},
		{"/redirect/11", 11215, 1, 2000},
		{"/nowhere", 11216, 1, 2000},
		{"/to?file:///etc/passwd", 11216, 1, 2000},
		{"/to?http://127.0.0.1:6379/", 11205, 1, 2000},
		{"/garbage", 11206, 1, 2000},
		{"/close#rp=rt", 11200, 2, 2000},
		{"/cut", 11200, 1, 2000},
		{"/echo#rp=never", 11243, 0, 2000},
	};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct answer *a = fetch(rows[i].path);

		if (a->code != rows[i].code || a->ms > rows[i].max_ms ||
		    a->attempts != rows[i].attempts)
			fail_msg("%s: %u %s, %u attempts, %u ms", rows[i].path,
			         a->code, a->text, a->attempts,
			         (unsigned)a->ms);
	}
	assert_int_equal(65536, fetch("/large/65536")->body_len);
}

static void private_addresses_are_never_connected_to(void **state)
{
	static const char *const rows[] = {
		"http://127.0.0.1/",
		"http://[::1]/",
		"http://0.0.0.0/",
		"http://2130706433/",
		"http://0x7f.1/",
		"http://017700000001/",
		"http://127.1/",
		"http://[::ffff:7f00:1]/",
		"http://[64:ff9b::7f00:1]/",
		"http://localhost/",
		"http://169.254.169.254/latest/meta-data/",
		"http://127.0.3.1:6379/",
	};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		const struct question q = {.url = rows[i]};
		struct answer *a = ask(&q);

		if (a->code != 11205)
			fail_msg("%s: %u %s", rows[i], a->code, a->text);
	}
}

static void the_same_key_is_asked_once(void **state)
{
	const struct question q = {.url = "/slow/300", .key = "key-1"};
	struct answer *first, *second;

	(void)state;
	hostile_reset();
	first = ask_later(&q);
	second = ask_later(&q);
	await_answer(first);
	await_answer(second);
	assert_string_equal("<Response/>", first->body);
	assert_string_equal("<Response/>", second->body);
	assert_string_equal("<Response/>", ask(&q)->body);
	assert_int_equal(1, hostile_requests());
}

static void retries_carry_the_same_token(void **state)
{
	char token[64];

	(void)state;
	hostile_reset();
	fetch("/status/500#rp=all&rc=1");
	assert_int_equal(2, hostile_requests());
	(void)snprintf(token, sizeof(token), "%s",
	               header(0, "I-Twilio-Idempotency-Token"));
	assert_string_equal(token, header(1, "I-Twilio-Idempotency-Token"));
}

static void a_redirect_is_signed_anew_and_loses_the_password(void **state)
{
	char url[256], to[128];
	const struct question q = {.url = url};

	(void)state;
	(void)snprintf(to, sizeof(to), "http://%s:%u/echo", OTHER_ADDRESS,
	               fixture.other_port);
	(void)snprintf(url, sizeof(url), "http://u:p@%s:%u/to?%s", APP_ADDRESS,
	               fixture.app_port, to);
	hostile_reset();
	assert_int_equal(0, ask(&q)->code);
	assert_string_equal("Basic dTpw", header(0, "Authorization"));
	assert_string_equal("", header(1, "Authorization"));
	expect_signature(1, to, 0);
}

static void passwords_are_offered_as_the_application_wants(void **state)
{
	static const char *const paths[] = {"basic", "digest"};

	(void)state;
	for (size_t i = 0; i < N_OF(paths); i++) {
		char url[128];
		const struct question q = {.url = url};

		(void)snprintf(url, sizeof(url), "http://u:p@%s:%u/%s",
		               APP_ADDRESS, fixture.app_port, paths[i]);
		assert_int_equal(200, ask(&q)->status);
		hostile_reset();
		assert_int_equal(200, ask(&q)->status);
		/* who wants Digest is not sent the password once more */
		if (strcmp(paths[i], "digest") == 0)
			assert_string_equal("", header(0, "Authorization"));
		else
			assert_string_equal("Basic dTpw",
			                    header(0, "Authorization"));
		assert_int_equal(401, fetch(strrchr(url, '/'))->status);
	}
}

static void cookies_come_back_for_the_same_call(void **state)
{
	(void)state;
	fetch("/cookie");
	hostile_reset();
	fetch("/echo");
	assert_string_equal("s=1", header(0, "Cookie"));
}

static void another_fetcher_continues_a_cookie_session(void **state)
{
	(void)state;
	fetch("/cookie");
	process_stop(fixture.fetcher, SIGKILL);
	fixture_start_fetcher();
	hostile_reset();
	fetch("/echo");
	assert_string_equal("s=1", header(0, "Cookie"));
}

static void a_first_request_is_not_late_for_cookies(void **state)
{
	const struct question first = {.url = "/echo", .first = true};

	(void)state;
	fetch("/cookie");
	process_stop(fixture.fetcher, SIGKILL);
	fixture_start_fetcher(); /* which would have to ask Redis */
	hostile_reset();
	assert_int_equal(200, ask(&first)->status);
	assert_string_equal("", header(0, "Cookie"));
}

static void one_account_does_not_hold_up_another(void **state)
{
	const struct question slow = {.url = "/slow/600"};
	const struct question quick = {.url = "/echo",
	                               .account = OTHER_ACCOUNT};
	struct answer *last = NULL;

	(void)state;
	for (int i = 0; i < 8; i++) /* four run at a time */
		last = ask_later(&slow);
	assert_true(ask(&quick)->ms < 400);
	await_answer(last);
	assert_int_equal(0, last->code);
	assert_true(last->ms > 1100);
}

static void a_host_that_times_out_is_not_asked_for_a_while(void **state)
{
	char url[128];
	const struct question q = {.url = url};
	struct answer *a;

	(void)state;
	(void)snprintf(url, sizeof(url), "http://%s:%u/slow/900#tt=100&rc=0",
	               OTHER_ADDRESS, fixture.other_port);
	for (int i = 0; i < 5; i++)
		assert_int_equal(11203, ask(&q)->code);
	a = ask(&q);
	assert_int_equal(11205, a->code);
	assert_true(a->ms < 90);
	assert_int_equal(0, fetch("/echo")->code);
}

static void the_inspector_keeps_the_last_requests_of_a_call(void **state)
{
	(void)state;
	fetch("/status/418?inspect=me");
	redis_cli(&fixture.redis_server, "LRANGE request:" CALL " 0 0",
	          "\"status\":418,\"error\":11200");
	redis_cli(&fixture.redis_server, "LRANGE request:" CALL " 0 0",
	          "inspect=me");
	redis_cli(&fixture.redis_server, "LRANGE request:" CALL " 0 0",
	          "\"request_headers\":{\"User-Agent\":\"TwilioProxy/1.1\"");
	redis_cli(&fixture.redis_server, "LRANGE request:" CALL " 0 0",
	          "\"response_headers\":{\"");
	redis_cli(&fixture.redis_server, "TTL request:" CALL, "86");
	for (int i = 0; i < 60; i++)
		fetch("/echo");
	await_redis("LLEN request:" CALL, "50");
}

static void an_account_that_is_not_there_is_refused(void **state)
{
	const struct question q = {
		.url = "/echo",
		.account = "AC00000000000000000000000000000009"};

	(void)state;
	assert_int_equal(TRESTLE__REFUSAL__REASON__NOT_FOUND, ask(&q)->refusal);
}

static void a_stop_lets_work_in_hand_finish(void **state)
{
	const struct question q = {.url = "/slow/700"};
	struct answer *a;

	(void)state;
	hostile_reset();
	a = ask_later(&q);
	await_requests(1);
	assert_int_equal(0, kill(fixture.fetcher, SIGTERM));
	await_answer(a);
	assert_int_equal(0, a->err);
	assert_int_equal(200, a->status);
	assert_int_equal(0, process_stop(fixture.fetcher, SIGTERM));
	fixture.fetcher = 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_document_is_asked_for_with_a_signed_post),
		cmocka_unit_test(a_get_has_its_parameters_in_the_signed_url),
		cmocka_unit_test(a_connection_is_used_again),
		cmocka_unit_test(hostile_answers_end_with_their_code),
		cmocka_unit_test(private_addresses_are_never_connected_to),
		cmocka_unit_test(the_same_key_is_asked_once),
		cmocka_unit_test(retries_carry_the_same_token),
		cmocka_unit_test(
			a_redirect_is_signed_anew_and_loses_the_password),
		cmocka_unit_test(
			passwords_are_offered_as_the_application_wants),
		cmocka_unit_test(cookies_come_back_for_the_same_call),
		cmocka_unit_test(another_fetcher_continues_a_cookie_session),
		cmocka_unit_test(a_first_request_is_not_late_for_cookies),
		cmocka_unit_test(one_account_does_not_hold_up_another),
		cmocka_unit_test(
			a_host_that_times_out_is_not_asked_for_a_while),
		cmocka_unit_test(
			the_inspector_keeps_the_last_requests_of_a_call),
		cmocka_unit_test(an_account_that_is_not_there_is_refused),
		cmocka_unit_test(a_stop_lets_work_in_hand_finish),
	};

	return cmocka_run_group_tests(tests, fixture_set_up, fixture_tear_down);
}
