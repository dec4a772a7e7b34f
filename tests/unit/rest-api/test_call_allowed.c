/*
 * test_call_allowed.c - which calls the API places, and what it says of others
 */
#include "unit/test.h"

#include "core/call_allowed.h"
#include "store/snapshot.h"

#define FULL  "AC00000000000000000000000000000001"
#define TRIAL "AC00000000000000000000000000000002"
#define ANY   "AC00000000000000000000000000000003"
#define OWN   "+12125550100"
#define OTHER "+12125550199"

struct words {
	const char *names[8], *values[8];
};

static void add(struct snapshot *s, enum family family, size_t n,
                struct words w)
{
	struct record r = {n, w.names, w.values};

	assert_int_equal(0, snapshot_put(s, family, r.values[0], &r));
}

static void add_number(struct snapshot *s, const char *account)
{
	add(s, FAMILY_NUMBER, 3,
	    (struct words){{"phone_number", "sid", "account_sid"},
	                   {OWN, "PN1", account}});
}

static void add_emergency(struct snapshot *s)
{
	add(s, FAMILY_DOMAIN, 4,
	    (struct words){{"sid", "domain_name", "account_sid",
	                    "emergency_calling_enabled"},
	                   {"SD1", "a.test", TRIAL, "true"}});
	add(s, FAMILY_DOMAIN, 4,
	    (struct words){{"sid", "domain_name", "account_sid",
	                    "emergency_calling_enabled"},
	                   {"SD2", "b.test", ANY, "true"}});
	add(s, FAMILY_CARRIER, 4,
	    (struct words){
		    {"sid", "account_sid", "emergency", "targets"},
		    {"BY1", TRIAL, "true", "[{\"uri\":\"sip:192.0.2.1\"}]"}});
}

static struct snapshot *configuration(const char *owner)
{
	struct snapshot *s;

	assert_int_equal(0, snapshot_alloc(&s));
	add(s, FAMILY_ACCOUNT, 1, (struct words){{"sid"}, {FULL}});
	add(s, FAMILY_ACCOUNT, 2,
	    (struct words){{"sid", "type"}, {TRIAL, "Trial"}});
	add(s, FAMILY_ACCOUNT, 2,
	    (struct words){{"sid", "caller_id_policy"}, {ANY, "any"}});
	add_number(s, owner);
	add_emergency(s);
	return s;
}

static void a_call_is_refused_with_the_code_of_its_rule(void **state)
{
	static const struct {
		struct call_parties p;
		uint32_t code;
	} rows[] = {
		{{FULL, OWN, "+14155550100", "", false}, 0},
		{{FULL, OTHER, "+14155550100", "", false}, 21210},
		{{FULL, OWN, "+14155550100", OTHER, false}, 21210},
		{{FULL, OWN, "+14155550100", OWN, false}, 0},
		{{ANY, OTHER, "+14155550100", "", false}, 0},
		{{FULL, OWN, "+442071838750", "", false}, 21215},
		{{FULL, OWN, "+19005550100", "", false}, 21215},
		{{FULL, OWN, "+881612345678", "", false}, 21211},
		{{TRIAL, OWN, "+14155550100", "", false}, 21219},
		{{TRIAL, OWN, OWN, "", false}, 0},
		{{TRIAL, OWN, OWN, "", true}, 0},
		{{FULL, "desk", "sip:alice@example.test", "", false}, 0},
		{{TRIAL, "desk", "SIPS:alice@example.test", "", false}, 0},
		{{TRIAL, "desk", "911", "", false}, 0},
		{{TRIAL, "desk", "+1911", "", false}, 0},
		{{FULL, OWN, "911", "", false}, 21216},
		{{ANY, OTHER, "911", "", false}, 21216},
		{{FULL, OWN, "110", "", false}, 21211},
	};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct snapshot *s = configuration(rows[i].p.account_sid);
		struct param_error error = {.code = 0};

		print_message("%s -> %s\n", rows[i].p.from, rows[i].p.to);
		assert_int_equal(rows[i].code == 0,
		                 call_allowed(s, &rows[i].p, "US", &error));
		assert_int_equal(rows[i].code, error.code);
		snapshot_free(s);
	}
}

static void a_blocked_number_says_what_to_do(void **state)
{
	const struct call_parties off = {FULL, OWN, "911", "", false};
	const struct call_parties none = {ANY, OWN, "911", "", false};
	struct snapshot *s = configuration(FULL);
	struct param_error error;

	(void)state;
	assert_false(call_allowed(s, &off, "US", &error));
	assert_non_null(strstr(error.detail, "EmergencyCallingEnabled"));
	assert_false(call_allowed(s, &none, "US", &error));
	assert_non_null(strstr(error.detail, "Emergency of a carrier"));
	snapshot_free(s);
}

static void who_is_called_is_a_number_or_somebody_at_a_host(void **state)
{
	static const struct {
		const char *to;
		uint32_t code;
	} rows[] = {
		{"+14155550100", 0},
		{"555", 21211},
		{"client:kate", 21211},
		{"sip:alice@acme.example", 0},
		{"SIPS:a@192.0.2.1:5061;transport=tls?X-A=b@c", 0},
		{"sip:alice", 21211},
		{"sip:", 21211},
		{"sip:@acme.example", 21211},
		{"sip:alice@", 21211},
		{"sip:alice@;transport=tcp", 21211},
		{"sip::secret@acme.example", 21211},
	};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		const struct call_parties p = {FULL, OWN, rows[i].to, "",
		                               false};
		struct param_error error = {.code = 0};
		bool well = call_parties_fit(&p, &error);

		if (well != !rows[i].code || error.code != rows[i].code)
			fail_msg("%s: %u", rows[i].to, error.code);
	}
}

TEST_MAIN(cmocka_unit_test(who_is_called_is_a_number_or_somebody_at_a_host),
          cmocka_unit_test(a_call_is_refused_with_the_code_of_its_rule),
          cmocka_unit_test(a_blocked_number_says_what_to_do))
