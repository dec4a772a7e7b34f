/*
 * test_permissions.c - whose numbers are whose, and where an account may call
 */
#include "unit/test.h"

#include "numbering/country.h"
#include "numbering/country_table.h"
#include "records.h"
#include "store/snapshot.h"

static void a_number_is_of_the_country_with_the_longest_code(void **state)
{
	static const struct {
		const char *number, *iso;
		enum country_kind kind;
	} rows[] = {
		{"+14155550100", "US", COUNTRY_LOW},
		{"+16045550100", "CA", COUNTRY_LOW},
		{"+12465550100", "BB", COUNTRY_LOW},
		{"+18495550100", "DO", COUNTRY_LOW},
		{"+19005550100", "US", COUNTRY_SPECIAL},
		{"+442071838750", "GB", COUNTRY_LOW},
		{"+447012345678", "GB", COUNTRY_SPECIAL},
		{"+441534123456", "JE", COUNTRY_LOW},
		{"+74951234567", "RU", COUNTRY_LOW},
		{"+77271234567", "KZ", COUNTRY_LOW},
		{"+390669812345", "VA", COUNTRY_LOW},
		{"+390612345678", "IT", COUNTRY_LOW},
		{"+4930123456", "DE", COUNTRY_LOW},
		{"+499001234567", "DE", COUNTRY_SPECIAL},
	};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		enum country_kind kind = COUNTRY_KINDS;
		const struct country *c = country_of(rows[i].number, &kind);

		assert_non_null(c);
		assert_string_equal(rows[i].iso, c->iso);
		assert_int_equal(rows[i].kind, kind);
	}
	assert_null(country_of("+881612345678", NULL)); /* a satellite */
	assert_null(country_of("+999", NULL));
	assert_null(country_of("", NULL));
}

static void the_table_is_in_order_and_every_row_is_found(void **state)
{
	const struct country *c;

	(void)state;
	for (size_t i = 0; (c = country_nth(i)); i++) {
		assert_int_equal(2, strlen(c->iso));
		assert_ptr_equal(c, country_by_iso(c->iso));
		assert_true(i == 0 ||
		            strcmp(country_nth(i - 1)->iso, c->iso) < 0);
		assert_true(*c->codes >= '1' && *c->codes <= '9');
	}
	assert_null(country_by_iso("ZZ"));
}

static void accounts(struct snapshot *s)
{
	ADD_RECORD(s, FAMILY_ACCOUNT, "sid", "AC1");
	ADD_RECORD(s, FAMILY_ACCOUNT, "sid", "AC2", "owner_account_sid", "AC1");
	ADD_RECORD(s, FAMILY_ACCOUNT, "sid", "AC3", "owner_account_sid", "AC1");
	ADD_RECORD(s, FAMILY_PERMISSIONS, "account_sid", "AC1", "GB", "low",
	           "DE", "low special", "CA", "none");
	ADD_RECORD(s, FAMILY_PERMISSIONS, "account_sid", "AC3", "inheritance",
	           "false", "FR", "low");
}

static void an_account_may_call_what_is_open(void **state)
{
	static const struct {
		const char *account, *number;
		bool may;
	} rows[] = {
		{"AC1", "+14155550100", true}, /* open by default */
		{"AC1", "+16045550100", false},
		{"AC1", "+19005550100", false},
		{"AC1", "+442071838750", true},
		{"AC1", "+447012345678", false},
		{"AC1", "+499001234567", true},
		{"AC1", "+33123456789", false},
		{"AC1", "+881612345678", false},
		{"AC2", "+442071838750", true}, /* its owner's stand */
		{"AC2", "+16045550100", false},
		{"AC3", "+442071838750", false}, /* its own stand */
		{"AC3", "+33123456789", true},
		{"AC3", "+16045550100", true},
		{"AC9", "+14155550100", true},
		{"AC9", "+33123456789", false},
	};
	struct snapshot *s;

	(void)state;
	assert_int_equal(0, snapshot_alloc(&s));
	accounts(s);
	for (size_t i = 0; i < N_OF(rows); i++)
		assert_int_equal(rows[i].may,
		                 snapshot_may_dial(s, rows[i].account,
		                                   rows[i].number,
		                                   COUNTRY_DEFAULTS));
	snapshot_free(s);
}

