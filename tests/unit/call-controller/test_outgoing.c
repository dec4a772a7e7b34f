/*
 * test_outgoing.c - calls that the API places, told as tables
 */
#include "unit/test.h"

#include <errno.h>

#include "script.h"

// clang-format off
static void a_carrier_without_targets_is_told_of(void **state)
{
	struct outgoing_spec spec = script_outgoing;

	(void)state;
	spec.to = "+14155550100";
	spec.carrier = "BY0123456789abcdef0123456789abcdef";
	SCRIPT_API(&spec,
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
	SCRIPT_API(&spec,
	{"start",
	 "verb=60 alert13252 A=queued tell:/status?initiated resolve(A,sip:kate@example.test)"});
}

static void an_emergency_number_is_called_for_the_api(void **state)
{
	struct outgoing_spec spec = script_outgoing;

	(void)state;
	spec.to = "911";
	SCRIPT_API(&spec,
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
	SCRIPT_API(&spec,
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

static void the_time_limit_ends_it(void **state)
{
	static struct outgoing_spec spec;

	(void)state;
	spec = script_outgoing;
	spec.time_limit_s = 90;
	spec.events = NOTIFY_COMPLETED;
	SCRIPT_API(&spec,
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

// clang-format on

static void the_application_is_told_what_call_it_is(void **state)
{
	struct script s;

	(void)state;
	script_open(&s, &script_api);
	(void)script_step(&s, "start");
	script_expect(&s, "Direction", "outbound-api");
	script_expect(&s, "CallStatus", "initiated");
	script_expect(&s, "SequenceNumber", "0");
	script_expect(&s, "CallbackSource", "call-progress-events");
	script_expect(&s, "Timestamp", "Sun, 09 Sep 2001 01:46:40 +0000");
	script_expect(&s, "To", "sip:kate@example.test");
	script_expect(&s, "From", "desk");
	assert_null(script_param(&s, "CallDuration"));
	assert_null(script_param(&s, "SipDomain"));
	(void)script_step(&s, "resolve A fork 1");
	(void)script_step(&s, "ready");
	assert_string_equal("sip:desk@example.test",
	                    script_command(&s, CMD_INVITE)->invite.from);
	assert_int_equal(4, script_command(&s, CMD_INVITE)->invite.n_headers);
	(void)script_step(&s, "1 200 PCMU");
	script_expect(&s, "CallStatus", "in-progress");
	(void)script_step(&s, "wait 61000");
	(void)script_step(&s, "1 bye");
	script_expect(&s, "CallStatus", "completed");
	script_expect(&s, "SequenceNumber", "2");
	script_expect(&s, "CallDuration", "61");
	script_expect(&s, "Duration", "2");
	script_expect(&s, "SipResponseCode", "200");
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

TEST_MAIN(cmocka_unit_test(a_carrier_without_targets_is_told_of),
          cmocka_unit_test(a_header_that_may_not_be_sent_is_told_of),
          cmocka_unit_test(an_emergency_number_is_called_for_the_api),
          cmocka_unit_test(the_first_device_that_answers_has_the_call),
          cmocka_unit_test(when_one_carrier_fails_the_next_is_tried),
          cmocka_unit_test(nobody_answers),
          cmocka_unit_test(who_is_not_registered_can_not_be_called),
          cmocka_unit_test(the_time_limit_ends_it),
          cmocka_unit_test(what_rang_when_its_controller_died_has_failed),
          cmocka_unit_test(the_application_is_told_what_call_it_is),
          cmocka_unit_test(what_can_not_be_called_makes_no_call))
