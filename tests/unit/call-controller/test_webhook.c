/*
 * test_webhook.c - what applications are asked and told
 */
#include "unit/test.h"

#include "script.h"

#define DOC(body) "doc <Response>" body "</Response>"

struct expected {
	const char *name;
	const char *value; /* NULL = the parameter is not there */
};

static void check(const struct script *s, const struct expected *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *value = script_param(s, rows[i].name);

		if (rows[i].value)
			assert_string_equal(rows[i].value,
			                    value ? value : rows[i].name);
		else
			assert_null(value);
	}
}

#define CHECK(s, ...)                                                          \
	do {                                                                   \
		const struct expected rows_[] = {__VA_ARGS__};                 \
                                                                               \
		check((s), rows_, N_OF(rows_));                                \
	} while (0)

static void play(struct script *s, const char *const *events)
{
	for (; *events; events++)
		(void)script_step(s, *events);
}

#define PLAY(s, ...) play((s), (const char *const[]){__VA_ARGS__, NULL})

static void a_call_from_a_phone_has_sip_parameters(void **state)
{
	static const struct pair headers[] = {
		{"X-Color", "red"},
		{"User-to-User", "00;encoding=hex"},
		{"x-color", "blue"},
	};
	struct call_start start = script_phone;
	struct script s;

	(void)state;
	start.headers = headers;
	start.n_headers = 3;
	script_open(&s, &start);
	PLAY(&s, "start");
	CHECK(&s, {"CallSid", "CA00000000000000000000000000000001"},
	      {"AccountSid", "AC00000000000000000000000000000001"},
	      {"From", "sip:+15550000001@example.test"},
	      {"To", "sip:+15559999999@example.test"},
	      {"Caller", "sip:+15550000001@example.test"},
	      {"Called", "sip:+15559999999@example.test"},
	      {"CallStatus", "ringing"}, {"ApiVersion", "2010-04-01"},
	      {"Direction", "inbound"}, {"SipDomain", "example.test"},
	      {"SipDomainSid", "SD00000000000000000000000000000001"},
	      {"SipCallId", "callid@phone"}, {"SipSourceIp", "192.0.2.1"},
	      {"SipUsername", "+15550000001"},
	      {"SipHeader_X-Color", "red, blue"},
	      {"SipHeader_User-to-User", "00;encoding=hex"},
	      {"SipHeader_x-color", NULL}, {"ErrorCode", NULL});
	script_close(&s);
}

static void a_call_from_a_carrier_has_none(void **state)
{
	struct script s;

	(void)state;
	script_open(&s, &script_carrier);
	PLAY(&s, "start");
	CHECK(&s, {"From", "+15550000001"}, {"To", "+15559999999"},
	      {"SipDomain", NULL}, {"SipCallId", NULL}, {"SipSourceIp", NULL});
	script_close(&s);
}

static void the_fallback_hears_what_failed(void **state)
{
	struct call_start start = script_phone;
	struct script s;

	(void)state;
	start.fallback_url = "http://app.test/fallback";
	start.fallback_method = "GET";
	script_open(&s, &start);
	PLAY(&s, "start");
	assert_string_equal("alert11205 GET:/fallback",
	                    script_step(&s, "fail 11205"));
	CHECK(&s, {"ErrorCode", "11205"}, {"ErrorUrl", "http://app.test/voice"},
	      {"CallStatus", "ringing"});
	/* and when that fails too, the apology */
	assert_string_equal("alert12100 apology=15 media(A{say(sorry)})",
	                    script_step(&s, "doc <broken"));
	script_close(&s);
}

static void the_fallback_serves_later_documents_too(void **state)
{
	struct call_start start = script_phone;
	struct script s;

	(void)state;
	start.fallback_url = "http://app.test/fallback";
	script_open(&s, &start);
	PLAY(&s, "start", DOC("<Redirect>/second</Redirect>"), "fail 11200");
	CHECK(&s, {"ErrorUrl", "http://app.test/second"});
	script_close(&s);
}

static void an_action_hears_how_the_dial_ended(void **state)
{
	struct script s;

	(void)state;
	script_open(&s, &script_phone);
	PLAY(&s, "start",
	     DOC("<Dial action='/a'><Sip>kate@example.test</Sip></Dial>"),
	     "resolve B fork 1", "ready", "1 ack", "2 200 PCMU", "wait 61400",
	     "2 bye");
	CHECK(&s, {"DialCallStatus", "completed"}, {"DialBridged", "true"},
	      {"DialCallSid", s.sids[1]}, {"DialCallDuration", "61"},
	      {"DialSipResponseCode", "200"}, {"CallStatus", "in-progress"},
	      {"CallSid", "CA00000000000000000000000000000001"});
	assert_int_equal(32, strlen(script_param(&s, "DialSipCallId")));
	script_close(&s);
}

