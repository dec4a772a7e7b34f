/*
 * test_seal.c - secrets at rest
 */
#include "../test.h"

#include "store/seal.h"
#include "unit/oom.h"

#define KEY   "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define OTHER "FF0102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F"

static struct seal *with(const char *key, const char *old)
{
	struct seal *s;

	assert_int_equal(0, seal_alloc(&s, key, old));
	return s;
}

static void what_was_sealed_is_opened_and_reads_nowhere(void **state)
{
	static const char *const texts[] = {
		"x", "Secret-of-the-account-1", "sealed:v1:AAAA",
		"p\xc3\xa4ssword with blanks and \" quotes"};
	struct seal *s = with(KEY, "");

	(void)state;
	for (size_t i = 0; i < N_OF(texts); i++) {
		char *sealed, *again, *opened;

		assert_int_equal(0, seal_text(s, texts[i], &sealed));
		assert_true(seal_is_sealed(sealed));
		if (strlen(texts[i]) > 3)
			assert_null(strstr(sealed, texts[i] + 10));
		assert_int_equal(0, seal_text(s, texts[i], &again));
		assert_string_not_equal(sealed, again);
		assert_int_equal(0, seal_open(s, sealed, &opened));
		assert_string_equal(texts[i], opened);
		seal_cleanse(opened);
		free(again);
		free(sealed);
	}
	seal_free(s);
}

static void without_a_key_all_stands_as_it_is(void **state)
{
	struct seal *s = with("", "");
	char *out = (char *)"?";

	(void)state;
	assert_int_equal(0, seal_text(s, "secret", &out));
	assert_null(out);
	assert_int_equal(0, seal_open(s, "secret", &out));
	assert_null(out);
	assert_int_equal(0, seal_text(NULL, "secret", &out));
	assert_null(out);
	assert_int_equal(EACCES, seal_open(NULL, SEAL_PREFIX "QUJD", &out));
	assert_null(out);
	seal_free(s);
}

static void another_key_opens_nothing(void **state)
{
	struct seal *s = with(KEY, ""), *other = with(OTHER, "");
	struct seal *rotated = with(OTHER, KEY);
	char *sealed, *opened;

	(void)state;
	assert_int_equal(0, seal_text(s, "secret", &sealed));
	assert_int_equal(EACCES, seal_open(other, sealed, &opened));
	assert_null(opened);
	assert_int_equal(0, seal_open(rotated, sealed, &opened));
	assert_string_equal("secret", opened);
	seal_cleanse(opened);
	free(sealed);
	seal_free(s);
	seal_free(other);
	seal_free(rotated);
}

/* 5 bytes: base64 without padding, whose last bits mean nothing */
static void every_changed_byte_is_noticed(void **state)
{
	struct seal *s = with(KEY, "");
	char *sealed, *opened;

	(void)state;
	assert_int_equal(0, seal_text(s, "token", &sealed));
	for (size_t i = sizeof(SEAL_PREFIX) - 1; sealed[i]; i++) {
		char was = sealed[i];

		sealed[i] = was == 'A' ? 'B' : 'A';
		if (seal_open(s, sealed, &opened) != EACCES)
			fail_msg("byte %zu", i);
		sealed[i] = '\0';
		if (seal_open(s, sealed, &opened) != EACCES)
			fail_msg("cut at %zu", i);
		sealed[i] = was;
	}
	free(sealed);
	seal_free(s);
}

static void a_key_is_64_hexadecimal_digits(void **state)
{
	static const char *const rows[] = {
		"0", "secret", KEY "0",
		"g00102030405060708090a0b0c0d0e0f1011"
		"12131415161718191a1b1c1d1e1f"};
	struct seal *s;

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		assert_int_equal(EINVAL, seal_alloc(&s, rows[i], ""));
		assert_int_equal(EINVAL, seal_alloc(&s, KEY, rows[i]));
	}
}

