/*
 * test_outgoing.c - calls that the API places, told as tables
 */
#include "unit/test.h"

#include <errno.h>

#include "script.h"

/* script_api with one thing changed */
static void run_with(const struct outgoing_spec *spec,
                     const struct script_row *rows, size_t n)
{
	struct call_start start = script_api;
	struct script s;

	start.outgoing = spec;
	script_open(&s, &start);
	script_run(&s, rows, n);
	script_close(&s);
}

#define RUN(spec, ...)                                                         \
	do {                                                                   \
		static const struct script_row rows_[] = {__VA_ARGS__};        \
                                                                               \
		run_with((spec), rows_, N_OF(rows_));                          \
	} while (0)

// clang-format off
static void a_document_is_asked_for_when_it_is_answered(void **state)
{
	(void)state;
	SCRIPT(&script_api,
	{"start",
	 "verb=60 A=queued tell:/status?initiated resolve(A,sip:kate@example.test)"},
	{"resolve A fork 1",
	 "media(A)"},
	{"ready",
	 "1:INVITE+PCMU,PCMA,G722,opus"},
	{"1 180",
	 "A=ringing tell:/status?ringing"},
	{"1 200 PCMA",
	 "1:ACK A=in-progress tell:/status?in-progress -verb call=14400 POST:/voice media(A)"},
	{"doc <Response><Say>Hi</Say></Response>",
	 "media(A~say(Hi))"},
	{"played",
	 "1:BYE -call A=completed tell:/status?completed"},
	{"1 ended",
	 "release end"});
}

static void an_inline_document_needs_whole_actions(void **state)
{
	struct outgoing_spec spec = script_outgoing;

	(void)state;
	spec.twiml = "<Response><Gather action='keys' timeout='1' actionOnEmptyResult='true'/></Response>";
	RUN(&spec,
	{"start",
	 "verb=60 A=queued tell:/status?initiated resolve(A,sip:kate@example.test)"},
	{"resolve A fork 1",
	 "media(A)"},
	{"ready",
	 "1:INVITE+PCMU,PCMA,G722,opus"},
	{"1 200 PCMA",
	 "1:ACK A=in-progress tell:/status?in-progress -verb call=14400 verb=1 media(A#)"},
	{"timer verb",
	 "alert15004 apology=15 media(A~say(sorry))"});
	spec.twiml = "<Response><Redirect>next</Redirect></Response>";
	RUN(&spec,
	{"start",
	 "verb=60 A=queued tell:/status?initiated resolve(A,sip:kate@example.test)"},
	{"resolve A fork 1",
	 "media(A)"},
	{"ready",
	 "1:INVITE+PCMU,PCMA,G722,opus"},
	{"1 200 PCMA",
	 "1:ACK A=in-progress tell:/status?in-progress -verb call=14400 alert11100 apology=15 media(A~say(sorry))"});
}

static void a_carrier_without_targets_is_told_of(void **state)
{
	struct outgoing_spec spec = script_outgoing;

	(void)state;
	spec.to = "+14155550100";
	spec.carrier = "BY0123456789abcdef0123456789abcdef";
	RUN(&spec,
	{"start",
	 "verb=60 A=queued tell:/status?initiated resolve(A,+14155550100)"},
	{"resolve A no-target",
	 "alert32010 -verb A=failed tell:/status?failed end"});
}

static void a_header_that_may_not_be_sent_is_told_of(void **state)
{
	struct outgoing_spec spec = script_outgoing;

	(void)state;
	spec.to = "sip:kate@example.test?Via=1";
	RUN(&spec,
	{"start",
	 "verb=60 alert13252 A=queued tell:/status?initiated resolve(A,sip:kate@example.test)"});
}

/* Play rows one after the other and hold against what the last one does. */
static void limited(const struct call_start *from, const char *const *steps,
                    const char *const *commands)
{
	struct call_start start = *from;
	struct script s;

	start.limit_s = 600;
	script_open(&s, &start);
	for (size_t i = 0; steps[i]; i++) {
		const char *did = script_step(&s, steps[i]);

		if (commands[i])
			assert_string_equal(commands[i], did);
		if (strcmp(steps[i], "timer call") != 0 && steps[i + 1] &&
		    strcmp(steps[i + 1], "timer call") == 0)
			s.now += 600000;
	}
	script_close(&s);
}

