/*
 * test_store.c - what common/store decides without Redis
 */
#include "../test.h"

#include "records.h"
#include "store/alert.h"
#include "store/cidr.h"
#include "store/resp.h"
#include "store/snapshot.h"
#include "store/time.h"

static void ranges_contain_what_their_bits_say(void **state)
{
	static const struct {
		const char *range, *ip;
		bool inside;
	} rows[] = {
		{"192.0.2.0/24", "192.0.2.255", true},
		{"192.0.2.0/24", "192.0.3.0", false},
		{"192.0.2.7", "192.0.2.7", true},
		{"192.0.2.7", "192.0.2.8", false},
		{"10.0.0.0/9", "10.127.255.255", true},
		{"10.0.0.0/9", "10.128.0.0", false},
		{"0.0.0.0/0", "203.0.113.9", true},
		{"0.0.0.0/0", "2001:db8::1", false},
		{"192.0.2.0/24", "::ffff:192.0.2.1", true},
		{"2001:db8::/33", "2001:db8:7fff::1", true},
		{"2001:db8::/33", "2001:db8:8000::1", false},
		{"::/0", "192.0.2.1", true},
	};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct cidr range;
		struct cidr_address ip;

		assert_int_equal(0, cidr_parse(&range, rows[i].range));
		assert_int_equal(0, cidr_address_parse(&ip, rows[i].ip));
		if (cidr_contains(&range, &ip) != rows[i].inside)
			fail_msg("%s, %s", rows[i].range, rows[i].ip);
	}
}

static void ranges_that_make_no_sense_are_refused(void **state)
{
	static const char *const rows[] = {"",
	                                   "/8",
	                                   "192.0.2.0/",
	                                   "1.2.3/8",
	                                   "192.0.2.0/33",
	                                   "192.0.2.0/-1",
	                                   "2001:db8::/129",
	                                   "192.0.2.0/8x"};
	struct cidr range;

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++)
		if (cidr_parse(&range, rows[i]) != EINVAL)
			fail_msg("%s", rows[i]);
}

static void lists_of_ranges_have_spaces_and_commas(void **state)
{
	char many[CIDR_SET_MAX * 9 + 10] = "";
	struct cidr_address ip;
	struct cidr_set list;

	(void)state;
	assert_int_equal(0, cidr_set_parse(&list, "10.0.0.0/8, 192.0.2.7 "
	                                          " 2001:db8::/33"));
	assert_int_equal(3, list.n);
	assert_int_equal(0, cidr_address_parse(&ip, "192.0.2.7"));
	assert_true(cidr_set_contains(&list, &ip));
	assert_int_equal(0, cidr_address_parse(&ip, "192.0.2.6"));
	assert_false(cidr_set_contains(&list, &ip));
	assert_int_equal(0, cidr_set_parse(&list, ""));
	assert_false(cidr_set_contains(&list, &ip));
	assert_int_equal(EINVAL, cidr_set_parse(&list, "10.0.0.0/8 lan"));
	assert_int_equal(EINVAL, cidr_set_parse(&list, "10.0.0.0/33"));
	for (size_t i = 0; i < CIDR_SET_MAX; i++)
		strcat(many, "10.1.2.3 ");
	assert_int_equal(0, cidr_set_parse(&list, many));
	strcat(many, "10.1.2.3");
	assert_int_equal(E2BIG, cidr_set_parse(&list, many));
}

static void instants_come_back_as_they_were_written(void **state)
{
	char text[TIME_TEXT_SIZE];

	(void)state;
	time_text(1795365564248, text);
	assert_string_equal("2026-11-22T16:39:24.248Z", text);
	assert_int_equal(1795365564248, time_parse(text));
	assert_int_equal(0, time_parse("yesterday"));
}

static void a_command_says_the_length_of_each_argument(void **state)
{
	static const char expected[] = "*4\r\n$4\r\nHSET\r\n$1\r\nk\r\n"
				       "$0\r\n\r\n$11\r\n{\"a\":\"\r\n\"}x\r\n";
	const char *argv[] = {"HSET", "k", "", "{\"a\":\"\r\n\"}x"};
	const char *raw[] = {"SET", "k", "a\0b"};
	const size_t lens[] = {3, 1, 3};
	size_t size = 0;
	char *text = resp_command(4, argv, NULL, &size);

	(void)state;
	assert_int_equal(sizeof(expected) - 1, size);
	assert_memory_equal(expected, text, size);
	free(text);
	text = resp_command(3, raw, lens, &size);
	assert_int_equal(29, size);
	assert_memory_equal("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$3\r\na\0b\r\n",
	                    text, size);
	free(text);
}