static void fields_that_hold_secrets_are_known(void **state)
{
	static const struct {
		const char *field, *value;
		bool secret;
	} rows[] = {
		{"auth_token", "0123456789abcdef", true},
		{"ha1_md5", "0123", true},
		{"ha1_sha256", "0123", true},
		{"md5 acme.test", "0123", true},
		{"sha256 acme.test", "0123", true},
		{"md5_only", "true", false},
		{"password", "x", true},
		{"username", "x", false},
		{"friendly_name", SEAL_PREFIX "x", false},
		{"voice_url", "https://app.test/a@b", false},
		{"voice_url", "https://me:secret@app.test/", true},
		{"status_callback_url", "http://me@app.test", true},
		{"twiml", "<Response><Say>a</Say></Response>", false},
		{"twiml", "<Sip password=\"x\">", true},
		{"targets", "[]", false},
		{"targets", "[{\"uri\":\"sip:a\",\"password\":\"\"}]", false},
	};
	struct seal *s = with(KEY, "");

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		char *sealed = NULL, *opened = NULL;

		assert_int_equal(0, seal_field(s, rows[i].field, rows[i].value,
		                               &sealed));
		if (!sealed == rows[i].secret)
			fail_msg("%s %s", rows[i].field, rows[i].value);
		if (!sealed)
			continue;
		assert_int_equal(
			0, seal_open_field(s, rows[i].field, sealed, &opened));
		assert_string_equal(rows[i].value, opened);
		seal_cleanse(opened);
		free(sealed);
	}
	seal_free(s);
}

/* A tenant may name things as it likes: nobody else's configuration suffers. */
static void what_is_no_secret_is_never_opened(void **state)
{
	char *out;

	(void)state;
	assert_int_equal(0, seal_open_field(NULL, "friendly_name",
	                                    SEAL_PREFIX "x", &out));
	assert_null(out);
}

static void of_targets_only_the_passwords_are_sealed(void **state)
{
	static const char targets[] =
		"[{\"uri\":\"sip:a.test\",\"priority\":1,\"username\":\"u\","
		"\"password\":\"Target-secret-1\"},{\"uri\":\"sip:b.test\","
		"\"priority\":2,\"username\":\"\",\"password\":\"\"}]";
	struct seal *s = with(KEY, ""), *other = with(OTHER, "");
	char *sealed, *opened;

	(void)state;
	assert_int_equal(0, seal_field(s, "targets", targets, &sealed));
	assert_non_null(strstr(sealed, "sip:a.test"));
	assert_non_null(strstr(sealed, "sip:b.test"));
	assert_null(strstr(sealed, "Target-secret-1"));
	assert_int_equal(EACCES,
	                 seal_open_field(other, "targets", sealed, &opened));
	assert_int_equal(0, seal_open_field(s, "targets", sealed, &opened));
	assert_string_equal(targets, opened);
	seal_cleanse(opened);
	free(sealed);
	seal_free(s);
	seal_free(other);
}

static void memory_may_run_out(void **state)
{
	struct seal *s, *kept = with(KEY, "");
	char *sealed, *out;

	(void)state;
	OOM_EACH(seal_alloc(&s, KEY, OTHER), seal_free(s));
	OOM_EACH(seal_text(kept, "secret", &out), free(out));
	assert_int_equal(0, seal_text(kept, "secret", &sealed));
	OOM_EACH(seal_open(kept, sealed, &out), seal_cleanse(out));
	free(sealed);
	seal_free(kept);
}

TEST_MAIN(cmocka_unit_test(what_was_sealed_is_opened_and_reads_nowhere),
          cmocka_unit_test(without_a_key_all_stands_as_it_is),
          cmocka_unit_test(another_key_opens_nothing),
          cmocka_unit_test(every_changed_byte_is_noticed),
          cmocka_unit_test(a_key_is_64_hexadecimal_digits),
          cmocka_unit_test(fields_that_hold_secrets_are_known),
          cmocka_unit_test(what_is_no_secret_is_never_opened),
          cmocka_unit_test(of_targets_only_the_passwords_are_sealed),
          cmocka_unit_test(memory_may_run_out))
