/*
 * test_digest.c - answers to digest challenges, with the figures of RFC 7616
 */
#include "adapters/digest.h"
#include "unit/test.h"

static struct digest_challenge rfc7616(const char *algorithm)
{
	return (struct digest_challenge){
		.realm = "http-auth@example.org",
		.nonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
		.opaque = "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS",
		.algorithm = algorithm,
		.qop = "auth, auth-int",
	};
}

static int answer(const struct digest_challenge *c, char *out, size_t size)
{
	const struct digest_login login = {
		.username = "Mufasa",
		.password = "Circle of Life",
		.method = "GET",
		.uri = "/dir/index.html",
		.cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
	};

	return digest_answer(c, &login, out, size);
}

static void md5_is_answered_as_in_rfc_7616(void **state)
{
	struct digest_challenge c = rfc7616("MD5");
	char out[1024];

	(void)state;
	assert_int_equal(0, answer(&c, out, sizeof(out)));
	assert_non_null(
		strstr(out, "response=\"8ca523f5e9506fed4657c9700eebdbec\""));
	assert_non_null(strstr(out, "algorithm=MD5, qop=auth, nc=00000001"));
}

static void sha_256_is_answered_as_in_rfc_7616(void **state)
{
	struct digest_challenge c = rfc7616("SHA-256");
	char out[1024];

	(void)state;
	assert_int_equal(0, answer(&c, out, sizeof(out)));
	assert_non_null(strstr(out, "response=\"753927fa0e85d155564e2e272a28d18"
	                            "02ca10daf4496794697cf8db5856cb6c1\""));
}

static void without_qop_the_old_form_is_used(void **state)
{
	struct digest_challenge c = rfc7616("");
	char out[1024];

	(void)state;
	c.qop = "";
	assert_int_equal(0, answer(&c, out, sizeof(out)));
	assert_null(strstr(out, "qop"));
	assert_null(strstr(out, "cnonce"));
}

static void what_is_not_known_is_not_answered(void **state)
{
	struct digest_challenge c = rfc7616("SHA-512-256");
	char out[1024];

	(void)state;
	assert_int_equal(EINVAL, answer(&c, out, sizeof(out)));
	c = rfc7616("MD5");
	c.qop = "auth-int";
	assert_int_equal(EINVAL, answer(&c, out, sizeof(out)));
	c.qop = "auth";
	c.nonce = "";
	assert_int_equal(EINVAL, answer(&c, out, sizeof(out)));
}

static void a_value_that_would_leave_its_quotes_is_refused(void **state)
{
	struct digest_challenge c = rfc7616("MD5");
	char out[1024];

	(void)state;
	c.realm = "a\", username=\"b";
	assert_int_equal(EINVAL, answer(&c, out, sizeof(out)));
	c = rfc7616("MD5");
	assert_int_equal(E2BIG, answer(&c, out, 64));
}

static void sha_256_is_stronger_than_md5(void **state)
{
	struct digest_challenge md5 = rfc7616("MD5"), sha = rfc7616("SHA-256");

	(void)state;
	assert_true(digest_stronger(&sha, &md5));
	assert_false(digest_stronger(&md5, &sha));
	assert_false(digest_stronger(&sha, &sha));
}

TEST_MAIN(cmocka_unit_test(md5_is_answered_as_in_rfc_7616),
          cmocka_unit_test(sha_256_is_answered_as_in_rfc_7616),
          cmocka_unit_test(without_qop_the_old_form_is_used),
          cmocka_unit_test(what_is_not_known_is_not_answered),
          cmocka_unit_test(a_value_that_would_leave_its_quotes_is_refused),
          cmocka_unit_test(sha_256_is_stronger_than_md5))
