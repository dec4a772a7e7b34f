/*
 * test_rules.c - whom accounts may call, and whom they may show
 */
#include "unit/test.h"

#include "store/rules.h"
#include "store/snapshot.h"

#define FULL   "AC00000000000000000000000000000001"
#define TRIAL  "AC00000000000000000000000000000002"
#define ANY    "AC00000000000000000000000000000003"
#define OTHER  "AC00000000000000000000000000000004"
#define SUB    "AC00000000000000000000000000000005"
#define CALLER "PN00000000000000000000000000000001"

static void add(struct snapshot *s, enum family family, const char *text)
{
	const char *names[10], *values[10];
	struct record r = {0, names, values};
	char copy[400], *save = NULL;

	(void)snprintf(copy, sizeof(copy), "%s", text);
	for (char *word = strtok_r(copy, " ", &save); word;
	     word = strtok_r(NULL, " ", &save)) {
		char *is = strchr(word, '=');

		assert_non_null(is);
		*is = '\0';
		names[r.n] = word;
		values[r.n++] = is + 1;
	}
	assert_int_equal(0, snapshot_put(s, family, r.values[0], &r));
}

static struct snapshot *configuration(void)
{
	struct snapshot *s;

	assert_int_equal(0, snapshot_alloc(&s));
	add(s, FAMILY_ACCOUNT, "sid=" FULL);
	add(s, FAMILY_ACCOUNT, "sid=" TRIAL " type=Trial");
	add(s, FAMILY_ACCOUNT, "sid=" ANY " caller_id_policy=any");
	add(s, FAMILY_ACCOUNT, "sid=" OTHER " owner_account_sid=" FULL);
	add(s, FAMILY_NUMBER,
	    "phone_number=+442071838750 sid=" CALLER " account_sid=" FULL);
	add(s, FAMILY_NUMBER,
	    "phone_number=+12125550100 sid=PN2 account_sid=" TRIAL);
	add(s, FAMILY_CALLER_ID,
	    "phone_number=+12125550177 sid=PN3 account_sid=" TRIAL);
	add(s, FAMILY_DOMAIN, "sid=SD1 domain_name=off.test account_sid=" FULL);
	add(s, FAMILY_DOMAIN,
	    "sid=SD2 domain_name=uk.test account_sid=" FULL
	    " emergency_calling_enabled=true"
	    " emergency_caller_sid=" CALLER);
	add(s, FAMILY_DOMAIN,
	    "sid=SD3 domain_name=us.test account_sid=" TRIAL
	    " emergency_calling_enabled=true"
	    " default_caller_id=+12125550100");
	add(s, FAMILY_CARRIER,
	    "sid=BY1 account_sid=" FULL
	    " emergency=true targets=[{\"uri\":\"sip:192.0.2.1\"}]");
	return s;
}

static void numbers_are_open_by_country_and_to_trials_when_verified(
	void **state)
{
	static const struct {
		const char *account, *number, *defaults;
		enum rule rule;
	} rows[] = {
		{FULL, "+14155550100", "US CA", RULE_OPEN},
		{FULL, "+442071838750", "US CA", RULE_CLOSED},
		{FULL, "+442071838750", "*", RULE_OPEN},
		{FULL, "+19005550100", "US CA", RULE_CLOSED},
		{FULL, "+881612345678", "*", RULE_NO_COUNTRY},
		{FULL, "+881612345678", "any", RULE_OPEN},
		{TRIAL, "+14155550100", "US CA", RULE_TRIAL},
		{TRIAL, "+12125550177", "US CA", RULE_OPEN},
		{TRIAL, "+12125550100", "US CA", RULE_OPEN},
		{TRIAL, "+442071838750", "US CA", RULE_CLOSED},
	};
	struct snapshot *s = configuration();

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++)
		assert_int_equal(rows[i].rule, rules_number(s, rows[i].account,
		                                            rows[i].number,
		                                            rows[i].defaults));
	assert_int_equal(RULE_CLOSED,
	                 rules_number(NULL, FULL, "+14155550100", "any"));
	snapshot_free(s);
}

static void callers_are_owned_verified_or_of_a_policy(void **state)
{
	static const struct {
		const char *account, *caller;
		bool may;
	} rows[] = {
		{FULL, "+442071838750", true}, {FULL, "+12125550177", false},
		{FULL, "alice", false},        {TRIAL, "+12125550177", true},
		{TRIAL, "+12125550100", true}, {TRIAL, "+14155550100", false},
		{ANY, "+14155550100", true},   {ANY, "alice", false},
		{ANY, "+1415", false},         {"AC9", "+14155550100", false},
	};
	struct snapshot *s = configuration();

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++)
		assert_int_equal(rows[i].may, rules_caller(s, rows[i].account,
		                                           rows[i].caller));
	assert_false(rules_caller(NULL, FULL, "+442071838750"));
	snapshot_free(s);
}