static void an_unanswered_child_has_its_call_id_too(void **state)
{
	struct script s;

	(void)state;
	script_open(&s, &script_phone);
	PLAY(&s, "start",
	     DOC("<Dial action='/a' answerOnBridge='true'>"
	         "<Sip>kate@example.test</Sip></Dial>"),
	     "resolve B fork 1", "ready", "2 180", "timer verb");
	CHECK(&s, {"DialCallStatus", "no-answer"});
	assert_int_equal(32, strlen(script_param(&s, "DialSipCallId")));
	script_close(&s);
}

static void a_diverted_call_says_by_whom(void **state)
{
	struct call_start start = script_carrier;
	struct script s;

	(void)state;
	start.forwarded_from = "+15551230000";
	script_open(&s, &start);
	PLAY(&s, "start");
	CHECK(&s, {"ForwardedFrom", "+15551230000"});
	PLAY(&s, "restored");
	CHECK(&s, {"ForwardedFrom", "+15551230000"});
	script_close(&s);
}

static void an_action_of_a_number_has_no_sip_parameters(void **state)
{
	struct script s;

	(void)state;
	script_open(&s, &script_phone);
	PLAY(&s, "start",
	     DOC("<Dial action='/a' answerOnBridge='true'>"
	         "+14155550100</Dial>"),
	     "resolve B failover 1 owned", "ready", "2 486");
	CHECK(&s, {"DialCallStatus", "busy"}, {"DialBridged", "false"},
	      {"DialCallDuration", "0"}, {"DialSipCallId", NULL},
	      {"DialSipResponseCode", NULL}, {"CallStatus", "ringing"});
	script_close(&s);
}

static void a_child_that_was_never_made_has_no_sid(void **state)
{
	struct script s;

	(void)state;
	script_open(&s, &script_phone);
	PLAY(&s, "start", DOC("<Dial action='/a'>12</Dial>"));
	CHECK(&s, {"DialCallStatus", "failed"}, {"DialCallSid", NULL});
	script_close(&s);
}

static void the_status_callback_comes_once_at_the_end(void **state)
{
	struct script s;

	(void)state;
	script_open(&s, &script_phone);
	PLAY(&s, "start", DOC("<Dial><Sip>kate@example.test</Sip></Dial>"),
	     "resolve B fork 1", "ready", "1 ack", "2 200 PCMU", "wait 61400",
	     "2 bye");
	CHECK(&s, {"CallStatus", "completed"}, {"CallDuration", "61"},
	      {"Duration", "2"}, {"SipResponseCode", "200"},
	      {"SequenceNumber", "0"},
	      {"CallbackSource", "call-progress-events"},
	      {"Timestamp", "Sun, 09 Sep 2001 01:47:41 +0000"});
	script_close(&s);
}

static void a_noun_hears_its_own_call(void **state)
{
	struct script s;

	(void)state;
	script_open(&s, &script_phone);
	PLAY(&s, "start",
	     DOC("<Dial callerId='+15557777777'><Number statusCallback='cb' "
	         "statusCallbackEvent='answered completed'>+14155550100"
	         "</Number></Dial>"),
	     "resolve B failover 1 owned", "ready", "1 ack", "2 180");
	assert_null(script_param(&s, "CallStatus"));
	PLAY(&s, "2 200 PCMU");
	CHECK(&s, {"CallStatus", "in-progress"}, {"CallSid", s.sids[1]},
	      {"ParentCallSid", "CA00000000000000000000000000000001"},
	      {"From", "+15557777777"}, {"To", "+14155550100"},
	      {"Direction", "outbound-dial"}, {"SequenceNumber", "0"},
	      {"CallDuration", NULL}, {"SipDomain", NULL});
	assert_string_equal("http://app.test/cb",
	                    script_command(&s, CMD_NOTIFY)->fetch.url);
	script_close(&s);
}

static void a_noun_hears_where_its_call_was_recorded(void **state)
{
	struct script s;

	(void)state;
	script_open(&s, &script_phone);
	PLAY(&s, "start",
	     DOC("<Dial record='true'><Sip "
	         "statusCallback='cb'>kate@example.test"
	         "</Sip></Dial><Pause/>"),
	     "resolve B fork 1", "ready", "1 ack", "2 200 PCMU", "2 bye");
	CHECK(&s, {"CallStatus", "completed"}, {"CallSid", s.sids[1]},
	      {"RecordingSid", s.recording});
	assert_non_null(strstr(script_param(&s, "RecordingUrl"), s.recording));
	script_close(&s);
}

static void only_the_first_request_of_a_call_says_so(void **state)
{
	struct script s;

	(void)state;
	script_open(&s, &script_phone);
	(void)script_step(&s, "start");
	assert_true(script_command(&s, CMD_FETCH)->fetch.first);
	(void)script_step(&s, DOC("<Redirect>/next</Redirect>"));
	assert_false(script_command(&s, CMD_FETCH)->fetch.first);
	script_close(&s);
}

