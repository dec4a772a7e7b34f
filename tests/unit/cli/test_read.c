/*
 * test_read.c - a tenants file: what is wrong with it is said, line by line
 */
#include <unistd.h>

#include "unit/test.h"

#include "tenants.h"
#include "unit/oom.h"

#define ACCOUNT                                                                \
	"accounts:\n"                                                          \
	"  - friendly_name: A\n"                                               \
	"    auth_token: ${TOKEN}\n"

struct row {
	const char *name;
	const char *text;
	unsigned line;
	const char *says; /* part of the first problem; NULL = none */
};

static const struct row rows[] = {
	{"the smallest file is well", ACCOUNT, 0, NULL},
	{"an empty file", "", 1, "the file is empty"},
	{"a list at the top", "- a", 1, "begin with `accounts:`"},
	{"no account", "carriers: []", 1, "the file has no accounts"},
	{"an empty list of accounts", "accounts: []", 1,
         "accounts is empty; add one"},
	{"a second document", ACCOUNT "---\na: b\n", 4,
         "a second document begins here"},
	{"a bin whose XML does not end",
         ACCOUNT "    bins:\n"
                 "      - friendly_name: b\n"
                 "        twiml: <Response><Hangup></Response>\n",
         6, "bin \"b\", its line 1: it is no XML"},
	{"a bin whose section does not end",
         ACCOUNT "    bins:\n"
                 "      - friendly_name: b\n"
                 "        twiml: <Response>{{#e164}}{{To}}</Response>\n",
         6, "bin \"b\", its line 1: "},
	{"a bin that is another document",
         ACCOUNT "    bins:\n"
                 "      - friendly_name: b\n"
                 "        twiml: <html/>\n",
         6, "begins with <html>"},
	{"two carriers at one address",
         ACCOUNT "carriers:\n"
                 "  - {friendly_name: c, sources: [192.0.2.1]}\n"
                 "  - {friendly_name: d, sources: [192.0.2.1/32]}\n",
         6, "carrier \"c\" has the source 192.0.2.1/32 too"},
	{"a tab", "accounts:\n\t- a", 2, "not tabs"},
	{"an alias of itself", "accounts: &a [*a]", 1, "aliases of aliases"},
	{"a variable that is not set", "accounts: ${NOPE}", 1,
         "${NOPE} is not set"},
	{"an escaped variable",
         ACCOUNT "    bins:\n"
                 "      - friendly_name: b\n"
                 "        twiml: <Response>$${NOPE}</Response>\n",
         0, NULL},
	{"a misspelt field", ACCOUNT "    domain: []\n", 4,
         "did you mean \"domains\"?"},
	{"a field that is like no other", ACCOUNT "    colour: red\n", 4,
         "remove it, or see `trestle-cli fields`"},
	{"a field given twice", ACCOUNT "    friendly_name: B\n", 4,
         "given twice; remove one, the other is in line 2"},
	{"a field that is missing", "accounts:\n  - friendly_name: A\n", 2,
         "account has no auth_token; add it"},
	{"two accounts of one name",
         ACCOUNT "  - {friendly_name: A, auth_token: 0123456789abcdef}\n", 4,
         "account \"A\" is there twice"},
	{"domains know no case",
         ACCOUNT "    domains:\n"
                 "      - {domain_name: a.test, voice_url: 'http://a'}\n"
                 "      - {domain_name: A.TEST, voice_url: 'http://a'}\n",
         5, "accepts no call"},
	{"a list that is not there",
         ACCOUNT "    domains:\n"
                 "      - domain_name: a.test\n"
                 "        call_credential_lists: [phons]\n"
                 "    credential_lists: [{friendly_name: phones}]\n",
         5, "has no voice_url"},
	{"a password that is too simple",
         ACCOUNT "    credential_lists:\n"
                 "      - friendly_name: p\n"
                 "        users: [{username: a, password: secret}]\n",
         6, "password is shorter than 12 characters"},
	{"a bin and a URL",
         ACCOUNT "    numbers:\n"
                 "      - phone_number: '+15550100'\n"
                 "        voice_url: http://a/\n"
                 "        voice_bin: b\n"
                 "    bins: [{friendly_name: b, twiml: <Response/>}]\n",
         7, "voice_bin and voice_url are both given"},
	{"a number of another account is not found",
         ACCOUNT "  - friendly_name: B\n"
                 "    auth_token: ${TOKEN}\n"
                 "    numbers:\n"
                 "      - {phone_number: '+15550100', voice_bin: b}\n"
                 "  - friendly_name: C\n"
                 "    auth_token: ${TOKEN}\n"
                 "    bins: [{friendly_name: b, twiml: <Response/>}]\n",
         7, "this account has no bin \"b\"; add it"},
	{"a carrier that does nothing",
         ACCOUNT "carriers:\n  - friendly_name: x\n", 5,
         "can neither deliver nor take a call"},
	{"a target with half a login",
         ACCOUNT "carriers:\n"
                 "  - friendly_name: x\n"
                 "    targets: [{uri: 'sip:a.test', username: me}]\n",
         6, "without the other"},
	{"expiries out of order",
         ACCOUNT "    domains:\n"
                 "      - {domain_name: a.test, voice_url: 'http://a',\n"
                 "         expires_min: 600, expires_default: 300,\n"
                 "         call_access_lists: [o], sip_registration: false}\n"
                 "    access_lists: [{friendly_name: o, addresses: ['::1']}]\n",
         5, "out of order"},
	{"a policy that there is not", ACCOUNT "    caller_id_policy: some\n",
         4, "caller_id_policy \"some\" is none of: owned any"},
	{"part of a word", ACCOUNT "    type: ull\n", 4,
         "is none of: Full Trial"},
	{"a price that is none",
         ACCOUNT "rates:\n"
                 "  - friendly_name: std\n"
                 "    rates: [{prefix: '+', per_minute: 1cent}]\n",
         6, "per_minute \"1cent\" is no price; write it like 0.0085"},
	{"a table of rates that there is not", ACCOUNT "    rates: std\n", 4,
         "rates: this account has no rate table \"std\""},
	{"a country that there is not",
         ACCOUNT "    dialing_countries: [DE, UK]\n", 4,
         "dialing_countries \"UK\" is no country; use ISO codes like US"},
	{"a SID of another kind",
         ACCOUNT "    sid: CA0123456789abcdef0123456789abcdef\n", 4,
         "write AC and 32 hexadecimal digits"},
};

