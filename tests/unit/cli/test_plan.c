/*
 * test_plan.c - the Redis commands that make a model the configuration
 */
#include "unit/test.h"

#include "base/strbuf.h"
#include "core/plan.h"
#include "tenants.h"

#define URL "http://us.test:8080"

static const char file[] =
	"accounts:\n"
	"  - friendly_name: A\n"
	"    sid: AC00000000000000000000000000000001\n"
	"    auth_token: ${TOKEN}\n"
	"    credential_lists:\n"
	"      - friendly_name: phones\n"
	"        sid: CL00000000000000000000000000000002\n"
	"        users: [{username: alice, password: Alice-in-1865}]\n"
	"      - friendly_name: spare\n"
	"        users: [{username: eve, password: Alice-in-1865}]\n"
	"    access_lists:\n"
	"      - friendly_name: office\n"
	"        sid: AL00000000000000000000000000000004\n"
	"        addresses: [192.0.2.7, 198.51.100.0/24]\n"
	"    bins:\n"
	"      - friendly_name: b\n"
	"        sid: EH00000000000000000000000000000003\n"
	"        twiml: <Response/>\n"
	"    domains:\n"
	"      - domain_name: One.Test\n"
	"        voice_bin: b\n"
	"        registration_credential_lists: [phones]\n"
	"        call_credential_lists: [phones]\n"
	"      - domain_name: two.test\n"
	"        voice_url: http://app.test/voice\n"
	"        registration_credential_lists: [phones]\n"
	"        call_credential_lists: [phones]\n"
	"carriers:\n"
	"  - friendly_name: c\n"
	"    sources: [192.0.2.1, 198.51.100.0/24]\n"
	"    numbers: ['+15550100-+15550199', '+15550200']\n"
	"    targets:\n"
	"      - {uri: 'sip:a.test', username: u, password: 'q\"uote'}\n";

static int print(void *arg, int argc, const char **argv)
{
	struct strbuf *b = arg;

	for (int i = 0; i < argc; i++)
		strbuf_addf(b, "%s%s", i ? "|" : "", argv[i]);
	strbuf_addc(b, '\n');
	return 0;
}

static void open_plan(struct tenants_file *f, struct strbuf *out)
{
	assert_int_equal(0, tenants_open(f, file));
	assert_int_equal(0, plan_write(&f->model, URL, 1000, print, out));
}

static const char *const wanted[] = {
	"HSET|account:AC00000000000000000000000000000001|sid|"
	"AC00000000000000000000000000000001|friendly_name|A|auth_token|"
	"0123456789abcdef|status|active|realm||",
	"|date_created|1970-01-01T00:00:01.000Z|date_updated|"
	"1970-01-01T00:00:01.000Z\nSADD|accounts|",
	"SADD|accounts|AC00000000000000000000000000000001\n",
	"HSET|domain:one.test|sid|SD",
	"SADD|domains|one.test\n",
	"|voice_url|" URL "/twiml/EH00000000000000000000000000000003|",
	"|voice_url|http://app.test/voice|",
	"|registration_credential_lists|CL00000000000000000000000000000002|",
	"|sources|192.0.2.1 198.51.100.0/24|",
	"|numbers|+15550100-+15550199 +15550200|",
	"|targets|[{\"uri\":\"sip:a.test\",\"priority\":10,\"weight\":10,"
	"\"username\":\"u\",\"password\":\"q\\\"uote\"}]|date_created|",
	"SADD|credential-list:CL00000000000000000000000000000002:users|alice\n",
	"|md5 one.test|",
	"|sha256 one.test|",
	"|md5 two.test|",
	/* where the API finds them */
	"HSET|sids:{AC00000000000000000000000000000001}|"
	"CL00000000000000000000000000000002|"
	"credential-list:CL00000000000000000000000000000002\n",
	"ZADD|credential-lists:{AC00000000000000000000000000000001}|1000|"
	"CL00000000000000000000000000000002\n",
	"|credential-list:CL00000000000000000000000000000002:user:alice\n",
	"ZADD|credentials:{CL00000000000000000000000000000002}|1000|CR",
	"|domain:one.test\n",
	"|addresses|192.0.2.7/32 198.51.100.0/24|",
	"|ip_address|198.51.100.0|cidr_prefix_length|24|",
	"ZADD|addresses:{AL00000000000000000000000000000004}|1000|IP",
};

