/*
 * test_digest.c - answers to digest challenges, with the figures of RFC 7616
 */
#include "adapters/digest.h"
#include "base/strbuf.h"
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

static int answer_as(const char *username, const struct digest_challenge *c,
                     char *out, size_t size)
{
	struct strbuf b = {0};
	int err;
	const struct digest_login login = {
		.username = username,
		.password = "Circle of Life",
		.method = "GET",
		.uri = "/dir/index.html",
		.cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
	};

	err = digest_answer(c, &login, &b);
	assert_in_range(snprintf(out, size, "%s", strbuf_str(&b)), 0, size - 1);
	strbuf_close(&b);
	return err;
}

static int answer(const struct digest_challenge *c, char *out, size_t size)
{
	return answer_as("Mufasa", c, out, size);
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

static void what_stands_in_quotes_is_escaped(void **state)
{
	struct digest_challenge c = rfc7616("MD5");
	char out[1024];

	(void)state;
	c.realm = "a\", username=\"b";
	c.nonce = "n\\1";
	c.opaque = "\\";
	assert_int_equal(0, answer_as("u\"x", &c, out, sizeof(out)));
	assert_non_null(strstr(out, "Digest username=\"u\\\"x\", "
	                            "realm=\"a\\\", username=\\\"b\", "
	                            "nonce=\"n\\\\1\", "));
	assert_non_null(strstr(out, "opaque=\"\\\\\""));
	/* of the values themselves */
	assert_non_null(
		strstr(out, "response=\"f45cffc52a1edff7e8604ba3a534f386\""));
}

static void a_value_that_would_end_the_line_is_refused(void **state)
{
	struct digest_challenge c = rfc7616("MD5");
	char out[1024];

	(void)state;
	c.realm = "a\r\nVia: b";
	assert_int_equal(EINVAL, answer(&c, out, sizeof(out)));
	c = rfc7616("MD5");
	assert_int_equal(EINVAL, answer_as("u\n", &c, out, sizeof(out)));
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
          cmocka_unit_test(what_stands_in_quotes_is_escaped),
          cmocka_unit_test(a_value_that_would_end_the_line_is_refused),
          cmocka_unit_test(sha_256_is_stronger_than_md5))