static void a_call_of_a_trial_ends_after_ten_minutes(void **state)
{
	static const char *const api[] = {"start", "resolve A fork 1", "ready",
	                                  "1 200 PCMA", "timer call", NULL};
	static const char *const api_does[] = {
		NULL, NULL, NULL,
		"1:ACK A=in-progress tell:/status?in-progress -verb call=600 "
		"POST:/voice media(A)",
		"alert13805 1:BYE A=completed tell:/status?completed"};
	static const char *const phone[] = {
		"start", "doc <Response><Say>Hi</Say></Response>", "ready",
		"1 ack", "timer call", NULL};
	static const char *const phone_does[] = {
		NULL, NULL, "1:200+PCMU call=600 A=in-progress media(A~say(Hi))",
		NULL,
		"alert13805 1:BYE A=completed tell:/status?completed"};

	(void)state;
	limited(&script_api, api, api_does);
	limited(&script_phone, phone, phone_does);
}

static void an_emergency_number_is_called_for_the_api(void **state)
{
	struct outgoing_spec spec = script_outgoing;

	(void)state;
	spec.to = "911";
	RUN(&spec,
	{"start",
	 "verb=60 A=queued tell:/status?initiated resolve(A,911)"},
	{"resolve A failover 1",
	 "media(A)"},
	{"ready",
	 "1:INVITE+PCMU,PCMA,G722,opus"});
}

static void the_first_device_that_answers_has_the_call(void **state)
{
	(void)state;
	SCRIPT(&script_api,
	{"start",
	 "verb=60 A=queued tell:/status?initiated resolve(A,sip:kate@example.test)"},
	{"resolve A fork 2",
	 "media(A)"},
	{"ready",
	 "1:INVITE+PCMU,PCMA,G722,opus 2:INVITE+PCMU,PCMA,G722,opus"},
	{"1 180",
	 "A=ringing tell:/status?ringing"},
	{"2 180",
	 ""},
	{"2 200 PCMU",
	 "2:ACK 1:CANCEL A=in-progress tell:/status?in-progress -verb call=14400 POST:/voice media(A)"},
	{"1 487",
	 ""},
	{"2 bye",
	 "-call A=completed tell:/status?completed release end"});
}

static void when_one_carrier_fails_the_next_is_tried(void **state)
{
	static struct outgoing_spec spec;

	(void)state;
	spec = script_outgoing;
	spec.to = "+14155550100";
	spec.events = NOTIFY_COMPLETED;
	RUN(&spec,
	{"start",
	 "verb=60 A=queued resolve(A,+14155550100)"},
	{"resolve A failover 2",
	 "media(A)"},
	{"ready",
	 "1:INVITE+PCMU,PCMA,G722,opus"},
	{"1 503",
	 "alert32011 2:INVITE+PCMU,PCMA,G722,opus"},
	{"2 486",
	 "-verb A=busy tell:/status?busy release end"});
}

static void nobody_answers(void **state)
{
	(void)state;
	SCRIPT(&script_api,
	{"start",
	 "verb=60 A=queued tell:/status?initiated resolve(A,sip:kate@example.test)"},
	{"resolve A fork 1",
	 "media(A)"},
	{"ready",
	 "1:INVITE+PCMU,PCMA,G722,opus"},
	{"1 180",
	 "A=ringing tell:/status?ringing"},
	{"timer verb",
	 "1:CANCEL A=no-answer tell:/status?no-answer"},
	{"1 487",
	 "release end"});
}

static void who_is_not_registered_can_not_be_called(void **state)
{
	(void)state;
	SCRIPT(&script_api,
	{"start",
	 "verb=60 A=queued tell:/status?initiated resolve(A,sip:kate@example.test)"},
	{"resolve A not-registered",
	 "alert32009 -verb A=failed tell:/status?failed end"});
}

static void keys_go_before_the_document(void **state)
{
	static struct outgoing_spec spec;

	(void)state;
	spec = script_outgoing;
	spec.send_digits = "w12";
	spec.detect.wanted = true;
	spec.twiml = "<Response><Pause length='3'/></Response>";
	spec.events = NOTIFY_COMPLETED;
	RUN(&spec,
	{"start",
	 "verb=60 A=queued resolve(A,sip:kate@example.test)"},
	{"resolve A fork 1",
	 "media(A)"},
	{"ready",
	 "1:INVITE+PCMU,PCMA,G722,opus"},
	{"1 200 PCMU",
	 "1:ACK A=in-progress -verb call=14400 media(A~keys(w12))"},
	{"restored",
	 "call=14400 media(A~keys(w12))"},
	{"ready",
	 ""},
	{"played",
	 "verb=3 media(A)"},
	{"timer verb",
	 "1:BYE -call A=completed tell:/status?completed"});
}

