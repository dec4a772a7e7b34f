/*
 * test_authorize.c - what a call-controller asks: may it call?
 */
#include <stdio.h>
#include <string.h>

#include "asker.h"
#include "bus/bus.h"
#include "fixture.h"
#include "phone.h"
#include "unit/test.h"

static int start(void **state)
{
	(void)fixture_set_up(state);
	asker_open(&fixture);
	return 0;
}

static int stop(void **state)
{
	asker_close();
	return fixture_tear_down(state);
}

enum {
	USER = TRESTLE__AUTHORIZE_REPLY__VERDICT__USER,
	CARRIER = TRESTLE__AUTHORIZE_REPLY__VERDICT__CARRIER,
	CHALLENGE = TRESTLE__AUTHORIZE_REPLY__VERDICT__CHALLENGE,
	REJECT = TRESTLE__AUTHORIZE_REPLY__VERDICT__REJECT
};

struct row {
	const char *name;
	const char *uri, *source, *transport;
	int verdict;
	unsigned status, code;
};

// clang-format off
static const struct row rows[] = {
	{"a phone is challenged", "sip:+1@a.example", "203.0.113.1", "udp", CHALLENGE, 407, 0},
	{"the host may be in capitals", "sip:+1@A.Example:5060;transport=tcp", "203.0.113.1", "udp", CHALLENGE, 407, 0},
	{"nothing may call from this domain", "sip:+1@none.example", "203.0.113.1", "udp", REJECT, 403, 32200},
	{"in the access list", "sip:+1@open.example", "192.0.2.77", "udp", USER, 0, 0},
	{"not in the access list", "sip:+1@open.example", "203.0.113.1", "udp", REJECT, 403, 32201},
	{"both needed, not in the list", "sip:+1@both.example", "203.0.113.1", "udp", REJECT, 403, 32201},
	{"both needed, in the list", "sip:+1@both.example", "192.0.2.77", "udp", CHALLENGE, 407, 0},
	{"secure, and UDP", "sip:+1@secure.example", "203.0.113.1", "udp", REJECT, 488, 32209},
	{"secure, and TLS", "sip:+1@secure.example", "203.0.113.1", "tls", CHALLENGE, 407, 0},
	{"the account is suspended", "sip:+1@idle.example", "203.0.113.1", "udp", REJECT, 603, 10001},
	{"a carrier's source, our number", "sip:+14155550100@192.0.2.200", "198.51.100.9", "udp", CARRIER, 0, 0},
	{"a carrier's source, a national number", "sip:4155550100@192.0.2.200", "198.51.100.9", "udp", CARRIER, 0, 0},
	{"a carrier's source, tel:", "tel:+1-415-555-0100", "198.51.100.9", "udp", CARRIER, 0, 0},
	{"a carrier's source, a local number", "tel:415-555-0100;phone-context=+1", "198.51.100.9", "udp", CARRIER, 0, 0},
	{"a carrier's source, no number of ours", "sip:+14155550199@192.0.2.200", "198.51.100.9", "udp", REJECT, 404, 32101},
	{"a carrier's source, a word", "sip:sales@192.0.2.200", "198.51.100.9", "udp", REJECT, 404, 32101},
	{"a phone at a carrier's address", "sip:+14155550100@a.example", "198.51.100.9", "udp", CHALLENGE, 407, 0},
	{"a URI that is none", "sip:", "203.0.113.1", "udp", REJECT, 400, 32110},
};
// clang-format on

static void each_row_is_judged_as_it_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		const struct row *row = &rows[i];

		asker_authorize(row->uri, row->source, row->transport, NULL);
		if (seen.verdict != row->verdict ||
		    seen.status != row->status || seen.code != row->code)
			fail_msg("%s: verdict %d status %u code %u", row->name,
			         seen.verdict, seen.status, seen.code);
		if (row->verdict == CARRIER) {
			assert_string_equal("+14155550100", seen.number);
			assert_string_equal("+4420718387500", seen.caller);
		}
	}
}

struct simulated {
	const char *uri, *from, *source, *carrier;
	int verdict;
	unsigned code;
	const char *list;
};

// clang-format off
static const struct simulated simulated[] = {
	{"sip:+1@a.example", "sip:alice@a.example", "", "", USER, 0, "CL00000000000000000000000000000001"},
	{"sip:+1@a.example", "sip:nobody@a.example", "", "", REJECT, 32202, ""},
	{"sip:+1@open.example", "sip:x@open.example", "192.0.2.77", "", USER, 0, "AL"},
	{"sip:+1@open.example", "sip:x@open.example", "", "", REJECT, 32201, ""},
	{"sip:+1@both.example", "sip:alice@both.example", "192.0.2.77", "", USER, 0, "AL"},
	{"sip:+1@none.example", "sip:x@none.example", "", "", REJECT, 32200, ""},
	{"sip:+1@secure.example", "sip:x@secure.example", "", "", REJECT, 32209, ""},
	{"sip:+14155550100@x.example", "sip:+1@y.example", "198.51.100.9", "", CARRIER, 0, ""},
	{"sip:+14155550199@x.example", "sip:+1@y.example", "198.51.100.9", "", REJECT, 32101, ""},
	{"sip:+1@nowhere.example", "sip:x@y.example", "", "", REJECT, 32002, ""},
	{"sip:+14155550100@x.example", "sip:+1@y.example", "", "BYnone", REJECT, 32002, ""},
	{"tel:+14155550100", "sip:alice@a.example", "", "", USER, 0, "CL00000000000000000000000000000001"},
	{"tel:+14155550100", "sip:alice@a.example", "198.51.100.9", "", CARRIER, 0, ""},
};
// clang-format on

