/*
 * test_words.c - numbers, URLs, routes, statuses and lengths, as tables
 */
#include "unit/test.h"

#include "core/date.h"
#include "core/e164.h"
#include "core/profanity.h"
#include "core/rng.h"
#include "core/route.h"
#include "core/status.h"
#include "core/url.h"

static void numbers_are_read_as_people_write_them(void **state)
{
	static const struct {
		const char *in, *out; /* out "" = no number */
	} rows[] = {
		{"+14155550100", "+14155550100"},
		{"415-123-4567", "+14151234567"},
		{"(415) 555-1212", "+14155551212"},
		{"4155551212", "+14155551212"},
		{"1 415 555 1212", "+14155551212"},
		{" 415.555.1212 ", "+14155551212"},
		{"tel:+1-415-555-0100;ext=5", "+14155550100"},
		{"%2B14155550100", "+14155550100"},
		{"442071838750", "+442071838750"},
		{"+442071838750", "+442071838750"},
		{"12", ""},
		{"911", ""},
		{"+0155550100", ""},
		{"+1415555010x", ""},
		{"+1234567890123456", ""},
		{"kate", ""},
		{"", ""},
		{"+", ""},
		{"++14155550100", ""},
	};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		char out[E164_SIZE];
		bool valid = e164_parse(rows[i].in, out);

		assert_string_equal(rows[i].out, valid ? out : "");
		assert_int_equal(*rows[i].out != '\0', valid);
	}
}

static void relative_urls_are_resolved(void **state)
{
	/* RFC 3986 5.4 with http, and what webhooks need */
	static const char base[] = "http://a:80/b/c/d;p?q#rc=2";
	static const struct {
		const char *ref, *out; /* out NULL = none */
	} rows[] = {
		{"", "http://a:80/b/c/d;p?q"},
		{"g", "http://a:80/b/c/g"},
		{"./g", "http://a:80/b/c/g"},
		{"g/", "http://a:80/b/c/g/"},
		{"/g", "http://a:80/g"},
		{"//g", "http://g"},
		{"?y", "http://a:80/b/c/d;p?y"},
		{"g?y=./x", "http://a:80/b/c/g?y=./x"},
		{"g#s", "http://a:80/b/c/g#s"},
		{"#ct=1", "http://a:80/b/c/d;p?q#ct=1"},
		{".", "http://a:80/b/c/"},
		{"..", "http://a:80/b/"},
		{"../g", "http://a:80/b/g"},
		{"../../g", "http://a:80/g"},
		{"../../../g", "http://a:80/g"},
		{"/./g", "http://a:80/g"},
		{"/../g", "http://a:80/g"},
		{"g.", "http://a:80/b/c/g."},
		{"..g", "http://a:80/b/c/..g"},
		{"g;x=1/../y", "http://a:80/b/c/y"},
		{"https://u:p@h/x", "https://u:p@h/x"},
		{"HTTP://h", "HTTP://h"},
		{"ftp://h/x", NULL},
		{"javascript:x", NULL},
		{"http://", NULL},
		{"http:///x", NULL},
		{"http://u@/x", NULL},
		{"a b", NULL},
		{"a\nb", NULL},
	};
	struct arena a = {NULL, false};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		const char *out = url_resolve(&a, base, rows[i].ref);

		if (rows[i].out)
			assert_string_equal(rows[i].out, out ? out : "(none)");
		else
			assert_null(out);
	}
	assert_string_equal("http://h/x", url_resolve(&a, "http://h", "x"));
	assert_null(url_resolve(&a, "", "x"));
	arena_close(&a);
}

static void a_host_is_looked_at(void **state)
{
	static const struct {
		const char *url;
		bool ok;
	} rows[] = {
		{"http://u@v@h/x", true},
		{"http://[", false},
		{"http://[]/", false},
		{"http://[::1", false},
		{"http://[::1]:80/x", true},
		{"http://[::1]x/", false},
		{"http://[host]/", false},
		{"http://h:/", true},
		{"http://h:65535/", true},
		{"http://h:0/", false},
		{"http://h:65536/", false},
		{"http://h:99999999999999999999/", false},
		{"http://h:8o/", false},
		{"http://h\\@g/", false},
		{"http://h%41/", false},
		{"http://my_host-1.Test/", true},
		{"http://b\xc3\xbc\x63her.test/", true},
	};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		if (url_absolute(rows[i].url) != rows[i].ok)
			fail_msg("%s", rows[i].url);
	}
}

static void hosts_of_callbacks_have_no_underscores(void **state)
{
	char host[300];

	(void)state;
	assert_true(url_host_valid("http://h/a_b"));
	assert_true(url_host_valid("http://a_b@h/"));
	assert_false(url_host_valid("http://my_host:80/"));
	(void)snprintf(host, sizeof(host), "http://%0255d/", 0);
	assert_true(url_absolute(host));
	(void)snprintf(host, sizeof(host), "http://%0256d/", 0);
	assert_false(url_absolute(host));
}

