/*
 * test_uri.c - SIP URIs and name-addrs: what is one, what is not, its parts
 */
#include "core/uri.h"

#include "unit/test.h"

static void uris_that_are_by_the_grammar(void **state)
{
	static const struct {
		const char *text, *user, *host, *params;
		uint16_t port;
		enum uri_scheme scheme;
	} rows[] = {
		{"sip:example.com", "", "example.com", "", 0, URI_SIP},
		{"SIPS:a@b:5061", "a", "b", "", 5061, URI_SIPS},
		{"sip:a:secret@b;transport=tcp;lr", "a", "b",
	         "transport=tcp;lr", 0, URI_SIP},
		{"sip:user;par=u%40example.net@example.com",
	         "user;par=u%40example.net", "example.com", "", 0, URI_SIP},
		{"sip:a@[2001:db8::1]:5060", "a", "2001:db8::1", "", 5060,
	         URI_SIP},
		{"sip:#31#15550100@b", "#31#15550100", "b", "", 0, URI_SIP},
		{"tel:+14155550100;ext=5", "+14155550100", "", "", 0, URI_TEL},
		{"soap.beep://192.0.2.103:3002", "", "", "", 0, URI_OTHER},
	};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct uri u;

		assert_true(uri_parse(&u, slice_str(rows[i].text)));
		assert_int_equal(rows[i].scheme, u.scheme);
		assert_true(slice_eq(u.user, slice_str(rows[i].user)));
		assert_true(slice_eq(u.host, slice_str(rows[i].host)));
		assert_true(slice_eq(u.params, slice_str(rows[i].params)));
		assert_int_equal(rows[i].port, u.port);
	}
}

static void uris_that_are_refused(void **state)
{
	static const char *const rows[] = {
		"",
		"sip:",
		":a@b",
		"example.com",
		"<sip:a@b>",
		"sip:a@b; lr",
		" sip:a@b",
		"sip:a b@c",
		"sip:@b",
		"sip:a@",
		"sip:a@b@c",
		"sip:a@b:0",
		"sip:a@b:65536",
		"sip:a@b:",
		"sip:a%4@b",
		"sip:a%zz@b",
		"sip:a@[::1",
		"sip:a@[x]",
		"sip:a\"@b",
		"sip:a@b\r\nX: y",
	};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct uri u;

		assert_false(uri_parse(&u, slice_str(rows[i])));
	}
}

static void a_parameter_is_found_by_its_whole_name(void **state)
{
	struct slice v;
	struct slice params = SLICE("transport=tcp;Owner=c-1;lr");

	(void)state;
	assert_true(uri_param(params, SLICE("owner"), &v));
	assert_true(slice_eq(v, SLICE("c-1")));
	assert_true(uri_param(params, SLICE("lr"), &v));
	assert_int_equal(0, v.n);
	assert_false(uri_param(params, SLICE("own"), &v));
	assert_false(uri_param(params, SLICE("port"), NULL));
}

static void name_addrs(void **state)
{
	static const struct {
		const char *text, *uri, *params;
		bool good;
	} rows[] = {
		{"<sip:a@b>", "sip:a@b", "", true},
		{"sip:a@b;tag=1", "sip:a@b", "tag=1", true},
		{"\"A, \\\" B\" <sip:a@b;x=1> ; tag = 1", "sip:a@b;x=1",
	         "tag = 1", true},
		{"Alice Smith<sip:a@b>;tag=1", "sip:a@b", "tag=1", true},
		{"<sip:a@b>;x=\"1;2\"", "sip:a@b", "x=\"1;2\"", true},
		{"\"unterminated <sip:a@b>", "", "", false},
		{"Bell, Alexander <sip:a@b>", "", "", false},
		{"\"A\" < sip:a@b >", "", "", false},
		{"<sip:a@b", "", "", false},
		{"sip:a@b>", "", "", false},
		{"<>", "", "", false},
		{",,,", "", "", false},
		{"sip:a@b?Route=x", "", "", false},
		{"<sip:a@b>;;", "", "", false},
		{"<sip:a@b> x", "", "", false},
	};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct name_addr a;
		size_t used = 0;
		struct slice text = slice_str(rows[i].text);
		bool good = name_addr_parse(&a, text, &used) && used == text.n;

		if (good != rows[i].good)
			fail_msg("%s", rows[i].text);
		if (!good)
			continue;
		assert_true(slice_eq(a.uri.text, slice_str(rows[i].uri)));
		assert_true(slice_eq(a.params, slice_str(rows[i].params)));
	}
}

static void a_list_is_read_value_by_value(void **state)
{
	struct slice s = SLICE("<sip:a@b>;x=1 , \"c,d\" <sip:c@d>");
	struct name_addr a;
	size_t used = 0;

	(void)state;
	assert_true(name_addr_parse(&a, s, &used));
	assert_int_equal(',', s.p[used]);
	s = slice_from(s, used + 1);
	assert_true(name_addr_parse(&a, s, &used));
	assert_int_equal(s.n, used);
	assert_true(slice_eq(a.uri.user, SLICE("c")));
}

TEST_MAIN(cmocka_unit_test(uris_that_are_by_the_grammar),
          cmocka_unit_test(uris_that_are_refused),
          cmocka_unit_test(a_parameter_is_found_by_its_whole_name),
          cmocka_unit_test(name_addrs),
          cmocka_unit_test(a_list_is_read_value_by_value))