static void a_caller_is_a_number_where_it_can_be_read(void **state)
{
	static const struct {
		const char *from, *caller;
	} callers[] = {
		{"sip:00442079460000@x.example", "+442079460000"},
		{"tel:+12125550100", "+12125550100"},
		{"tel:+1-212-555-0100;ext=5", "+12125550100"},
		{"tel:212.555.0100;phone-context=+1", "+12125550100"},
		{"tel:020-7946-0000;phone-context=+44", "+442079460000"},
		{"tel:911;phone-context=x.example", "911"},
		{"sip:anonymous@anonymous.invalid", "anonymous"},
		{"sip:sales@x.example", "sales"},
		{"sip:carrier.example", "unknown"},
		{"http://x.example", "unknown"},
	};

	(void)state;
	for (size_t i = 0; i < N_OF(callers); i++) {
		asker_simulate("sip:+14155550100@x.example", callers[i].from,
		               "198.51.100.9", "");
		assert_int_equal(CARRIER, seen.verdict);
		assert_string_equal(callers[i].caller, seen.caller);
	}
}

/* Five times: who asks too often would hear nothing. */
static void a_simulated_call_is_judged_and_leaves_no_trace(void **state)
{
	(void)state;
	redis_cli(&fixture.redis, "DEL alerts", NULL);
	for (size_t i = 0; i < 5 * N_OF(simulated); i++) {
		const struct simulated *s = &simulated[i % N_OF(simulated)];

		asker_simulate(s->uri, s->from, s->source, s->carrier);
		if (seen.verdict != s->verdict || seen.code != s->code ||
		    strncmp(seen.list, s->list, strlen(s->list)) != 0 ||
		    (seen.n_lists == 0) != !*s->list)
			fail_msg("%s from %s: verdict %d code %u list %s",
			         s->uri, s->from, seen.verdict, seen.code,
			         seen.list);
	}
	redis_cli(&fixture.redis, "EXISTS alerts", "0");
}

static void sign(struct phone *p, const char *method, const char *uri,
                 char *out, size_t size)
{
	for (size_t i = 0; i < seen.n_challenges; i++)
		if (phone_take_nonce(p, seen.challenges[i]))
			break;
	phone_credentials(p, method, uri, out, size);
}

#define URI  "sip:bob@a.example"
#define HERE "203.0.113.2"

static void a_phone_that_signs_in_may_call(void **state)
{
	char credentials[1024];
	struct phone p;

	(void)state;
	phone_open(&p, fixture.sip, "a.example", "alice");
	asker_authorize(URI, HERE, "udp", NULL);
	assert_int_equal(2, seen.n_challenges);
	assert_non_null(strstr(seen.challenges[0], "algorithm=SHA-256"));
	p.sha256 = true;
	sign(&p, "INVITE", URI, credentials, sizeof(credentials));
	asker_authorize(URI, HERE, "udp", credentials);
	assert_int_equal(USER, seen.verdict);
	assert_string_equal("alice", seen.user);
	assert_string_equal("alice", seen.caller); /* not who its From says */
	assert_string_equal("a.example", seen.domain);
	phone_close(&p);
}

static void credentials_of_a_register_do_not_call(void **state)
{
	char credentials[1024];
	struct phone p;

	(void)state;
	phone_open(&p, fixture.sip, "a.example", "alice");
	asker_authorize(URI, HERE, "udp", NULL);
	sign(&p, "REGISTER", URI, credentials, sizeof(credentials));
	asker_authorize(URI, HERE, "udp", credentials);
	assert_int_equal(REJECT, seen.verdict);
	assert_int_equal(403, seen.status);
	assert_int_equal(32202, seen.code);
	phone_close(&p);
}

static void a_wrong_password_is_refused_with_its_code(void **state)
{
	char credentials[1024];
	struct phone p;

	(void)state;
	phone_open(&p, fixture.sip, "a.example", "alice");
	p.password = "guess";
	asker_authorize(URI, HERE, "udp", NULL);
	sign(&p, "INVITE", URI, credentials, sizeof(credentials));
	asker_authorize(URI, HERE, "udp", credentials);
	assert_int_equal(REJECT, seen.verdict);
	assert_int_equal(32202, seen.code);
	asker_authorize("sip:x@a.example", HERE, "udp", credentials);
	assert_int_equal(400, seen.status);
	phone_close(&p);
}

