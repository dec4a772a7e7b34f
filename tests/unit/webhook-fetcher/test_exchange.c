/*
 * test_exchange.c - attempts, redirects and what the tenant is told at the end
 */
#include <curl/curl.h>
#include <openssl/x509_vfy.h>

#include "base/guard.h"
#include "core/exchange.h"
#include "unit/test.h"

static void begin(struct exchange *x, const char *method, const char *url)
{
	static const struct param params[] = {{"A", "1"}};
	struct request_spec spec = {method, url, params, 1};
	struct problem problem;
	struct request *r;

	assert_int_equal(0, request_alloc(&r, &spec, &problem));
	exchange_init(x, r, PURPOSE_DOCUMENT, 1000);
}

static const struct result well = {.connected = true,
                                   .status = 200,
                                   .address = "",
                                   .content_type = "text/xml",
                                   .body_len = 10};

static struct result answer(unsigned status, const char *location)
{
	struct result r = well;

	r.status = status;
	r.location = location;
	return r;
}

static struct result failure(int curl)
{
	struct result r = {.curl = curl, .address = "", .content_type = ""};

	return r;
}

/* What the client saw, and the code that the tenant is told */
static const struct {
	const char *what;
	struct result r;
	uint32_t code;
} failures[] = {
#define OK .connected = true, .status = 200, .content_type = "text/xml"
	{"a document", {OK, .body_len = 1}, 0},
	{"empty", {OK, .body_len = 0}, 11770},
	{"too large",
         {OK, .curl = CURLE_WRITE_ERROR, .cut = CUT_BODY, .body_len = 65536},
         11750},
	{"404", {.status = 404, .content_type = ""}, 11200},
	{"500", {.status = 500, .content_type = ""}, 11200},
	{"304", {.status = 304, .content_type = ""}, 11216},
	{"redirect to nowhere", {.status = 302, .content_type = ""}, 11216},
	{"JSON",
         {.status = 200, .content_type = "application/json", .body_len = 2},
         12300},
	{"no type", {.status = 200, .content_type = "", .body_len = 2}, 12300},
	{"audio",
         {.status = 200,
          .content_type = "audio/mpeg",
          .curl = CURLE_WRITE_ERROR,
          .cut = CUT_UNREAD},
         0},
	{"no such host", {.curl = CURLE_COULDNT_RESOLVE_HOST}, 11210},
	{"refused",
         {.curl = CURLE_COULDNT_CONNECT, .os_errno = ECONNREFUSED},
         11202},
	{"unreachable",
         {.curl = CURLE_COULDNT_CONNECT, .os_errno = EHOSTUNREACH},
         11205},
	{"private",
         {.curl = CURLE_COULDNT_CONNECT,
          .address = "::1",
          .verdict = TARGET_PRIVATE},
         11205},
	{"private, found connected",
         {.curl = CURLE_ABORTED_BY_CALLBACK,
          .address = "::1",
          .verdict = TARGET_PRIVATE},
         11205},
	{"port",
         {.curl = CURLE_COULDNT_CONNECT,
          .address = "1.1.1.1",
          .verdict = TARGET_PORT},
         11205},
	{"no connection",
         {.curl = CURLE_OPERATION_TIMEDOUT, .resolved = true},
         11201},
	{"no DNS", {.curl = CURLE_OPERATION_TIMEDOUT}, 11210},
	{"total", {.curl = CURLE_OPERATION_TIMEDOUT, .connected = true}, 11203},
	{"silence",
         {.curl = CURLE_ABORTED_BY_CALLBACK,
          .cut = CUT_IDLE,
          .connected = true},
         11200},
	{"headers", {.curl = CURLE_WRITE_ERROR, .cut = CUT_HEADERS}, 11206},
	{"garbage", {.curl = CURLE_WEIRD_SERVER_REPLY}, 11206},
	{"HTTP/0.9", {.curl = CURLE_UNSUPPORTED_PROTOCOL}, 11206},
	{"cut off", {.curl = CURLE_GOT_NOTHING}, 11200},
	{"no TLS", {.curl = CURLE_SSL_CONNECT_ERROR}, 11220},
	{"wrong name", {.curl = CURLE_PEER_FAILED_VERIFICATION}, 11235},
	{"expired",
         {.curl = CURLE_PEER_FAILED_VERIFICATION,
          .tls_verify = X509_V_ERR_CERT_HAS_EXPIRED},
         11236},
	{"self-signed",
         {.curl = CURLE_PEER_FAILED_VERIFICATION,
          .tls_verify = X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT},
         11237},
	{"something else", {.curl = CURLE_OUT_OF_MEMORY}, 11200},
};

static void each_way_to_fail_has_its_code(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_OF(failures); i++) {
		struct exchange x;

		begin(&x, "POST", "http://a/#rc=0");
		if (exchange_step(&x, &failures[i].r, 1001) != EXCHANGE_DONE ||
		    x.outcome.code != failures[i].code)
			fail_msg("%s: %u %s", failures[i].what, x.outcome.code,
			         x.outcome.text);
		assert_int_equal(failures[i].code == 0,
		                 x.outcome.text[0] == '\0');
		exchange_close(&x);
	}
}