static void profane_words_are_masked(void **state)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
		{"", ""},
		{"hello there", "hello there"},
		{"fuck", "f***"},
		{"What the FUCKING hell, shit!",
	         "What the F****** hell, s***!"},
		{"you motherfucker", "you m***********"},
		{"it's bullshit", "it's b*******"},
		{"the wankel engine of mr dick",
	         "the wankel engine of mr dick"},
		{"scunthorpe pissarro mishit", "scunthorpe pissarro mishit"},
		{"fuck fuck", "f*** f***"},
		{"\xc3\xa4shit shit\xc3\xa4", "\xc3\xa4shit s*****"},
	};
	struct arena a = {NULL, false};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++)
		assert_string_equal(rows[i].out,
		                    profanity_mask(&a, rows[i].in));
	arena_close(&a);
}

static void sip_nouns_are_read(void **state)
{
	static const struct {
		const char *in, *what;
		unsigned code, refused;
	} rows[] = {
		{"sip:kate@Example.COM", "sip:kate@example.com", 0, 0},
		{"kate@example.com", "sip:kate@example.com", 0, 0},
		{"sips:kate@h", "sip:kate@h;transport=tls", 0, 0},
		{"sips:k@h:5071;transport=tcp", "sip:k@h:5071;transport=tls", 0,
	         0},
		{"sip:k@h;region=ie1;transport=tcp;edge=dublin",
	         "sip:k@h;transport=tcp", 0, 0},
		{"sip:k@[2001:db8::1]:5060", "sip:k@[2001:db8::1]:5060", 0, 0},
		{"sip:+1415@h?x-a=1&X-B=a%3Bb", "sip:+1415@h", 0, 0},
		{"sip:h", "sip:h", 0, 0},
		{"sip:k@h?Via=1", "sip:k@h", 13252, 0},
		{"sip:k@h?x-a=1%0d%0aVia:x", "sip:k@h", 32112, 0},
		{"sip:k@h?x-a%0d=1", "sip:k@h", 32111, 0},
		{"sip:k@h?x-a%20=1", "sip:k@h", 32111, 0},
		{"sip:k@h?=1", "sip:k@h", 32111, 0},
		{"sip:k@h?X-Twilio-Mark=1", "sip:k@h", 32113, 0},
		{"sip:k@h?x-trestle-account=AC1", "sip:k@h", 32113, 0},
		{"sip:k@h?X-=1", "sip:k@h", 13252, 0},
		{"sip:k@h;secure=true", "sip:k@h;secure=true", 32208, 488},
		{"k@h;transport=tls;Secure=TRUE;x?x-a=1",
	         "k@h;transport=tls;Secure=TRUE;x?x-a=1", 32208, 488},
		{"sip:k@h;secure=false", "sip:k@h;secure=false", 0, 0},
		{"", "", 13243, 404},
		{"sip:", "sip:", 13243, 404},
		{"sip:k@", "sip:k@", 13243, 404},
		{"sip:k@h x", "sip:k@h x", 13243, 404},
		{"sip:k@h>;x", "sip:k@h>;x", 13243, 404},
		{"http://k@h", "http://k@h", 13243, 404},
		{"tel:+1415", "tel:+1415", 13243, 404},
	};
	struct arena a = {NULL, false};
	struct route route;

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		route_sip(&a, rows[i].in, &route);
		assert_string_equal(rows[i].what, route.what);
		assert_int_equal(rows[i].code, route.code);
		assert_int_equal(rows[i].refused, route.refused);
		assert_int_equal(RESOLVE_URI, route.kind);
	}
	route_sip(&a, "sip:k@h?x-a=1&X-B=a%3Bb&y=2&User-to-User=z", &route);
	assert_int_equal(3, route.n_headers);
	assert_string_equal("X-B", route.headers[1].name);
	assert_string_equal("a;b", route.headers[1].value);
	arena_close(&a);
}

static void number_nouns_are_read(void **state)
{
	struct arena a = {NULL, false};
	struct route route;

	(void)state;
	route_number(&a, "(415) 555-1212", &route);
	assert_string_equal("+14155551212", route.what);
	assert_int_equal(0, route.refused);
	assert_int_equal(RESOLVE_NUMBER, route.kind);
	route_number(&a, "+1911", &route);
	assert_int_equal(RESOLVE_EMERGENCY, route.kind);
	assert_string_equal("911", route.what);
	assert_int_equal(0, route.refused);
	route_number(&a, "kate", &route);
	assert_int_equal(13223, route.code);
	assert_int_equal(484, route.refused);
	arena_close(&a);
}