static void where_nothing_was_said_the_installation_decides(void **state)
{
	static const struct {
		const char *account, *defaults, *number;
		bool may;
	} rows[] = {
		{"AC9", "", "+14155550100", false},
		{"AC9", "DE AT", "+4930123456", true},
		{"AC9", "DE AT", "+499001234567", false},
		{"AC9", "DE AT", "+14155550100", false},
		{"AC9", "*", "+33123456789", true},
		{"AC9", "*", "+499001234567", false},
		{"AC9", "*", "+881612345678", false},
		{"AC9", "any", "+499001234567", true},
		{"AC9", "any", "+881612345678", true},
		{"AC1", "any", "+16045550100", false}, /* it said no */
		{"AC4", "", "+33123456789", true},     /* its `*` */
		{"AC4", "", "+499001234567", false},
		{"AC4", "any", "+442071838750", false},
	};
	struct snapshot *s;

	(void)state;
	assert_int_equal(0, snapshot_alloc(&s));
	accounts(s);
	ADD_RECORD(s, FAMILY_PERMISSIONS, "account_sid", "AC4", "*", "low",
	           "GB", "");
	for (size_t i = 0; i < N_OF(rows); i++)
		if (snapshot_may_dial(s, rows[i].account, rows[i].number,
		                      rows[i].defaults) != rows[i].may)
			fail_msg("row %zu: %s", i, rows[i].number);
	snapshot_free(s);
	assert_null(country_defaults_wrong("US CA"));
	assert_null(country_defaults_wrong(""));
	assert_null(country_defaults_wrong("*"));
	assert_null(country_defaults_wrong("any"));
	assert_non_null(country_defaults_wrong("US, CA"));
	assert_non_null(country_defaults_wrong("UK"));
	assert_non_null(country_defaults_wrong("any US"));
}

static void a_number_asks_its_application(void **state)
{
	struct snapshot *s;

	(void)state;
	assert_int_equal(0, snapshot_alloc(&s));
	ADD_RECORD(s, FAMILY_NUMBER, "phone_number", "+15550100", "account_sid",
	           "AC1", "voice_url", "http://own", "voice_application_sid",
	           "AP1");
	ADD_RECORD(s, FAMILY_NUMBER, "phone_number", "+15550101", "account_sid",
	           "AC2", "voice_url", "http://own", "voice_application_sid",
	           "AP1");
	ADD_RECORD(s, FAMILY_NUMBER, "phone_number", "+15550102", "account_sid",
	           "AC1", "voice_url", "http://own", "voice_application_sid",
	           "AP9");
	ADD_RECORD(s, FAMILY_APPLICATION, "sid", "AP1", "account_sid", "AC1",
	           "voice_url", "http://app", "voice_method", "GET");
	assert_string_equal("http://app",
	                    snapshot_number(s, "+15550100")->voice.url);
	assert_string_equal("GET",
	                    snapshot_number(s, "+15550100")->voice.method);
	/* another account's application is none, nor is one that is gone */
	assert_string_equal("http://own",
	                    snapshot_number(s, "+15550101")->voice.url);
	assert_string_equal("http://own",
	                    snapshot_number(s, "+15550102")->voice.url);
	snapshot_free(s);
}

static void a_caller_id_is_of_one_account(void **state)
{
	struct snapshot *s;

	(void)state;
	assert_int_equal(0, snapshot_alloc(&s));
	ADD_RECORD(s, FAMILY_CALLER_ID, "sid", "PN1", "account_sid", "AC1",
	           "phone_number", "+15550100");
	assert_non_null(snapshot_caller_id(s, "AC1", "+15550100"));
	assert_null(snapshot_caller_id(s, "AC2", "+15550100"));
	assert_null(snapshot_caller_id(s, "AC1", "+15550101"));
	snapshot_free(s);
}

TEST_MAIN(cmocka_unit_test(a_number_is_of_the_country_with_the_longest_code),
          cmocka_unit_test(the_table_is_in_order_and_every_row_is_found),
          cmocka_unit_test(an_account_may_call_what_is_open),
          cmocka_unit_test(where_nothing_was_said_the_installation_decides),
          cmocka_unit_test(a_number_asks_its_application),
          cmocka_unit_test(a_caller_id_is_of_one_account))