static void the_document_waits_for_who_answered(void **state)
{
	static struct outgoing_spec spec;

	(void)state;
	spec = script_outgoing;
	spec.detect = (struct detect){.wanted = true, .timeout_ms = 30000};
	spec.events = NOTIFY_COMPLETED;
	RUN(&spec,
	{"start",
	 "verb=60 A=queued resolve(A,sip:kate@example.test)"},
	{"resolve A fork 1",
	 "media(A)"},
	{"ready",
	 "1:INVITE+PCMU,PCMA,G722,opus"},
	{"1 200 PCMU",
	 "1:ACK A=in-progress -verb call=14400 verb=40 media(A?)"},
	{"restored",
	 "verb=40 call=14400 media(A?)"},
	{"machine A machine_start",
	 "A=in-progress -verb POST:/voice media(A)"},
	{"1 bye",
	 "-call A=completed tell:/status?machine_start release end"});
}

static void or_it_does_not_and_who_answered_is_told(void **state)
{
	static struct outgoing_spec spec;

	(void)state;
	spec = script_outgoing;
	spec.detect = (struct detect){.wanted = true, .timeout_ms = 30000};
	spec.detect_async = true;
	spec.amd_url = "http://app.test/amd";
	spec.events = NOTIFY_COMPLETED;
	RUN(&spec,
	{"start",
	 "verb=60 A=queued resolve(A,sip:kate@example.test)"},
	{"resolve A fork 1",
	 "media(A)"},
	{"ready",
	 "1:INVITE+PCMU,PCMA,G722,opus"},
	{"1 200 PCMU",
	 "1:ACK A=in-progress -verb call=14400 POST:/voice media(A?)"},
	{"machine A human",
	 "tell:/amd?human A=in-progress media(A)"},
	{"doc <Response/>",
	 "1:BYE -call A=completed tell:/status?human"});
}

static void the_whole_call_is_recorded(void **state)
{
	static struct outgoing_spec spec;

	(void)state;
	spec = script_outgoing;
	spec.record = true;
	spec.recording = (struct recording_spec){
		.source = "OutboundAPI", .dual = true, .trim = true,
		.status_url = "http://app.test/recorded", .events = RECORDED_COMPLETED};
	spec.events = NOTIFY_COMPLETED;
	RUN(&spec,
	{"start",
	 "verb=60 A=queued resolve(A,sip:kate@example.test)"},
	{"resolve A fork 1",
	 "media(A)"},
	{"ready",
	 "1:INVITE+PCMU,PCMA,G722,opus"},
	{"1 200 PCMU",
	 "1:ACK A=in-progress -verb call=14400 POST:/voice media(A;OutboundAPI/both/dual/trim)"},
	{"recording",
	 ""},
	{"1 bye",
	 "recording=10 media(A) -call A=completed"},
	{"recorded 5000",
	 "tell:/recorded?completed -recording tell:/status?completed release end"});
}

static void the_time_limit_ends_it(void **state)
{
	static struct outgoing_spec spec;

	(void)state;
	spec = script_outgoing;
	spec.time_limit_s = 90;
	spec.events = NOTIFY_COMPLETED;
	RUN(&spec,
	{"start",
	 "verb=60 A=queued resolve(A,sip:kate@example.test)"},
	{"resolve A fork 1",
	 "media(A)"},
	{"ready",
	 "1:INVITE+PCMU,PCMA,G722,opus"},
	{"1 200 PCMU",
	 "1:ACK A=in-progress -verb call=90 POST:/voice media(A)"},
	{"wait 30000",
	 ""},
	{"restored",
	 "call=60 POST:/voice media(A)"},
	{"timer call",
	 "alert32015 1:BYE A=completed tell:/status?completed"});
}

static void what_rang_when_its_controller_died_has_failed(void **state)
{
	(void)state;
	SCRIPT(&script_api,
	{"start",
	 "verb=60 A=queued tell:/status?initiated resolve(A,sip:kate@example.test)"},
	{"resolve A fork 1",
	 "media(A)"},
	{"ready",
	 "1:INVITE+PCMU,PCMA,G722,opus"},
	{"1 180",
	 "A=ringing tell:/status?ringing"},
	{"restored",
	 "-verb 1:CANCEL A=failed tell:/status?failed"},
	{"1 487",
	 "release end"});
}

