/*
 * test_simulation.c - what would happen to a call, as JSON
 */
#include "unit/test.h"

#include "core/simulation.h"
#include "store/tenants.h"

static const char *text(const json_t *o, const char *name)
{
	const json_t *v = json_object_get(o, name);

	assert_non_null(v);
	return json_is_null(v) ? NULL : json_string_value(v);
}

static void a_refusal_says_code_rule_and_remedy(void **state)
{
	struct simulation s = {
		.account_sid = "AC1",
		.origin = "dial",
		.from = "",
		.to = "+442071838750",
		.outcome = "refused",
		.code = 13227,
		.sip_status = 503,
		.text = "see the dialing permissions",
	};
	json_t *o = simulation_json(&s);

	(void)state;
	assert_string_equal("country", text(o, "rule"));
	assert_string_equal("see the dialing permissions", text(o, "reason"));
	assert_int_equal(13227, json_integer_value(json_object_get(o, "code")));
	assert_int_equal(503,
	                 json_integer_value(json_object_get(o, "sip_status")));
	assert_null(text(o, "from"));
	assert_null(text(o, "voice_url"));
	assert_int_equal(0, json_array_size(json_object_get(o, "targets")));
	json_decref(o);
}

static void targets_are_numbered_in_their_order(void **state)
{
	static const struct voice voice = {.url = "https://app.example/v",
	                                   .method = "POST",
	                                   .fallback_url = "",
	                                   .status_callback_url = ""};
	struct simulation s = {
		.account_sid = "AC1",
		.origin = "dial",
		.from = "+14155550100",
		.to = "+14155550101",
		.outcome = "rings",
		.code = 0,
		.sip_status = 200,
		.text = "never said",
		.voice = &voice,
		.targets = {{"sip:a", "BY1", "first", ""},
	                    {"sip:b", "", "", "192.0.2.1"}},
		.n_targets = 2,
	};
	json_t *o = simulation_json(&s);
	const json_t *all = json_object_get(o, "targets");
	const json_t *second = json_array_get(all, 1);

	(void)state;
	assert_null(text(o, "rule"));
	assert_null(text(o, "reason"));
	assert_true(json_is_null(json_object_get(o, "sip_status")));
	assert_string_equal("https://app.example/v", text(o, "voice_url"));
	assert_string_equal("first", text(json_array_get(all, 0), "carrier"));
	assert_int_equal(2,
	                 json_integer_value(json_object_get(second, "order")));
	assert_string_equal("192.0.2.1", text(second, "source_ip"));
	assert_null(text(second, "carrier_sid"));
	json_decref(o);
}

TEST_MAIN(cmocka_unit_test(a_refusal_says_code_rule_and_remedy),
          cmocka_unit_test(targets_are_numbered_in_their_order))