static void a_final_response_makes_a_call_status(void **state)
{
	static const struct {
		unsigned sip;
		enum call_status status;
		bool next; /* another carrier is tried */
		unsigned to_caller;
	} rows[] = {
		{486, STATUS_BUSY, false, 486},
		{600, STATUS_BUSY, false, 486},
		{603, STATUS_BUSY, false, 486},
		{480, STATUS_NO_ANSWER, false, 480},
		{487, STATUS_NO_ANSWER, false, 480},
		{408, STATUS_NO_ANSWER, true, 480},
		{404, STATUS_FAILED, false, 404},
		{410, STATUS_FAILED, false, 404},
		{484, STATUS_FAILED, false, 404},
		{604, STATUS_FAILED, false, 404},
		{403, STATUS_FAILED, true, 503},
		{407, STATUS_FAILED, true, 503},
		{488, STATUS_FAILED, true, 503},
		{500, STATUS_FAILED, true, 503},
		{503, STATUS_FAILED, true, 503},
		{599, STATUS_FAILED, true, 503},
		{302, STATUS_FAILED, true, 503},
		{699, STATUS_FAILED, false, 503},
	};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		enum call_status status = status_of_sip(rows[i].sip);

		assert_int_equal(rows[i].status, status);
		assert_int_equal(rows[i].next, status_try_next(rows[i].sip));
		assert_int_equal(rows[i].to_caller,
		                 status_to_caller(status, rows[i].sip));
	}
	assert_int_equal(480, status_to_caller(STATUS_CANCELED, 0));
	assert_int_equal(503, status_to_caller(STATUS_FAILED, 0));
}

static void the_best_response_is_chosen(void **state)
{
	/* each is better than the next: RFC 3261 16.7 step 6 */
	static const unsigned order[] = {200, 600, 604, 486, 480,
	                                 404, 403, 408, 500, 0};

	(void)state;
	for (size_t i = 0; i + 1 < N_OF(order); i++) {
		assert_true(status_better(order[i], order[i + 1]));
		assert_false(status_better(order[i + 1], order[i]));
	}
}

static void status_names_are_read_back(void **state)
{
	(void)state;
	for (int i = STATUS_QUEUED; i <= STATUS_CANCELED; i++) {
		enum call_status s;

		assert_true(status_parse(status_name((enum call_status)i), &s));
		assert_int_equal(i, s);
	}
}

static void a_call_lasts_as_long_for_everybody(void **state)
{
	static const struct {
		uint64_t answer, end, s;
	} rows[] = {
		{0, 5000, 0},    {1000, 0, 0},    {1000, 1000, 0},
		{1000, 1499, 0}, {1000, 1500, 1}, {1000, 3014, 2},
		{1000, 7382, 6},
	};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++)
		assert_int_equal(rows[i].s,
		                 date_seconds(rows[i].answer, rows[i].end));
}

static void sids_differ_and_have_their_form(void **state)
{
	const uint8_t zero[RNG_SEED_SIZE] = {0};
	char a[SID_SIZE], b[SID_SIZE];
	struct rng rng;

	(void)state;
	rng_init(&rng, zero);
	rng_sid(&rng, "CA", a);
	rng_sid(&rng, "CA", b);
	assert_true(rng_sid_form(a, "CA"));
	assert_false(rng_sid_form(a, "MS"));
	assert_string_not_equal(a, b);
}

static void passwords_in_urls_are_hidden(void **state)
{
	static const struct {
		const char *url, *expect;
	} rows[] = {
		{"https://user:pass@h.example/a@b?c=d",
	         "https://***@h.example/a@b?c=d"},
		{"http://u:p@ss@h", "http://***@h"},
		{"HTTPS://token@h/", "HTTPS://***@h/"},
		{"https://h.example/a@b", NULL},
		{"https://h?x=u:p@h", NULL},
		{"sip:user:pass@h", NULL},
		{"", NULL},
		{"<Sip url='http://u:p@h/' password=\"x@y\">sip:a@b</Sip>",
	         "<Sip url='http://***@h/' password=\"***\">sip:a@b</Sip>"},
		{"<Play>http://u:p@h</Play><Play>https://v@i</Play>",
	         "<Play>http://***@h</Play><Play>https://***@i</Play>"},
		{"<Play>http://h</Play>a@b password= password=\"\"", NULL},
		{"password = 'never closed", "password = '***"},
	};
	struct arena a = {NULL, false};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		const char *out = url_mask(&a, rows[i].url);

		if (rows[i].expect)
			assert_string_equal(rows[i].expect, out);
		else
			assert_null(out);
	}
	arena_close(&a);
}

TEST_MAIN(cmocka_unit_test(passwords_in_urls_are_hidden),
          cmocka_unit_test(numbers_are_read_as_people_write_them),

          cmocka_unit_test(relative_urls_are_resolved),
          cmocka_unit_test(a_host_is_looked_at),
          cmocka_unit_test(hosts_of_callbacks_have_no_underscores),
          cmocka_unit_test(profane_words_are_masked),
          cmocka_unit_test(sip_nouns_are_read),
          cmocka_unit_test(number_nouns_are_read),
          cmocka_unit_test(a_final_response_makes_a_call_status),
          cmocka_unit_test(the_best_response_is_chosen),
          cmocka_unit_test(status_names_are_read_back),

          cmocka_unit_test(a_call_lasts_as_long_for_everybody),
          cmocka_unit_test(sids_differ_and_have_their_form))
