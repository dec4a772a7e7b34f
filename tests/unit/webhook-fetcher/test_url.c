/*
 * test_url.c - URLs: what is sent is what was read, and nothing odd is
 */
#include "core/url.h"
#include "unit/oom.h"
#include "unit/test.h"

static void urls_are_read_into_their_parts(void **state)
{
	static const struct {
		const char *in, *text, *host, *user, *password, *fragment;
		unsigned port;
	} rows[] = {
		{"https://a.example/x?y=1", "https://a.example/x?y=1",
	         "a.example", NULL, NULL, "", 443},
		{"http://a.example", "http://a.example/", "a.example", NULL,
	         NULL, "", 80},
		{"HTTP://A.example?q", "http://A.example/?q", "a.example", NULL,
	         NULL, "", 80},
		{" http://a:8080/b ", "http://a:8080/b", "a", NULL, NULL, "",
	         8080},
		{"http://a:/b", "http://a/b", "a", NULL, NULL, "", 80},
		{"https://u:p@a/b#ct=1", "https://a/b", "a", "u", "p", "ct=1",
	         443},
		{"https://u@a/", "https://a/", "a", "u", "", "", 443},
		{"https://me%40x:p%3A@w@a/", "https://a/", "a", "me@x", "p:@w",
	         "", 443},
		{"http://[2001:DB8::1]:81/", "http://[2001:DB8::1]:81/",
	         "2001:db8::1", NULL, NULL, "", 81},
		{"http://a/b c?d=\xc3\xa9", "http://a/b%20c?d=%C3%A9", "a",
	         NULL, NULL, "", 80},
		{"http://a/%41/../{x}", "http://a/%41/../{x}", "a", NULL, NULL,
	         "", 80},
		{"http://a/#x#y", "http://a/", "a", NULL, NULL, "x#y", 80},
		{"http://a?b@c", "http://a/?b@c", "a", NULL, NULL, "", 80},
		{"http://a#@b/", "http://a/", "a", NULL, NULL, "@b/", 80},
	};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct url *u;
		const char *why = NULL;

		assert_int_equal(0, url_parse(&u, rows[i].in, &why));
		assert_string_equal(rows[i].text, u->text);
		assert_string_equal(rows[i].host, u->host);
		assert_int_equal(rows[i].port, u->port);
		assert_string_equal(rows[i].fragment, u->fragment);
		assert_int_equal(rows[i].user == NULL, u->user == NULL);
		if (u->user) {
			assert_string_equal(rows[i].user, u->user);
			assert_string_equal(rows[i].password, u->password);
		}
		assert_int_equal('/', u->text[u->path]);
		url_free(u);
	}
}

static void urls_that_could_mislead_are_refused(void **state)
{
	static const char *const rows[] = {
		"",
		"http://",
		"https:///x",
		"http:a.example/",
		"//a.example/",
		"/voice",
		"file:///etc/passwd",
		"gopher://a/",
		"ftp://a/",
		"data:text/xml,x",
		"javascript:alert(1)",
		"http://a b/",
		"http://a\\@b/",
		"http://a%2eb/",
		"http://a:99999/",
		"http://a:0/",
		"http://a:8x/",
		"http://a:-1/",
		"http://[::1/",
		"http://[::1]x/",
		"http://[fe80::1%25eth0]/",
		"http://[v1.x]/",
		"http://a/\r\nX: y",
		"http://a/\x7f",
		"http://u%0d%0aX:p@a/",
		"http://u:p%00q@a/",
		"http://@/",
		"http://u:p@/",
		"http://:80/",
	};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct url *u = NULL;
		const char *why = NULL;

		if (url_parse(&u, rows[i], &why) == 0)
			fail_msg("accepted: %s", rows[i]);
		assert_non_null(why);
	}
}

static void a_url_of_more_than_8000_characters_is_refused(void **state)
{
	char text[URL_MAX + 2] = "http://a/";
	const char *why = NULL;
	struct url *u;

	(void)state;
	memset(text + 9, 'x', URL_MAX - 9);
	assert_int_equal(0, url_parse(&u, text, &why));
	url_free(u);
	text[URL_MAX] = 'x';
	assert_int_equal(EINVAL, url_parse(&u, text, &why));
}

static void references_resolve_as_rfc_3986_5_4_has_it(void **state)
{
	static const struct {
		const char *ref, *text;
	} rows[] = {
		{"http:g", NULL}, /* strict */
		{"g", "http://a/b/c/g"},
		{"./g", "http://a/b/c/g"},
		{"g/", "http://a/b/c/g/"},
		{"/g", "http://a/g"},
		{"//g", "http://g/"},
		{"?y", "http://a/b/c/d;p?y"},
		{"g?y", "http://a/b/c/g?y"},
		{"#s", "http://a/b/c/d;p?q"},
		{"g#s", "http://a/b/c/g"},
		{";x", "http://a/b/c/;x"},
		{".", "http://a/b/c/"},
		{"./", "http://a/b/c/"},
		{"..", "http://a/b/"},
		{"../", "http://a/b/"},
		{"../g", "http://a/b/g"},
		{"../..", "http://a/"},
		{"../../g", "http://a/g"},
		{"../../../g", "http://a/g"},
		{"/./g", "http://a/g"},
		{"/../g", "http://a/g"},
		{"g.", "http://a/b/c/g."},
		{"..g", "http://a/b/c/..g"},
		{"./g/.", "http://a/b/c/g/"},
		{"g/../h", "http://a/b/c/h"},
		{"https://x/y", "https://x/y"},
		{"file:///etc/passwd", NULL},
		{"", NULL},
		{"g\r\nX: y", NULL},
	};
	const char *why = NULL;
	struct url *base;

	(void)state;
	assert_int_equal(0, url_parse(&base, "http://a/b/c/d;p?q", &why));
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct url *u;
		int err = url_resolve(&u, base, rows[i].ref, &why);

		assert_int_equal(rows[i].text ? 0 : EINVAL, err);
		if (err)
			continue;
		assert_string_equal(rows[i].text, u->text);
		url_free(u);
	}
	url_free(base);
}

static bool same_origin(const char *a, const char *b)
{
	const char *why = NULL;
	struct url *x, *y;
	bool same;

	assert_int_equal(0, url_parse(&x, a, &why));
	assert_int_equal(0, url_parse(&y, b, &why));
	same = url_same_origin(x, y);
	url_free(x);
	url_free(y);
	return same;
}

static void an_origin_is_scheme_host_and_port(void **state)
{
	(void)state;
	assert_true(same_origin("http://a/x", "http://A:80/y"));
	assert_false(same_origin("http://a/", "https://a/"));
	assert_false(same_origin("http://a/", "http://b/"));
	assert_false(same_origin("http://a/", "http://a:81/"));
}

static void running_out_of_memory_is_survived(void **state)
{
	const char *why = NULL;
	struct url *u = NULL, *base;

	(void)state;
	OOM_EACH(url_parse(&u, "https://u:p@a:1/b?c#d", &why), url_free(u));
	assert_int_equal(0, url_parse(&base, "https://a/b/", &why));
	OOM_EACH(url_resolve(&u, base, "../c", &why), url_free(u));
	url_free(base);
}

TEST_MAIN(cmocka_unit_test(urls_are_read_into_their_parts),
          cmocka_unit_test(urls_that_could_mislead_are_refused),
          cmocka_unit_test(a_url_of_more_than_8000_characters_is_refused),
          cmocka_unit_test(references_resolve_as_rfc_3986_5_4_has_it),
          cmocka_unit_test(an_origin_is_scheme_host_and_port),
          cmocka_unit_test(running_out_of_memory_is_survived))