static void every_family_is_written_as_the_contract_has_it(void **state)
{
	struct tenants_file f;
	struct strbuf out = {0};

	(void)state;
	open_plan(&f, &out);
	for (size_t i = 0; i < N_OF(wanted); i++)
		if (!strstr(out.s, wanted[i]))
			fail_msg("no %s in\n%s", wanted[i], out.s);
	strbuf_close(&out);
	tenants_close(&f);
}

static void passwords_of_users_are_not_written(void **state)
{
	struct tenants_file f;
	struct strbuf out = {0};

	(void)state;
	open_plan(&f, &out);
	assert_null(strstr(out.s, "Alice-in-1865"));
	strbuf_close(&out);
	tenants_close(&f);
}

static void a_list_that_is_not_mapped_has_no_digests(void **state)
{
	struct tenants_file f;
	struct strbuf out = {0};
	char *eve;

	(void)state;
	open_plan(&f, &out);
	eve = strstr(out.s, ":user:eve|sid|CR");
	assert_non_null(eve);
	eve[strcspn(eve, "\n")] = '\0';
	assert_null(strstr(eve, "md5"));
	assert_null(strstr(eve, "sha256"));
	strbuf_close(&out);
	tenants_close(&f);
}

static int refuse(void *arg, int argc, const char **argv)
{
	(void)arg;
	(void)argc;
	(void)argv;
	return EIO;
}

static void an_error_of_the_writer_ends_the_plan(void **state)
{
	struct tenants_file f;

	(void)state;
	assert_int_equal(0, tenants_open(&f, file));
	assert_int_equal(EIO, plan_write(&f.model, URL, 1000, refuse, NULL));
	tenants_close(&f);
}

/* One HA1, good for each domain that the list is or will be mapped to */
static void a_realm_of_the_account_is_the_only_one(void **state)
{
	static const char with_realm[] =
		"accounts:\n"
		"  - friendly_name: A\n"
		"    auth_token: ${TOKEN}\n"
		"    realm: acme.test\n"
		"    credential_lists:\n"
		"      - friendly_name: phones\n"
		"        users: [{username: alice, password: "
		"Alice-in-1865}]\n";
	struct tenants_file f;
	struct strbuf out = {0};

	(void)state;
	assert_int_equal(0, tenants_open(&f, with_realm));
	assert_int_equal(0, plan_write(&f.model, URL, 1000, print, &out));
	assert_non_null(strstr(strbuf_str(&out), "|md5 acme.test|"));
	assert_non_null(strstr(strbuf_str(&out), "|sha256 acme.test|"));
	assert_non_null(strstr(strbuf_str(&out), "|realm|acme.test"));
	strbuf_close(&out);
	tenants_close(&f);
}

#define AC "AC00000000000000000000000000000001"
#define PN "PN00000000000000000000000000000001"

static void emergency_calls_are_switched_on_with_a_number_to_show(void **state)
{
	static const char text[] =
		"accounts:\n"
		"  - friendly_name: A\n"
		"    auth_token: ${TOKEN}\n"
		"    domains:\n"
		"      - {domain_name: a.test, voice_url: 'http://a.test/', "
		"emergency_calling_enabled: true, "
		"emergency_caller: '+12125550100'}\n"
		"    numbers:\n"
		"      - {phone_number: '+12125550100', sid: " PN "}\n"
		"    carriers:\n"
		"      - friendly_name: C\n"
		"        sources: [192.0.2.1]\n"
		"        emergency: true\n";
	struct tenants_file f;
	struct strbuf out = {0};

	(void)state;
	assert_int_equal(0, tenants_open(&f, text));
	assert_int_equal(0, plan_write(&f.model, URL, 1000, print, &out));
	assert_non_null(strstr(strbuf_str(&out),
	                       "|emergency_calling_enabled|true"
	                       "|emergency_caller_sid|" PN "|"));
	assert_non_null(strstr(strbuf_str(&out), "|emergency|true|"));
	strbuf_close(&out);
	tenants_close(&f);
}