static void dates_are_rfc_2822(void **state)
{
	static const struct {
		uint64_t s;
		const char *text;
	} rows[] = {
		{0, "Thu, 01 Jan 1970 00:00:00 +0000"},
		{951782400, "Tue, 29 Feb 2000 00:00:00 +0000"},
		{1795372661, "Sun, 22 Nov 2026 18:37:41 +0000"},
		{253402300800, ""},
		{4102444799, "Thu, 31 Dec 2099 23:59:59 +0000"},
	};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		char out[TIME_TEXT_SIZE];

		time_rfc2822(rows[i].s * 1000 + 999, out);
		assert_string_equal(rows[i].text, out);
	}
}

static void alerts_after_which_a_call_goes_on_are_warnings(void **state)
{
	(void)state;
	assert_string_equal("warning", alert_level(12200));
	assert_string_equal("warning", alert_level(13214));
	assert_string_equal("warning", alert_level(32009));
	assert_string_equal("warning", alert_level(82004));
	assert_string_equal("error", alert_level(11200));
	assert_string_equal("error", alert_level(12100));
	assert_string_equal("error", alert_level(32010));
	assert_string_equal("warning", alert_level(32103));
	assert_string_equal("error", alert_level(13224));
	assert_string_equal("error", alert_level(32202));
	assert_string_equal("error", alert_level(82005));
}

static void a_domain_is_found_by_name_and_by_sid(void **state)
{
	struct snapshot *s;
	const struct domain *d;

	(void)state;
	assert_int_equal(0, snapshot_alloc(&s));
	ADD_RECORD(s, FAMILY_DOMAIN, "sid", "SD1", "domain_name", "pbx.example",
	           "account_sid", "AC1", "voice_url", "https://app/voice",
	           "sip_registration", "true", "call_credential_lists",
	           " CL1  CL2 ", "expires_min", "120");
	d = snapshot_domain(s, "pbx.example");
	assert_non_null(d);
	assert_ptr_equal(d, snapshot_domain_by_sid(s, "SD1"));
	assert_null(snapshot_domain(s, "other.example"));
	assert_true(d->registration);
	assert_false(d->secure);
	assert_int_equal(120, d->expires_min);
	assert_int_equal(3600, d->expires_max);
	assert_string_equal("POST", d->voice.method);
	assert_int_equal(2, d->n_call_lists);
	assert_string_equal("CL2", d->call_lists[1]);
	assert_int_equal(0, d->n_access_lists);
	snapshot_free(s);
}

static void carriers_stand_by_priority_and_are_known_by_source(void **state)
{
	struct snapshot *s;
	struct cidr_address ip;

	(void)state;
	assert_int_equal(0, snapshot_alloc(&s));
	ADD_RECORD(s, FAMILY_CARRIER, "sid", "BY2", "priority", "20", "sources",
	           "198.51.100.0/24");
	ADD_RECORD(s, FAMILY_CARRIER, "sid", "BY1", "priority", "5", "targets",
	           "[{\"uri\":\"sip:192.0.2.1\",\"priority\":1}]");
	assert_string_equal("BY1", snapshot_carrier_nth(s, 0)->sid);
	assert_string_equal("sip:192.0.2.1",
	                    snapshot_carrier_nth(s, 0)->targets[0].uri);
	assert_null(snapshot_carrier_nth(s, 2));
	assert_int_equal(0, cidr_address_parse(&ip, "198.51.100.9"));
	assert_string_equal("BY2", snapshot_carrier_by_source(s, &ip)->sid);
	assert_int_equal(0, cidr_address_parse(&ip, "198.51.101.9"));
	assert_null(snapshot_carrier_by_source(s, &ip));
	snapshot_free(s);
}

static void a_carrier_has_its_sources_and_its_targets(void **state)
{
	static const struct {
		const char *ip;
		bool has;
	} rows[] = {
		{"198.51.100.9", true}, {"198.51.101.9", false},
		{"192.0.2.1", true},    {"192.0.2.2", true},
		{"192.0.2.3", false},   {"2001:db8::1", true},
		{"2001:db8::2", false},
	};
	struct snapshot *s;
	struct cidr_address ip;

	(void)state;
	assert_int_equal(0, snapshot_alloc(&s));
	ADD_RECORD(s, FAMILY_CARRIER, "sid", "BY1", "sources",
	           "198.51.100.0/24", "targets",
	           "[{\"uri\":\"sip:192.0.2.1\"},"
	           "{\"uri\":\"sip:trunk@192.0.2.2:5062;transport=tcp\"},"
	           "{\"uri\":\"sip:[2001:db8::1]:5060\"},"
	           "{\"uri\":\"sip:gw.example.com\"}]");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(0, cidr_address_parse(&ip, rows[i].ip));
		assert_int_equal(rows[i].has,
		                 snapshot_carrier_has(s, "BY1", &ip));
		assert_false(snapshot_carrier_has(s, "BY2", &ip));
	}
	snapshot_free(s);
}