static void problems_name_line_and_remedy(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		const struct row *row = &rows[i];
		struct tenants_file f;
		int err = tenants_open(&f, row->text);

		print_message("%s\n", row->name);
		if (!row->says) {
			assert_int_equal(0, err);
			assert_int_equal(0, f.problems.n);
		} else {
			assert_true(f.problems.n > 0);
			assert_int_equal(row->line, f.problems.v[0].line);
			if (!strstr(f.problems.v[0].text, row->says))
				fail_msg("%s", f.problems.v[0].text);
		}
		tenants_close(&f);
	}
}

static void all_problems_are_found_at_once_in_order(void **state)
{
	struct tenants_file f;

	(void)state;
	assert_int_equal(EINVAL, tenants_open(&f, "accounts:\n"
	                                          "  - auth_token: x\n"
	                                          "    status: maybe\n"
	                                          "    numbers:\n"
	                                          "      - phone_number: 5\n"));
	assert_int_equal(4, f.problems.errors);
	for (size_t i = 1; i < f.problems.n; i++)
		assert_true(f.problems.v[i - 1].line <= f.problems.v[i].line);
	tenants_close(&f);
}

static void secrets_are_not_repeated_in_problems(void **state)
{
	struct tenants_file f;

	(void)state;
	assert_int_equal(
		EINVAL,
		tenants_open(&f,
	                     "accounts:\n"
	                     "  - {friendly_name: A, auth_token: Hush-hush,\n"
	                     "     credential_lists: [{friendly_name: p,\n"
	                     "     users: [{username: a,\n"
	                     "     password: hush-hush}]}],\n"
	                     "     domains: [{domain_name: a.test,\n"
	                     "     voice_url: 'ftp://a:hush-hush@b/'}]}\n"));
	assert_true(f.problems.n >= 3);
	for (size_t i = 0; i < f.problems.n; i++)
		assert_null(strcasestr(f.problems.v[i].text, "hush"));
	tenants_close(&f);
}

static void sids_are_the_same_each_time_and_differ_by_name(void **state)
{
	struct tenants_file a, b;

	(void)state;
	assert_int_equal(0, tenants_open(&a, ACCOUNT));
	assert_int_equal(0, tenants_open(&b,
	                                 ACCOUNT "  - friendly_name: B\n"
	                                         "    auth_token: ${TOKEN}\n"));
	assert_true(sid_valid(a.model.first->sid, "AC"));
	assert_string_equal(a.model.first->sid, b.model.first->sid);
	assert_string_not_equal(b.model.first->sid, b.model.last->sid);
	tenants_close(&a);
	tenants_close(&b);
}

/* The library would be busy for seconds. */
static void brackets_without_end_are_refused_at_once(void **state)
{
	static char text[100001];
	struct tenants_file f;

	(void)state;
	memset(text, '[', sizeof(text) - 1);
	alarm(5);
	assert_int_equal(EINVAL, tenants_open(&f, text));
	alarm(0);
	assert_non_null(strstr(f.problems.v[0].text, "nested too deep"));
	tenants_close(&f);
}

TEST_MAIN(cmocka_unit_test(brackets_without_end_are_refused_at_once),
          cmocka_unit_test(problems_name_line_and_remedy),
          cmocka_unit_test(all_problems_are_found_at_once_in_order),
          cmocka_unit_test(secrets_are_not_repeated_in_problems),
          cmocka_unit_test(sids_are_the_same_each_time_and_differ_by_name))