static void where_an_account_may_call_is_written(void **state)
{
	static const char text[] =
		"accounts:\n"
		"  - friendly_name: A\n"
		"    sid: " AC "\n"
		"    auth_token: ${TOKEN}\n"
		"    type: Trial\n"
		"    caller_id_policy: any\n"
		"    dialing_countries: ['*']\n"
		"    dialing_special: [DE]\n"
		"    caller_ids:\n"
		"      - {phone_number: '+4930123456', sid: " PN "}\n"
		"  - friendly_name: B\n"
		"    auth_token: ${TOKEN}\n";
	static const char *const commands[] = {
		"|type|Trial|caller_id_policy|any|",
		"HSET|dialing-permissions:" AC "|account_sid|" AC
		"|inheritance|true|*|low|DE|low special\n",
		"SADD|dialing-permissions|" AC "\n",
		"HSET|caller-id:" PN "|sid|" PN "|account_sid|" AC
		"|phone_number|+4930123456|",
		"SADD|caller-ids|" PN "\n",
		"HSET|sids:{" AC "}|" PN "|caller-id:" PN "\n",
		"ZADD|caller-ids:{" AC "}|1000|" PN "\n",
		"HSET|verified-numbers:{" AC "}|+4930123456|" PN "\n",
	};
	struct tenants_file f;
	struct strbuf out = {0};
	const char *at;

	(void)state;
	assert_int_equal(0, tenants_open(&f, text));
	assert_int_equal(0, plan_write(&f.model, URL, 1000, print, &out));
	for (size_t i = 0; i < N_OF(commands); i++)
		if (!strstr(out.s, commands[i]))
			fail_msg("no %s in\n%s", commands[i], out.s);
	at = strstr(out.s, "SADD|dialing-permissions|");
	assert_null(strstr(at + 1, "SADD|dialing-permissions|"));
	strbuf_close(&out);
	tenants_close(&f);
}

static void what_calls_cost_is_written(void **state)
{
	static const char text[] =
		"accounts:\n"
		"  - {friendly_name: A, auth_token: '${TOKEN}', rates: std}\n"
		"rates:\n"
		"  - friendly_name: std\n"
		"    currency: EUR\n"
		"    rates:\n"
		"      - {prefix: '+49', direction: outbound, per_minute: "
		"0.0085}\n"
		"      - {prefix: 'sip:', per_minute: 0.004, minimum: 0, "
		"increment: 1}\n";
	static const char *const commands[] = {
		"|rates|std|",
		"HSET|rates:std|sid||account_sid||friendly_name|std|currency|"
		"EUR|rates|[{\"direction\":\"outbound\",\"prefix\":\"+49\","
		"\"per_minute\":\"0.0085\",\"minimum\":60,"
		"\"increment\":60},{\"direction\":\"both\",\"prefix\":"
		"\"sip:\",\"per_minute\":\"0.004\",\"minimum\":0,"
		"\"increment\":1}]|",
		"SADD|rates|std\n",
	};
	struct tenants_file f;
	struct strbuf out = {0};

	(void)state;
	assert_int_equal(0, tenants_open(&f, text));
	assert_int_equal(0, plan_write(&f.model, URL, 1000, print, &out));
	for (size_t i = 0; i < N_OF(commands); i++)
		if (!strstr(out.s, commands[i]))
			fail_msg("no %s in\n%s", commands[i], out.s);
	strbuf_close(&out);
	tenants_close(&f);
}

TEST_MAIN(
	cmocka_unit_test(what_calls_cost_is_written),
	cmocka_unit_test(emergency_calls_are_switched_on_with_a_number_to_show),
	cmocka_unit_test(where_an_account_may_call_is_written),
	cmocka_unit_test(a_realm_of_the_account_is_the_only_one),
	cmocka_unit_test(every_family_is_written_as_the_contract_has_it),
	cmocka_unit_test(passwords_of_users_are_not_written),
	cmocka_unit_test(a_list_that_is_not_mapped_has_no_digests),
	cmocka_unit_test(an_error_of_the_writer_ends_the_plan))