static void emergency_calls_are_open_by_domain_and_country(void **state)
{
	static const struct {
		const char *account, *domain, *dialled, *caller;
		enum rule rule;
		const char *number, *shown;
	} rows[] = {
		/* the domain's number says in which country it is, and is shown */
		{FULL, "uk.test", "999", "alice", RULE_OPEN, "999",
	         "+442071838750"},
		{FULL, "uk.test", "+44999", "+12125550100", RULE_OPEN, "999",
	         "+442071838750"},
		{FULL, "uk.test", "911", "alice", RULE_OPEN, "911",
	         "+442071838750"},
		{FULL, "uk.test", "110", "alice", RULE_NO_EMERGENCY, "",
	         "+442071838750"},
		{FULL, "off.test", "999", "alice", RULE_EMERGENCY_OFF, "999",
	         "alice"},
		/* a call without a domain: one of the account's has it */
		{FULL, "", "112", "+442071838750", RULE_OPEN, "112",
	         "+442071838750"},
		{ANY, "", "112", "+14155550100", RULE_EMERGENCY_OFF, "112",
	         "+14155550100"},
		/* without a number of its own: whom it may show, else the default */
		{TRIAL, "us.test", "933", "+12125550177", RULE_OPEN, "933",
	         "+12125550177"},
		{TRIAL, "us.test", "911", "alice", RULE_OPEN, "911",
	         "+12125550100"},
		{TRIAL, "us.test", "999", "alice", RULE_NO_EMERGENCY, "",
	         "+12125550100"},
		{TRIAL, "us.test", "+14155550911", "alice", RULE_NO_EMERGENCY,
	         "", "+12125550100"},
	};
	struct snapshot *s = configuration();
	struct rules_emergency e;

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		assert_int_equal(
			rows[i].rule,
			rules_emergency(s, rows[i].account, rows[i].domain,
		                        rows[i].dialled, rows[i].caller, &e));
		assert_string_equal(rows[i].number, e.number);
		assert_string_equal(rows[i].shown, e.caller);
	}
	assert_int_equal(RULE_EMERGENCY_OFF,
	                 rules_emergency(NULL, FULL, "uk.test", "911", "", &e));
	snapshot_free(s);
}

static void limits_of_an_account_hold_for_its_subaccounts(void **state)
{
	static const struct {
		const char *own, *owner;
		uint32_t calls_max, per_second, call_s;
	} rows[] = {
		{"", "", 0, 0, 0},
		{" calls_max=7", "", 7, 0, 0},
		{" type=Trial", "", 5, 0, 600},
		{" type=Trial calls_max=7", "", 5, 0, 600},
		{" type=Trial calls_max=2", "", 2, 0, 600},
		{" calls_per_second=3", "", 0, 3, 0},
		{"", " calls_max=7 calls_per_second=3", 7, 3, 0},
		{" calls_max=2 calls_per_second=1",
	         " calls_max=7 calls_per_second=3", 2, 1, 0},
		{" calls_max=9 calls_per_second=4",
	         " calls_max=7 calls_per_second=3", 7, 3, 0},
		{"", " type=Trial", 5, 0, 600},
	};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct snapshot *s;
		char own[200], owner[200];

		(void)snprintf(own, sizeof(own),
		               "sid=" OTHER " owner_account_sid=" FULL "%s",
		               rows[i].own);
		(void)snprintf(owner, sizeof(owner), "sid=" FULL "%s",
		               rows[i].owner);
		assert_int_equal(0, snapshot_alloc(&s));
		add(s, FAMILY_ACCOUNT, own);
		add(s, FAMILY_ACCOUNT, owner);
		assert_int_equal(rows[i].calls_max, rules_calls_max(s, OTHER));
		assert_int_equal(rows[i].per_second,
		                 rules_calls_per_second(s, OTHER));
		assert_int_equal(rows[i].call_s, rules_call_s(s, OTHER));
		assert_int_equal(0, rules_calls_max(s, ANY));
		snapshot_free(s);
	}
	assert_int_equal(0, rules_calls_max(NULL, FULL));
	assert_int_equal(0, rules_calls_per_second(NULL, FULL));
	assert_int_equal(0, rules_call_s(NULL, FULL));
}

static void a_subaccount_of_a_trial_is_one(void **state)
{
	struct snapshot *s = configuration();

	(void)state;
	add(s, FAMILY_ACCOUNT,
	    "sid=" SUB " owner_account_sid=" TRIAL " caller_id_policy=any");
	assert_true(rules_trial(s, SUB));
	assert_false(rules_trial(s, OTHER));
	assert_int_equal(RULE_TRIAL,
	                 rules_number(s, SUB, "+12125550155", "US"));
	assert_false(rules_caller(s, SUB, "+12125550155"));
	snapshot_free(s);
}

static void an_emergency_carrier_serves_its_account_and_subaccounts(
	void **state)
{
	struct snapshot *s = configuration();

	(void)state;
	assert_true(rules_emergency_carrier(s, FULL));
	assert_true(rules_emergency_carrier(s, OTHER));
	assert_false(rules_emergency_carrier(s, TRIAL));
	assert_false(rules_emergency_carrier(NULL, FULL));
	snapshot_free(s);
}

TEST_MAIN(cmocka_unit_test(
		  numbers_are_open_by_country_and_to_trials_when_verified),
          cmocka_unit_test(callers_are_owned_verified_or_of_a_policy),
          cmocka_unit_test(emergency_calls_are_open_by_domain_and_country),
          cmocka_unit_test(limits_of_an_account_hold_for_its_subaccounts),
          cmocka_unit_test(a_subaccount_of_a_trial_is_one),
          cmocka_unit_test(
		  an_emergency_carrier_serves_its_account_and_subaccounts))
