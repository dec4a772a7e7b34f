/*
 * test_cookies.c - cookies, and the inspector's record
 */
#include "base/strbuf.h"
#include "core/cookies.h"
#include "core/inspect.h"
#include "core/url.h"
#include "unit/oom.h"
#include "unit/test.h"

static struct url *url(const char *text)
{
	const char *why;
	struct url *u;

	assert_int_equal(0, url_parse(&u, text, &why));
	return u;
}

static void take(struct cookies *c, const char *scope, const char *from,
                 const char *header)
{
	struct url *u = url(from);

	cookies_take(c, scope, u, header, 0);
	url_free(u);
}

static void expect(struct cookies *c, const char *scope, const char *to,
                   const char *want)
{
	struct strbuf b = {0};
	struct url *u = url(to);

	cookies_write(c, scope, u, 0, &b);
	assert_string_equal(want, strbuf_str(&b));
	strbuf_close(&b);
	url_free(u);
}

static void cookies_go_back_to_the_same_call_and_host(void **state)
{
	struct cookies *c;

	(void)state;
	assert_int_equal(0, cookies_alloc(&c));
	take(c, "CA1", "http://a/x", "s=1; Path=/; HttpOnly");
	take(c, "CA1", "http://a/x", " t = two words ;path=/x");
	take(c, "CA1", "https://a/", "u=3; Secure");
	expect(c, "CA1", "http://a/x", "s=1; t=two words");
	expect(c, "CA1", "http://a/x/y?z", "s=1; t=two words");
	expect(c, "CA1", "http://a/xy", "s=1");
	expect(c, "CA1", "https://a/", "s=1; u=3");
	expect(c, "CA1", "http://b/x", "");
	expect(c, "CA2", "http://a/x", "");
	take(c, "CA1", "http://a/", "s=4");
	expect(c, "CA1", "http://a/", "s=4");
	cookies_free(c);
}

static void a_cookie_is_deleted_by_an_expiry_in_the_past(void **state)
{
	struct cookies *c;

	(void)state;
	assert_int_equal(0, cookies_alloc(&c));
	take(c, "CA1", "http://a/", "s=1; Max-Age=60");
	expect(c, "CA1", "http://a/", "s=1");
	take(c, "CA1", "http://a/", "s=; Max-Age=0");
	expect(c, "CA1", "http://a/", "");
	take(c, "CA1", "http://a/",
	     "s=1; expires=Wed, 21 Oct 2099 07:28:00 GMT");
	expect(c, "CA1", "http://a/", "s=1");
	take(c, "CA1", "http://a/",
	     "s=; expires=Thu, 01 Jan 1970 00:00:00 GMT");
	expect(c, "CA1", "http://a/", "");
	assert_true(cookies_known(c, "CA1")); /* that it has none */
	cookies_free(c);
}

static void what_is_no_cookie_is_ignored(void **state)
{
	static char large[COOKIES_SIZE_MAX + 8];
	struct cookies *c;

	(void)state;
	assert_int_equal(0, cookies_alloc(&c));
	memset(large, 'x', COOKIES_SIZE_MAX + 1);
	take(c, "CA1", "http://a/", "");
	take(c, "CA1", "http://a/", "=x");
	take(c, "CA1", "http://a/", ";;;");
	take(c, "CA1", "http://a/", "a=\x01");
	take(c, "CA1", "http://a/", large);
	assert_int_equal(0, cookies_n_scopes(c));
	cookies_free(c);
}

static void cookies_and_calls_have_limits(void **state)
{
	struct cookies *c;
	struct strbuf b = {0};
	struct url *u = url("http://a/");
	char text[32];

	(void)state;
	assert_int_equal(0, cookies_alloc(&c));
	for (int i = 0; i < 100; i++) {
		snprintf(text, sizeof(text), "n%02d=1", i);
		cookies_take(c, "CA1", u, text, 0);
	}
	cookies_write(c, "CA1", u, 0, &b);
	assert_int_equal(COOKIES_IN_SCOPE_MAX * 7 - 2, b.len);
	for (int i = 0; i < COOKIES_SCOPES_MAX; i++) {
		snprintf(text, sizeof(text), "CA-%d", i);
		cookies_take(c, text, u, "a=b", 0);
	}
	assert_int_equal(COOKIES_SCOPES_MAX, cookies_n_scopes(c));
	expect(c, "CA1", "http://a/", "");
	strbuf_close(&b);
	url_free(u);
	cookies_free(c);
}

static void a_record_is_one_line_of_json(void **state)
{
	static const struct param params[] = {
		{"To", "a\"b\\c\n\xff\xc3\xa9\xed\xa0\x80"}, {"From", "x"}};
	static const char body[] =
		"<Sip username='u' Password = 's\"3'>sip:a@b</Sip>"
		"<Play>https://u:p@h@a/x@y</Play>passwords ://";
	static const char asked[] = "X-Twilio-Signature: abc=\r\n"
				    "Authorization: Basic dTpw\r\n"
				    "Cookie: id=1\r\n";
	static const char told[] = "Set-Cookie: id=1\r\nnonsense\r\n: x\r\n"
				   "Location:https://u:p@b/ \t\r\nX-Empty:\r\n";
	struct request_spec spec = {"POST", "https://u:secret@a/x#rc=0", params,
	                            2};
	struct inspect_record record = {.wall_ms = 1709210096789,
	                                .status = 200,
	                                .text = "",
	                                .attempts = 1,
	                                .ms = 12,
	                                .content_type = "text/xml",
	                                .body = body,
	                                .body_len = sizeof(body) - 1,
	                                .asked = asked,
	                                .told = told};
	struct strbuf b = {0};
	struct problem problem;
	struct request *r;

	(void)state;
	assert_int_equal(0, request_alloc(&r, &spec, &problem));
	record.request = r;
	record.url = r->url->text;
	inspect_write(&record, &b);
	assert_string_equal(
		"{\"time\":\"2024-02-29T12:34:56.789Z\",\"method\":\"POST\","
		"\"url\":\"https://a/x\",\"params\":{\"From\":\"x\",\"To\":"
		"\"a\\\"b\\\\c\\u000a\\ufffd\xc3\xa9\\ufffd\\ufffd\\ufffd\"},"
		"\"request_headers\":{\"X-Twilio-Signature\":\"abc=\","
		"\"Authorization\":\"***\",\"Cookie\":\"***\"},"
		"\"response_headers\":{\"Set-Cookie\":\"***\","
		"\"Location\":\"https://***@b/\",\"X-Empty\":\"\"},"
		"\"status\":200,\"error\":0,\"text\":\"\",\"attempts\":1,"
		"\"ms\":12,\"content_type\":\"text/xml\",\"body\":"
		"\"<Sip username='u' Password = '***'>sip:a@b</Sip>"
		"<Play>https://***@a/x@y</Play>passwords ://\"}",
		strbuf_str(&b));
	strbuf_close(&b);
	request_free(r);
}

static void running_out_of_memory_is_survived(void **state)
{
	struct cookies *c = NULL;

	(void)state;
	OOM_EACH(cookies_alloc(&c), cookies_free(c));
}

TEST_MAIN(cmocka_unit_test(cookies_go_back_to_the_same_call_and_host),
          cmocka_unit_test(a_cookie_is_deleted_by_an_expiry_in_the_past),
          cmocka_unit_test(what_is_no_cookie_is_ignored),
          cmocka_unit_test(cookies_and_calls_have_limits),
          cmocka_unit_test(a_record_is_one_line_of_json),
          cmocka_unit_test(running_out_of_memory_is_survived))