static void a_carrier_may_sign_in_instead(void **state)
{
	char credentials[1024];
	struct phone p;

	(void)state;
	phone_open(&p, fixture.sip, "sip.example", "trunk");
	p.realm = "carrier"; /* by whichever name of ours it calls */
	asker_authorize("sip:+14155550100@192.0.2.200", HERE, "udp", NULL);
	assert_int_equal(CHALLENGE, seen.verdict);
	sign(&p, "INVITE", "sip:+14155550100@192.0.2.200", credentials,
	     sizeof(credentials));
	asker_authorize("sip:+14155550100@192.0.2.200", HERE, "udp",
	                credentials);
	assert_int_equal(CARRIER, seen.verdict);
	asker_authorize("sip:+14155550100@sip.example", HERE, "udp", NULL);
	assert_int_equal(CHALLENGE, seen.verdict);
	sign(&p, "INVITE", "sip:+14155550100@sip.example", credentials,
	     sizeof(credentials));
	asker_authorize("sip:+14155550100@sip.example", HERE, "udp",
	                credentials);
	assert_int_equal(CARRIER, seen.verdict);
	assert_string_equal("BY00000000000000000000000000000002", seen.carrier);
	p.password = "guess";
	asker_authorize("sip:+14155550100@sip.example", HERE, "udp", NULL);
	sign(&p, "INVITE", "sip:+14155550100@sip.example", credentials,
	     sizeof(credentials));
	asker_authorize("sip:+14155550100@sip.example", HERE, "udp",
	                credentials);
	assert_int_equal(32202, seen.code);
	phone_close(&p);
}

/* The account has so many alerts, and this text is in them. */
static void assert_told(const char *account, const char *text, size_t n)
{
	char words[128], count[16];

	(void)snprintf(words, sizeof(words), "XLEN alerts:{%s}", account);
	(void)snprintf(count, sizeof(count), "%zu", n);
	redis_cli(&fixture.redis, words, count);
	(void)snprintf(words, sizeof(words), "XRANGE alerts:{%s} - +", account);
	redis_cli(&fixture.redis, words, text);
}

#define AC1 "AC00000000000000000000000000000001"
#define AC2 "AC00000000000000000000000000000002"

static const char *const of_one_account[] = {
	"HSET carrier:BY00000000000000000000000000000003 sid "
	"BY00000000000000000000000000000003 friendly_name own account_sid " AC1
	" sources 198.51.101.0/24 country 1",
	"SADD carriers BY00000000000000000000000000000003",
	"HSET number:+14155550177 sid PN00000000000000000000000000000002 "
	"phone_number +14155550177 account_sid " AC2,
	"SADD numbers +14155550177",
	"INCR config:version",
	"PUBLISH config 1",
};

/* Whose carrier it is, or whose number, can see what was refused. */
static void a_refused_call_of_a_carrier_is_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_OF(of_one_account); i++)
		redis_cli(&fixture.redis, of_one_account[i], NULL);
	redis_cli(&fixture.redis, "DEL alerts:{" AC1 "} alerts:{" AC2 "}",
	          NULL);
	for (int i = 0; i < 100 && seen.status != 603; i++)
		asker_authorize("sip:+14155550177@192.0.2.200", "198.51.100.9",
		                "udp", NULL);
	assert_int_equal(603, seen.status);
	assert_int_equal(10003, seen.code);
	assert_told(AC2, "10003", 1);
	assert_told(AC2, "+14155550177", 1);
	assert_told(AC2, "0114420718387500", 1);
	asker_authorize("sip:+14155550188@192.0.2.200", "198.51.101.9", "udp",
	                NULL);
	assert_int_equal(404, seen.status);
	assert_told(AC1, "32101", 1);
	assert_told(AC1, "+14155550188", 1);
	assert_told(AC1, "INVITE", 1);
}

/* No user has such a name, and the log has none. */
static void a_refused_call_of_an_endless_name_is_told_without_it(void **state)
{
	char from[256];

	(void)state;
	redis_cli(&fixture.redis, "DEL alerts:{" AC1 "}", NULL);
	(void)snprintf(from, sizeof(from), "sip:%0200d@example.org", 7);
	asker_authorize_from(from, "sip:+1@none.example", "203.0.113.77", "udp",
	                     NULL);
	assert_int_equal(403, seen.status);
	assert_told(AC1, "user\n\ndomain\nnone.example", 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_row_is_judged_as_it_says),
		cmocka_unit_test(a_caller_is_a_number_where_it_can_be_read),
		cmocka_unit_test(
			a_simulated_call_is_judged_and_leaves_no_trace),
		cmocka_unit_test(a_phone_that_signs_in_may_call),
		cmocka_unit_test(credentials_of_a_register_do_not_call),
		cmocka_unit_test(a_wrong_password_is_refused_with_its_code),
		cmocka_unit_test(a_carrier_may_sign_in_instead),
		cmocka_unit_test(a_refused_call_of_a_carrier_is_told),
		cmocka_unit_test(
			a_refused_call_of_an_endless_name_is_told_without_it),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