static void it_dials_on_as_any_call_does(void **state)
{
	(void)state;
	SCRIPT(&script_api,
	{"start",
	 "verb=60 A=queued tell:/status?initiated resolve(A,sip:kate@example.test)"},
	{"resolve A fork 1",
	 "media(A)"},
	{"ready",
	 "1:INVITE+PCMU,PCMA,G722,opus"},
	{"1 200 PCMU",
	 "1:ACK A=in-progress tell:/status?in-progress -verb call=14400 POST:/voice media(A)"},
	{"doc <Response><Dial><Sip>joe@example.test</Sip></Dial></Response>",
	 "B=queued resolve(B,sip:joe@example.test) verb=30 media(A~ringback-us)"},
	{"resolve B fork 1",
	 "media(A~ringback-us,B)"},
	{"ready",
	 "2:INVITE+PCMU,PCMA,G722,opus"},
	{"2 200 PCMU",
	 "2:ACK B=in-progress -verb limit=14400 media(A<B,B<A)"},
	{"restored",
	 "limit=14400 call=14400 media(A<B,B<A)"},
	{"1 bye",
	 "2:BYE B=completed -limit -call A=completed tell:/status?completed"},
	{"2 ended",
	 "release end"});
}
// clang-format on

static void is_told(const struct script *s, const char *name, const char *value)
{
	const char *got = script_param(s, name);

	if (!got || strcmp(got, value) != 0)
		fail_msg("%s is \"%s\", not \"%s\"", name, got ? got : "(none)",
		         value);
}

static void the_application_is_told_what_call_it_is(void **state)
{
	struct script s;

	(void)state;
	script_open(&s, &script_api);
	(void)script_step(&s, "start");
	is_told(&s, "Direction", "outbound-api");
	is_told(&s, "CallStatus", "initiated");
	is_told(&s, "SequenceNumber", "0");
	is_told(&s, "CallbackSource", "call-progress-events");
	is_told(&s, "Timestamp", "Sun, 09 Sep 2001 01:46:40 +0000");
	is_told(&s, "To", "sip:kate@example.test");
	is_told(&s, "From", "desk");
	assert_null(script_param(&s, "CallDuration"));
	assert_null(script_param(&s, "SipDomain"));
	(void)script_step(&s, "resolve A fork 1");
	(void)script_step(&s, "ready");
	assert_string_equal("sip:desk@example.test",
	                    script_command(&s, CMD_INVITE)->invite.from);
	assert_int_equal(4, script_command(&s, CMD_INVITE)->invite.n_headers);
	(void)script_step(&s, "1 200 PCMU");
	is_told(&s, "CallStatus", "in-progress");
	(void)script_step(&s, "wait 61000");
	(void)script_step(&s, "1 bye");
	is_told(&s, "CallStatus", "completed");
	is_told(&s, "SequenceNumber", "2");
	is_told(&s, "CallDuration", "61");
	is_told(&s, "Duration", "2");
	is_told(&s, "SipResponseCode", "200");
	script_close(&s);
}

static void what_can_not_be_called_makes_no_call(void **state)
{
	struct outgoing_spec spec = script_outgoing;
	struct call_start start = script_api;
	struct call *call = NULL;

	(void)state;
	start.outgoing = &spec;
	spec.to = "client:kate";
	assert_int_equal(EINVAL, call_alloc(&call, &start));
	spec.to = "+1";
	assert_int_equal(EINVAL, call_alloc(&call, &start));
	assert_null(call);
}

TEST_MAIN(cmocka_unit_test(a_document_is_asked_for_when_it_is_answered),
          cmocka_unit_test(an_inline_document_needs_whole_actions),
          cmocka_unit_test(a_carrier_without_targets_is_told_of),
          cmocka_unit_test(a_header_that_may_not_be_sent_is_told_of),
          cmocka_unit_test(a_call_of_a_trial_ends_after_ten_minutes),
          cmocka_unit_test(an_emergency_number_is_called_for_the_api),
          cmocka_unit_test(the_first_device_that_answers_has_the_call),
          cmocka_unit_test(when_one_carrier_fails_the_next_is_tried),
          cmocka_unit_test(nobody_answers),
          cmocka_unit_test(who_is_not_registered_can_not_be_called),
          cmocka_unit_test(keys_go_before_the_document),
          cmocka_unit_test(the_document_waits_for_who_answered),
          cmocka_unit_test(or_it_does_not_and_who_answered_is_told),
          cmocka_unit_test(the_whole_call_is_recorded),
          cmocka_unit_test(the_time_limit_ends_it),
          cmocka_unit_test(what_rang_when_its_controller_died_has_failed),
          cmocka_unit_test(it_dials_on_as_any_call_does),
          cmocka_unit_test(the_application_is_told_what_call_it_is),
          cmocka_unit_test(what_can_not_be_called_makes_no_call))
