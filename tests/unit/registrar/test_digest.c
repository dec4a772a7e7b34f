/*
 * test_digest.c - answers to challenges: read, verified, refused
 */
#include "core/digest.h"

#include <stdio.h>
#include <string.h>

#include "unit/test.h"

static struct sum *sum;

static int open_sum(void **state)
{
	(void)state;
	return sum_alloc(&sum, "k", 1);
}

static int close_sum(void **state)
{
	(void)state;
	sum_free(sum);
	return 0;
}

/* RFC 7616 3.9.1 */
#define MUFASA                                                                 \
	"Digest username=\"Mufasa\", realm=\"http-auth@example.org\", "        \
	"uri=\"/dir/index.html\", "                                            \
	"nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", "             \
	"nc=00000001, cnonce=\"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ\"" \
	", qop=auth, opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\""
#define MUFASA_MD5                                                             \
	MUFASA ", algorithm=MD5, "                                             \
	       "response=\"8ca523f5e9506fed4657c9700eebdbec\""
#define MUFASA_SHA256                                                          \
	MUFASA ", algorithm=SHA-256, response=\"753927fa0e85d155564e2e272a28"  \
	       "d1802ca10daf4496794697cf8db5856cb6c1\""

static struct digest_secret secret_of(const char *user, const char *realm,
                                      const char *password)
{
	const struct piece p[] = {piece_of(user), piece_of(":"),
	                          piece_of(realm), piece_of(":"),
	                          piece_of(password)};
	struct digest_secret s;
	char hex[SUM_HEX_MAX];

	sum_hex(sum, SUM_MD5, p, 5, hex);
	memcpy(s.md5, hex, sizeof(s.md5));
	sum_hex(sum, SUM_SHA256, p, 5, s.sha256);
	return s;
}

static void the_examples_of_the_rfc_are_right(void **state)
{
	struct digest_secret secret =
		secret_of("Mufasa", "http-auth@example.org", "Circle of Life");
	static const char *const texts[] = {MUFASA_MD5, MUFASA_SHA256};
	struct digest d;

	(void)state;
	for (size_t i = 0; i < N_OF(texts); i++) {
		assert_int_equal(DIGEST_OK, digest_parse(&d, texts[i]));
		assert_string_equal("Mufasa", d.username);
		assert_int_equal(1, d.nc);
		assert_true(digest_right(&d, sum, "GET", &secret));
	}
}

static void another_method_password_or_nobody_is_wrong(void **state)
{
	struct digest_secret secret =
		secret_of("Mufasa", "http-auth@example.org", "Circle of Life");
	struct digest_secret wrong =
		secret_of("Mufasa", "http-auth@example.org", "circle of life");
	struct digest_secret md5_only = secret;
	struct digest d;

	(void)state;
	assert_int_equal(DIGEST_OK, digest_parse(&d, MUFASA_SHA256));
	assert_false(digest_right(&d, sum, "PUT", &secret));
	assert_false(digest_right(&d, sum, "GET", &wrong));
	assert_false(digest_right(&d, sum, "GET", NULL));
	md5_only.sha256[0] = '\0';
	assert_false(digest_right(&d, sum, "GET", &md5_only));
}

#define NONCE44 "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAh"
#define MD5_32  "0123456789abcdef0123456789ABCDEF"
#define WITH(params)                                                           \
	"Digest username=\"u\", realm=\"r\", nonce=\"" NONCE44                 \
	"\", uri=\"sip:r\"" params
#define GOOD_TAIL                                                              \
	", qop=auth, nc=00000001, cnonce=\"c\", response=\"" MD5_32 "\""

struct row {
	const char *name;
	const char *text;
	enum digest_parsed want;
};