static void a_wrong_record_is_left_out_and_the_others_stand(void **state)
{
	struct snapshot *s;
	struct cidr_address ip;

	(void)state;
	assert_int_equal(0, snapshot_alloc(&s));
	assert_int_equal(EINVAL, PUT_RECORD(s, FAMILY_DOMAIN, "sid", "SD1"));
	assert_int_equal(EINVAL, PUT_RECORD(s, FAMILY_CARRIER, "sid", "BY1",
	                                    "targets", "[{}]"));
	assert_int_equal(EINVAL, PUT_RECORD(s, FAMILY_CARRIER, "sid", "BY1",
	                                    "targets", "nonsense"));
	assert_int_equal(EINVAL, PUT_RECORD(s, FAMILY_ACCESS_LIST, "sid", "AL1",
	                                    "addresses", "10.0.0.0/99"));
	ADD_RECORD(s, FAMILY_ACCESS_LIST, "sid", "AL2", "addresses",
	           "10.0.0.0/8 192.0.2.1");
	assert_int_equal(0, cidr_address_parse(&ip, "192.0.2.1"));
	assert_true(snapshot_access_list_has(s, "AL2", &ip));
	assert_false(snapshot_access_list_has(s, "AL1", &ip));
	assert_null(snapshot_carrier_nth(s, 0));
	snapshot_free(s);
}

static int put_carrier(struct snapshot *s, const char *sid,
                       const char *priority)
{
	return PUT_RECORD(s, FAMILY_CARRIER, "sid", sid, "priority", priority,
	                  "sources", "198.51.100.0/24");
}

static void a_record_takes_the_place_of_the_one_before(void **state)
{
	static const struct record none = {.n = 0};
	struct snapshot *s;

	(void)state;
	assert_int_equal(0, snapshot_alloc(&s));
	for (int i = 0; i < 2; i++) {
		assert_int_equal(0, put_carrier(s, "BY1", "1"));
		assert_int_equal(0, put_carrier(s, "BY2", "2"));
		assert_int_equal(0, put_carrier(s, "BY3", "3"));
	}
	assert_int_equal(0, put_carrier(s, "BY1", "9"));
	assert_string_equal("BY2", snapshot_carrier_nth(s, 0)->sid);
	assert_string_equal("BY1", snapshot_carrier_nth(s, 2)->sid);
	assert_null(snapshot_carrier_nth(s, 3));
	assert_int_equal(0, snapshot_put(s, FAMILY_CARRIER, "BY3", &none));
	assert_string_equal("BY1", snapshot_carrier_nth(s, 1)->sid);
	assert_null(snapshot_carrier_nth(s, 2));
	assert_int_equal(0, snapshot_put(s, FAMILY_CARRIER, "BY9", &none));
	/* a wrong one takes the place, too: then there is none */
	assert_int_equal(EINVAL, PUT_RECORD(s, FAMILY_CARRIER, "sid", "BY1",
	                                    "targets", "[{}]"));
	assert_null(snapshot_carrier_nth(s, 1));
	assert_false(snapshot_free_some(s, 0));
	assert_true(snapshot_free_some(s, 1));
}

static void put_application(struct snapshot *s, const char *url)
{
	ADD_RECORD(s, FAMILY_APPLICATION, "sid", "AP1", "account_sid", "AC1",
	           "voice_url", url);
}

static void a_number_follows_its_application(void **state)
{
	static const struct record none = {.n = 0};
	struct snapshot *s;

	(void)state;
	assert_int_equal(0, snapshot_alloc(&s));
	put_application(s, "http://one");
	ADD_RECORD(s, FAMILY_NUMBER, "phone_number", "+15550100", "account_sid",
	           "AC1", "voice_url", "http://own", "voice_application_sid",
	           "AP1");
	assert_string_equal("http://one",
	                    snapshot_number(s, "+15550100")->voice.url);
	put_application(s, "http://two");
	assert_string_equal("http://two",
	                    snapshot_number(s, "+15550100")->voice.url);
	assert_int_equal(0, snapshot_put(s, FAMILY_APPLICATION, "AP1", &none));
	assert_string_equal("http://own",
	                    snapshot_number(s, "+15550100")->voice.url);
	snapshot_free(s);
}

TEST_MAIN(cmocka_unit_test(ranges_contain_what_their_bits_say),
          cmocka_unit_test(a_record_takes_the_place_of_the_one_before),
          cmocka_unit_test(a_number_follows_its_application),
          cmocka_unit_test(ranges_that_make_no_sense_are_refused),
          cmocka_unit_test(lists_of_ranges_have_spaces_and_commas),
          cmocka_unit_test(instants_come_back_as_they_were_written),
          cmocka_unit_test(dates_are_rfc_2822),
          cmocka_unit_test(a_command_says_the_length_of_each_argument),
          cmocka_unit_test(alerts_after_which_a_call_goes_on_are_warnings),
          cmocka_unit_test(a_domain_is_found_by_name_and_by_sid),
          cmocka_unit_test(a_carrier_has_its_sources_and_its_targets),
          cmocka_unit_test(carriers_stand_by_priority_and_are_known_by_source),
          cmocka_unit_test(a_wrong_record_is_left_out_and_the_others_stand))