/* The idempotency key of what is asked or told after these events */
static void key_of(const char *const *events, enum command_type type,
                   char out[128])
{
	struct script s;

	script_open(&s, &script_phone);
	play(&s, events);
	(void)snprintf(out, 128, "%s", script_command(&s, type)->fetch.key);
	script_close(&s);
}

#define KEY(out, type, ...)                                                    \
	key_of((const char *const[]){"start", __VA_ARGS__, NULL}, type, out)

/* The number of the key is the same in each group. */
static void who_adopts_a_call_takes_nothing_for_what_it_is_not(void **state)
{
	static const char dial[] =
		DOC("<Dial><Sip statusCallback='cb' statusCallbackEvent="
	            "'ringing completed'>kate@example.test</Sip></Dial>");
	static const char gather[] =
		DOC("<Gather action='/keys'/><Redirect>/next</Redirect>");
	char one[128], later[128], other[128];

	(void)state;
	KEY(one, CMD_NOTIFY, dial, "resolve B fork 1", "ready", "2 180");
	KEY(later, CMD_NOTIFY, dial, "resolve B fork 1", "ready", "wait 3000",
	    "2 180");
	KEY(other, CMD_NOTIFY, dial, "resolve B fork 1", "ready", "2 486");
	assert_string_equal(one, later);
	assert_string_not_equal(one, other);

	KEY(one, CMD_FETCH, gather, "ready", "1 ack", "digit A 1", "digit A #");
	KEY(later, CMD_FETCH, gather, "ready", "1 ack", "digit A 1",
	    "wait 2000", "digit A #");
	KEY(other, CMD_FETCH, gather, "ready", "1 ack", "timer verb");
	assert_string_equal(one, later);
	assert_string_not_equal(one, other);
	KEY(other, CMD_FETCH, gather, "ready", "1 ack", "digit A 2",
	    "digit A #");
	assert_string_not_equal(one, other);
}

static void fifty_documents_in_a_row_are_enough(void **state)
{
	struct script s;

	(void)state;
	script_open(&s, &script_phone);
	PLAY(&s, "start");
	for (int i = 0; i < 50; i++)
		assert_string_equal(
			"POST:/voice",
			script_step(&s, DOC("<Redirect></Redirect>")));
	assert_string_equal("alert14106 apology=15 media(A{say(sorry)})",
	                    script_step(&s, DOC("<Redirect></Redirect>")));
	script_close(&s);
}

static void waiting_starts_the_count_again(void **state)
{
	struct script s;

	(void)state;
	script_open(&s, &script_phone);
	PLAY(&s, "start");
	for (int i = 0; i < 120; i++) {
		PLAY(&s, DOC("<Pause/><Redirect/>"), "timer verb");
		assert_null(script_command(&s, CMD_ALERT));
	}
	script_close(&s);
}

static void content_types_other_than_documents_are_refused(void **state)
{
	static const struct {
		const char *type;
		bool accepted;
	} rows[] = {{"text/xml", true},
	            {"application/xml", true},
	            {"text/html", true},
	            {"text/plain", true},
	            {"application/json", false},
	            {"audio/wav", true},
	            {"", false}};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct event ev = {.type = EV_DOCUMENT,
		                   .now_ms = 1,
		                   .content_type = rows[i].type,
		                   .body = "<Response><Pause/></Response>",
		                   .body_len = 29};
		const struct command *alert;
		struct script s;

		script_open(&s, &script_phone);
		PLAY(&s, "start");
		ev.fetch_id = s.fetch_id;
		call_step(s.call, &ev, s.out);
		alert = script_command(&s, CMD_ALERT);
		assert_int_equal(rows[i].accepted, alert == NULL);
		if (alert)
			assert_int_equal(12300, alert->alert.code);
		script_close(&s);
	}
}

TEST_MAIN(cmocka_unit_test(a_call_from_a_phone_has_sip_parameters),
          cmocka_unit_test(only_the_first_request_of_a_call_says_so),
          cmocka_unit_test(a_call_from_a_carrier_has_none),
          cmocka_unit_test(the_fallback_hears_what_failed),
          cmocka_unit_test(the_fallback_serves_later_documents_too),
          cmocka_unit_test(an_action_hears_how_the_dial_ended),
          cmocka_unit_test(an_unanswered_child_has_its_call_id_too),
          cmocka_unit_test(a_diverted_call_says_by_whom),
          cmocka_unit_test(an_action_of_a_number_has_no_sip_parameters),
          cmocka_unit_test(a_child_that_was_never_made_has_no_sid),
          cmocka_unit_test(the_status_callback_comes_once_at_the_end),
          cmocka_unit_test(a_noun_hears_its_own_call),
          cmocka_unit_test(a_noun_hears_where_its_call_was_recorded),
          cmocka_unit_test(who_adopts_a_call_takes_nothing_for_what_it_is_not),
          cmocka_unit_test(fifty_documents_in_a_row_are_enough),
          cmocka_unit_test(waiting_starts_the_count_again),
          cmocka_unit_test(content_types_other_than_documents_are_refused))