// clang-format off
static const struct row rows[] = {
	{"all is there", WITH(GOOD_TAIL), DIGEST_OK},
	{"tokens where strings should be",
	 "digest username=u,realm=r,nonce=" NONCE44 ",uri=sip:r,qop=auth,nc=0000000a,cnonce=c,response=" MD5_32, DIGEST_OK},
	{"strings where tokens should be", WITH(", qop=\"auth\", nc=\"00000001\", algorithm=\"MD5\", cnonce=\"c\", response=\"" MD5_32 "\""), DIGEST_OK},
	{"folded lines and wide spaces", "  Digest \r\n username = \"u\" ,realm=\"r\", nonce=\"" NONCE44 "\", uri=\"sip:r\"" GOOD_TAIL "  ", DIGEST_OK},
	{"an unknown parameter", WITH(GOOD_TAIL ", x-new=\"1\""), DIGEST_OK},
	{"an unknown parameter twice", WITH(GOOD_TAIL ", x=1, x=1"), DIGEST_OK},
	{"a nonce that is not ours", "Digest username=u,realm=r,nonce=short,uri=sip:r" GOOD_TAIL, DIGEST_OK},
	{"userhash is false", WITH(GOOD_TAIL ", userhash=false"), DIGEST_OK},

	{"another scheme", "Basic dTpw", DIGEST_OTHER},
	{"RFC 2069: no qop", WITH(", response=\"" MD5_32 "\""), DIGEST_OTHER},
	{"auth-int", WITH(", qop=auth-int, nc=00000001, cnonce=\"c\", response=\"" MD5_32 "\""), DIGEST_OTHER},
	{"MD5-sess", WITH(GOOD_TAIL ", algorithm=MD5-sess"), DIGEST_OTHER},
	{"an unknown algorithm", WITH(GOOD_TAIL ", algorithm=SHA-512-256"), DIGEST_OTHER},
	{"userhash", WITH(GOOD_TAIL ", userhash=true"), DIGEST_OTHER},

	{"nothing", "", DIGEST_MALFORMED},
	{"a scheme alone", "Digest", DIGEST_MALFORMED},
	{"no parameters", "Digest  ", DIGEST_MALFORMED},
	{"an open quote", WITH(GOOD_TAIL ", opaque=\"x"), DIGEST_MALFORMED},
	{"a backslash", WITH(GOOD_TAIL ", opaque=\"\\\"\""), DIGEST_MALFORMED},
	{"a comma at the end", WITH(GOOD_TAIL ","), DIGEST_MALFORMED},
	{"no comma", WITH(GOOD_TAIL " opaque=1"), DIGEST_MALFORMED},
	{"no value", WITH(GOOD_TAIL ", opaque="), DIGEST_MALFORMED},
	{"no equals sign", WITH(GOOD_TAIL ", opaque"), DIGEST_MALFORMED},
	{"username twice", WITH(GOOD_TAIL ", username=\"v\""), DIGEST_MALFORMED},
	{"response of 31 digits", WITH(", qop=auth, nc=00000001, cnonce=c, response=0123456789abcdef0123456789abcde"), DIGEST_MALFORMED},
	{"response of 33 digits", WITH(", qop=auth, nc=00000001, cnonce=c, response=0123456789abcdef0123456789abcdef0"), DIGEST_MALFORMED},
	{"response of 64 digits for MD5", WITH(", qop=auth, nc=00000001, cnonce=c, response=" MD5_32 MD5_32), DIGEST_MALFORMED},
	{"response of 32 digits for SHA-256", WITH(GOOD_TAIL ", algorithm=SHA-256"), DIGEST_MALFORMED},
	{"response that is not hexadecimal", WITH(", qop=auth, nc=00000001, cnonce=c, response=0123456789abcdef0123456789abcdeg"), DIGEST_MALFORMED},
	{"nc=zzzzzzzz", WITH(", qop=auth, nc=zzzzzzzz, cnonce=c, response=" MD5_32), DIGEST_MALFORMED},
	{"nc of seven digits", WITH(", qop=auth, nc=0000001, cnonce=c, response=" MD5_32), DIGEST_MALFORMED},
	{"nc of zero", WITH(", qop=auth, nc=00000000, cnonce=c, response=" MD5_32), DIGEST_MALFORMED},
	{"no nc", WITH(", qop=auth, cnonce=c, response=" MD5_32), DIGEST_MALFORMED},
	{"an empty cnonce", WITH(", qop=auth, nc=00000001, cnonce=\"\", response=" MD5_32), DIGEST_MALFORMED},
	{"no cnonce", WITH(", qop=auth, nc=00000001, response=" MD5_32), DIGEST_MALFORMED},
	{"an empty username", "Digest username=\"\",realm=r,nonce=n,uri=sip:r" GOOD_TAIL, DIGEST_MALFORMED},
	{"no username", "Digest realm=r,nonce=n,uri=sip:r" GOOD_TAIL, DIGEST_MALFORMED},
	{"no response", WITH(", qop=auth, nc=00000001, cnonce=c"), DIGEST_MALFORMED},
};
// clang-format on

static void each_row_is_read_as_it_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct digest d;
		enum digest_parsed got = digest_parse(&d, rows[i].text);

		if (got != rows[i].want)
			fail_msg("%s: %d instead of %d", rows[i].name, got,
			         rows[i].want);
	}
}

static void ten_thousand_parameters_are_refused(void **state)
{
	static char text[10000 * 4 + 16];
	struct digest d;
	char *p = text;

	(void)state;
	p += sprintf(p, "Digest ");
	for (int i = 0; i < 10000; i++)
		p += sprintf(p, "a=b,");
	assert_int_equal(DIGEST_MALFORMED, digest_parse(&d, text));
	text[160] = '\0';
	assert_int_equal(DIGEST_MALFORMED, digest_parse(&d, text));
}

static void the_uri_must_be_the_request_uri(void **state)
{
	struct digest d;

	(void)state;
	d.uri = piece_of("sip:A.example;transport=UDP");
	assert_true(digest_uri_matches(&d, "sip:A.example;transport=UDP"));
	assert_true(digest_uri_matches(&d, "SIP:a.example;transport=udp"));
	assert_false(digest_uri_matches(&d, "sip:a.example"));
	assert_false(digest_uri_matches(&d, "sip:bob@a.example;transport=udp"));
	d.uri = piece_of("*");
	assert_false(digest_uri_matches(&d, "sip:a.example"));
}

static void a_challenge_says_realm_algorithm_and_stale(void **state)
{
	char text[DIGEST_CHALLENGE_SIZE];

	(void)state;
	digest_challenge(text, SUM_SHA256, "a.example", "NNN", false);
	assert_string_equal("Digest realm=\"a.example\", nonce=\"NNN\", "
	                    "algorithm=SHA-256, qop=\"auth\"",
	                    text);
	digest_challenge(text, SUM_MD5, "a.example", "NNN", true);
	assert_string_equal("Digest realm=\"a.example\", nonce=\"NNN\", "
	                    "algorithm=MD5, qop=\"auth\", stale=true",
	                    text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_examples_of_the_rfc_are_right),
		cmocka_unit_test(another_method_password_or_nobody_is_wrong),
		cmocka_unit_test(each_row_is_read_as_it_says),
		cmocka_unit_test(ten_thousand_parameters_are_refused),
		cmocka_unit_test(the_uri_must_be_the_request_uri),
		cmocka_unit_test(a_challenge_says_realm_algorithm_and_stale),
	};

	return cmocka_run_group_tests(tests, open_sum, close_sum);
}
