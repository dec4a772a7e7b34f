/*
 * test_outgoing_answered.c - calls that the API placed, from their answer on
 */
#include "unit/test.h"

#include "script.h"

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
	SCRIPT_API(&spec,
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
	SCRIPT_API(&spec,
	{"start",
	 "verb=60 A=queued tell:/status?initiated resolve(A,sip:kate@example.test)"},
	{"resolve A fork 1",
	 "media(A)"},
	{"ready",
	 "1:INVITE+PCMU,PCMA,G722,opus"},
	{"1 200 PCMA",
	 "1:ACK A=in-progress tell:/status?in-progress -verb call=14400 alert11100 apology=15 media(A~say(sorry))"});
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
	SCRIPT_API(&spec,
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
	SCRIPT_API(&spec,
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
	SCRIPT_API(&spec,
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
	SCRIPT_API(&spec,
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

TEST_MAIN(cmocka_unit_test(a_document_is_asked_for_when_it_is_answered),
          cmocka_unit_test(an_inline_document_needs_whole_actions),
          cmocka_unit_test(keys_go_before_the_document),
          cmocka_unit_test(the_document_waits_for_who_answered),
          cmocka_unit_test(or_it_does_not_and_who_answered_is_told),
          cmocka_unit_test(the_whole_call_is_recorded),
          cmocka_unit_test(it_dials_on_as_any_call_does))
