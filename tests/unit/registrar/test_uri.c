/*
 * test_uri.c - URIs and addresses-of-record
 */
#include "core/uri.h"

#include <stdio.h>
#include <string.h>

#include "core/aor.h"
#include "unit/test.h"

struct parsed {
	const char *text;
	const char *want; /* user|host|port|params; NULL = refused */
};

// clang-format off
static const struct parsed parsed[] = {
	{"sip:bob@a.example", "bob|a.example|0|"},
	{"SIP:bob:pw@a.example:5062;transport=tcp?x=y", "bob|a.example|5062|transport=tcp"},
	{"sip:a.example", "|a.example|0|"},
	{"sip:a.example;lr", "|a.example|0|lr"},
	{"sips:+1;ext=5@[2001:db8::1]:5061", "+1;ext=5|[2001:db8::1]|5061|"},
	{"tel:+1-415;phone-context=x", "+1-415||0|phone-context=x"},
	{"sip:a@b:0", NULL},
	{"sip:a@b:65536", NULL},
	{"sip:a@b:", NULL},
	{"sip:@b", NULL},
	{"sip:", NULL},
	{"sip:a@", NULL},
	{"sip:a@[::1", NULL},
	{"sip:a%4@b", NULL},
	{"sip:a%00@b", NULL},
	{"sip:a%zz@b", NULL},
	{"sip:a b@c", NULL},
	{"sip:a@b\r\nX: y", NULL},
	{"sip:a@b/c", NULL},
	{"<sip:a@b>", NULL},
	{"http://a/", NULL},
	{"", NULL},
};
// clang-format on

static void uris_are_taken_apart(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_OF(parsed); i++) {
		const struct parsed *row = &parsed[i];
		char got[256];
		struct uri u;

		if (!uri_parse(&u, row->text)) {
			if (row->want)
				fail_msg("refused: %s", row->text);
			continue;
		}
		(void)snprintf(got, sizeof(got), "%.*s|%.*s|%u|%.*s",
		               (int)u.user.n, u.user.p ? u.user.p : "",
		               (int)u.host.n, u.host.p ? u.host.p : "", u.port,
		               (int)u.params.n, u.params.p);
		if (!row->want)
			fail_msg("accepted: %s as %s", row->text, got);
		assert_string_equal(row->want, got);
	}
}

static void a_uri_longer_than_the_limit_is_refused(void **state)
{
	char text[URI_MAX + 2];
	struct uri u;

	(void)state;
	memset(text, 'a', sizeof(text));
	memcpy(text, "sip:", 4);
	text[URI_MAX + 1] = '\0';
	assert_false(uri_parse(&u, text));
	text[URI_MAX] = '\0';
	assert_true(uri_parse(&u, text));
}

struct pair {
	const char *a, *b;
	bool same;
};

/* RFC 3261 19.1.4, its examples and ours */
// clang-format off
static const struct pair pairs[] = {
	{"sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtLanTa.CoM;Transport=tcp", true},
	{"sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5", true},
	{"sip:carol@chicago.com;security=on", "sip:carol@chicago.com;newparam=5", true},
	{"sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off", false},
	{"SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP", false},
	{"sip:bob@biloxi.com", "sip:bob@biloxi.com:5060", false},
	{"sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp", false},
	{"sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp", false},
	{"sip:bob@a.example", "sips:bob@a.example", false},
	{"sip:a.example", "sip:bob@a.example", false},
	{"sip:bob@a.example?Subject=x", "sip:bob@a.example", false},
};
// clang-format on

static void uris_are_compared_as_the_rfc_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_OF(pairs); i++) {
		struct uri a, b;

		assert_true(uri_parse(&a, pairs[i].a));
		assert_true(uri_parse(&b, pairs[i].b));
		if (uri_same(&a, &b) != pairs[i].same ||
		    uri_same(&b, &a) != pairs[i].same)
			fail_msg("%s and %s", pairs[i].a, pairs[i].b);
		assert_true(uri_same(&a, &a));
	}
}

struct named {
	const char *user, *host, *want;
};

static const struct named named[] = {
	{"%2B14155550100", "Shop.Example", "+14155550100@shop.example"},
	{"Bob", "shop.example", "Bob@shop.example"},
	{"", "shop.example", NULL},
	{"bob", "", NULL},
	{"a%40b", "shop.example", NULL},
	{"a%0ab", "shop.example", NULL},
	{"a}b", "shop.example", NULL},
};

static void an_aor_has_one_spelling(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_OF(named); i++) {
		char text[AOR_TEXT_SIZE];
		struct aor a, b;
		bool ok = aor_make(&a, piece_of(named[i].user),
		                   piece_of(named[i].host));

		assert_int_equal(named[i].want != NULL, ok);
		if (!ok)
			continue;
		aor_text(&a, text);
		assert_string_equal(named[i].want, text);
		assert_true(aor_parse(&b, text));
		assert_string_equal(a.user, b.user);
		assert_string_equal(a.domain, b.domain);
	}
}

static void a_user_longer_than_a_username_is_refused(void **state)
{
	char user[AOR_USER_MAX + 2];
	struct aor a;

	(void)state;
	memset(user, 'u', sizeof(user));
	user[AOR_USER_MAX + 1] = '\0';
	assert_false(aor_make(&a, piece_of(user), piece_of("d")));
	user[AOR_USER_MAX] = '\0';
	assert_true(aor_make(&a, piece_of(user), piece_of("d")));
}

TEST_MAIN(cmocka_unit_test(uris_are_taken_apart),
          cmocka_unit_test(a_uri_longer_than_the_limit_is_refused),
          cmocka_unit_test(uris_are_compared_as_the_rfc_says),
          cmocka_unit_test(an_aor_has_one_spelling),
          cmocka_unit_test(a_user_longer_than_a_username_is_refused))