static void a_callback_is_content_with_any_2xx(void **state)
{
	struct result r = {.status = 204, .content_type = ""};
	struct exchange x;

	(void)state;
	begin(&x, "POST", "http://a/");
	x.purpose = PURPOSE_CALLBACK;
	assert_int_equal(EXCHANGE_DONE, exchange_step(&x, &r, 1001));
	assert_int_equal(0, x.outcome.code);
	exchange_close(&x);
}

static void the_policy_says_what_is_tried_again_and_how_often(void **state)
{
	static const struct {
		const char *url;
		struct result r;
		unsigned attempts;
	} rows[] = {
		{"http://a/", {.curl = CURLE_COULDNT_CONNECT}, 2},
		{"http://a/#rc=0", {.curl = CURLE_COULDNT_CONNECT}, 1},
		{"http://a/#rc=5", {.curl = CURLE_COULDNT_CONNECT}, 6},
		{"http://a/#rp=rt", {.curl = CURLE_COULDNT_CONNECT}, 1},
		{"http://a/", {.curl = CURLE_GOT_NOTHING}, 1},
		{"http://a/#rp=rt", {.curl = CURLE_GOT_NOTHING}, 2},
		{"http://a/", {.status = 503, .content_type = ""}, 1},
		{"http://a/#rp=5xx&rc=3",
	         {.status = 503, .content_type = ""},
	         4},
		{"http://a/#rp=5xx", {.status = 404, .content_type = ""}, 1},
		{"http://a/#rp=all", {.status = 404, .content_type = ""}, 2},
		{"http://a/#rp=all",
	         {.curl = CURLE_COULDNT_CONNECT,
	          .verdict = TARGET_PRIVATE,
	          .address = "::1"},
	         1},
	};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct exchange x;
		unsigned sent = 1;

		begin(&x, "POST", rows[i].url);
		while (exchange_step(&x, &rows[i].r, 1001) == EXCHANGE_SEND)
			sent++;
		assert_int_equal(rows[i].attempts, sent);
		assert_int_equal(rows[i].attempts, x.attempts);
		exchange_close(&x);
	}
}

static void no_attempt_begins_when_the_time_is_up(void **state)
{
	struct result r = failure(CURLE_COULDNT_CONNECT);
	struct exchange x;

	(void)state;
	begin(&x, "POST", "http://a/#tt=500&rc=5");
	assert_int_equal(500, exchange_left_ms(&x, 1000));
	assert_int_equal(EXCHANGE_SEND, exchange_step(&x, &r, 1499));
	assert_int_equal(EXCHANGE_DONE, exchange_step(&x, &r, 1500));
	assert_int_equal(0, exchange_left_ms(&x, 2000));
	exchange_restart(&x, 2000);
	assert_int_equal(500, exchange_left_ms(&x, 2000));
	exchange_limit(&x, 2100);
	exchange_limit(&x, 9999); /* only ever shortens */
	assert_int_equal(100, exchange_left_ms(&x, 2000));
	exchange_close(&x);
}

static void redirects_change_the_method_as_browsers_do(void **state)
{
	static const struct {
		unsigned status;
		bool post;
	} rows[] = {
		{301, false}, {302, false}, {303, false},
		{307, true},  {308, true},
	};

	struct signer *signer;

	(void)state;
	assert_int_equal(0, signer_alloc(&signer));
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct result r = answer(rows[i].status, "../b?c");
		char before[SIGNATURE_SIZE], after[SIGNATURE_SIZE];
		struct exchange x;

		begin(&x, "POST", "http://a/x/y");
		assert_int_equal(0, exchange_sign(&x, signer, "t", before));
		assert_int_equal(EXCHANGE_SEND, exchange_step(&x, &r, 1001));
		assert_string_equal("http://a/b?c", exchange_url(&x)->text);
		assert_int_equal(rows[i].post, exchange_is_post(&x));
		assert_int_equal(0, exchange_sign(&x, signer, "t", after));
		assert_string_not_equal(before, after);
		exchange_close(&x);
	}
	signer_free(signer);
}

static void ten_redirects_are_followed_and_not_eleven(void **state)
{
	struct result r = answer(302, "/again");
	struct exchange x;
	unsigned sent = 0;

	(void)state;
	begin(&x, "GET", "http://a/");
	while (exchange_step(&x, &r, 1001) == EXCHANGE_SEND)
		sent++;
	assert_int_equal(10, sent);
	assert_int_equal(11215, x.outcome.code);
	exchange_close(&x);
}

static void a_redirect_to_another_scheme_is_refused(void **state)
{
	static const char *const rows[] = {
		"file:///etc/passwd", "gopher://a/", "dict://a/",   "ftp://a/",
		"ldap://a/",          "data:,x",     "http://a b/", ""};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct result r = answer(302, rows[i]);
		struct exchange x;

		begin(&x, "POST", "http://a/");
		assert_int_equal(EXCHANGE_DONE, exchange_step(&x, &r, 1001));
		assert_int_equal(11216, x.outcome.code);
		exchange_close(&x);
	}
}

static void credentials_stay_with_the_origin_they_were_given_for(void **state)
{
	struct result near = answer(307, "/b"), far = answer(307, "http://b/");
	struct exchange x;

	(void)state;
	begin(&x, "POST", "http://u:p@a/");
	assert_string_equal("u", exchange_user(&x));
	assert_int_equal(EXCHANGE_SEND, exchange_step(&x, &near, 1001));
	assert_string_equal("u", exchange_user(&x));
	assert_string_equal("p", exchange_password(&x));
	assert_int_equal(EXCHANGE_SEND, exchange_step(&x, &far, 1001));
	assert_null(exchange_user(&x));
	assert_null(exchange_password(&x));
	exchange_close(&x);
}

static void a_digest_challenge_is_answered_once(void **state)
{
	struct result r = answer(401, NULL);
	struct exchange x;

	(void)state;
	r.digest_offered = true;
	begin(&x, "POST", "http://u:p@a/");
	assert_int_equal(EXCHANGE_SEND, exchange_step(&x, &r, 1001));
	assert_true(x.digest);
	assert_int_equal(1, x.attempts);
	assert_int_equal(EXCHANGE_DONE, exchange_step(&x, &r, 1001));
	assert_int_equal(11200, x.outcome.code);
	exchange_close(&x);

	begin(&x, "POST", "http://a/");
	assert_int_equal(EXCHANGE_DONE, exchange_step(&x, &r, 1001));
	exchange_close(&x);
}

static void who_asked_for_digest_is_not_sent_the_password_again(void **state)
{
	struct result r = answer(401, NULL);
	struct exchange x;
	struct guard *known;

	(void)state;
	assert_int_equal(0, guard_alloc(&known, 4, 10000));
	r.digest_offered = true;
	begin(&x, "POST", "http://u:p@a/1");
	assert_false(exchange_digest(&x, known, 1000));
	assert_int_equal(EXCHANGE_SEND, exchange_step(&x, &r, 1001));
	assert_true(exchange_digest(&x, known, 1001));
	exchange_close(&x);

	begin(&x, "POST", "http://u:p@a/2");
	assert_true(exchange_digest(&x, known, 1002));
	assert_int_equal(EXCHANGE_DONE, exchange_step(&x, &r, 1003));
	exchange_close(&x);
	begin(&x, "POST", "http://v:p@a/");
	assert_false(exchange_digest(&x, known, 1002));
	exchange_close(&x);
	begin(&x, "POST", "http://a/");
	assert_false(exchange_digest(&x, known, 1002));
	exchange_close(&x);

	/* now it wants Basic */
	r.digest_offered = false;
	begin(&x, "POST", "http://u:p@a/3");
	assert_true(exchange_digest(&x, known, 1004));
	assert_int_equal(EXCHANGE_SEND, exchange_step(&x, &r, 1005));
	assert_false(exchange_digest(&x, known, 1005));
	assert_int_equal(EXCHANGE_DONE, exchange_step(&x, &r, 1006));
	exchange_close(&x);
	guard_free(known);
}

static void a_retry_begins_at_the_configured_url(void **state)
{
	struct result to = answer(302, "http://b/"), bad = answer(503, NULL);
	struct exchange x;

	(void)state;
	begin(&x, "POST", "http://a/#rp=5xx");
	assert_int_equal(EXCHANGE_SEND, exchange_step(&x, &to, 1001));
	assert_int_equal(EXCHANGE_SEND, exchange_step(&x, &bad, 1001));
	assert_string_equal("http://a/", exchange_url(&x)->text);
	assert_true(exchange_is_post(&x));
	exchange_close(&x);
}

TEST_MAIN(
	cmocka_unit_test(each_way_to_fail_has_its_code),
	cmocka_unit_test(a_callback_is_content_with_any_2xx),
	cmocka_unit_test(the_policy_says_what_is_tried_again_and_how_often),
	cmocka_unit_test(no_attempt_begins_when_the_time_is_up),
	cmocka_unit_test(redirects_change_the_method_as_browsers_do),
	cmocka_unit_test(ten_redirects_are_followed_and_not_eleven),
	cmocka_unit_test(a_redirect_to_another_scheme_is_refused),
	cmocka_unit_test(credentials_stay_with_the_origin_they_were_given_for),
	cmocka_unit_test(a_digest_challenge_is_answered_once),
	cmocka_unit_test(who_asked_for_digest_is_not_sent_the_password_again),
	cmocka_unit_test(a_retry_begins_at_the_configured_url))
