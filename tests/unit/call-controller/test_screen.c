/*
 * test_screen.c - between a callee's answer and the bridge, as tables
 */
#include "unit/test.h"

#include "script.h"

#define RINGING                                                                \
	{                                                                      \
		"start", "1:180 A=ringing POST:/voice"                         \
	}
#define CALLED                                                                 \
	{"resolve B fork 1", "media(A~ringback-us,B)"},                        \
		{"ready",                                                      \
	         "1:200+PCMU A=in-progress 2:INVITE+PCMU,PCMA,G722,opus "      \
	         "media(A~ringback-us,B)"},                                    \
	{                                                                      \
		"1 ack", ""                                                    \
	}

#define DIAL(attributes, noun)                                                 \
	{                                                                      \
		"doc <Response><Dial " attributes "><Sip " noun                \
		">kate@example.test</Sip></Dial></Response>",                  \
			"B=queued resolve(B,sip:kate@example.test) verb=30 "   \
			"media(A~ringback-us)"                                 \
	}

// clang-format off
static void a_whisper_is_heard_before_the_bridge(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	DIAL("", "url='/whisper' method='GET'"),
	CALLED,
	{"2 200 PCMU",
	 "2:ACK B=in-progress GET:/whisper media(A~ringback-us,B)"},
	{"doc <Response><Say>A call</Say></Response>",
	 "media(A~ringback-us,B~say(A call))"},
	{"played",
	 "-verb limit=14400 media(A<B,B<A)"},
	{"2 bye",
	 "B=completed -limit 1:BYE A=completed tell:/status?completed"},
	{"1 ended",
	 "release end"});
}

static void who_presses_a_key_takes_the_call(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	DIAL("", "url='/screen'"),
	CALLED,
	{"2 200 PCMU",
	 "2:ACK B=in-progress POST:/screen media(A~ringback-us,B)"},
	{"doc <Response><Gather numDigits='1' action='/accept'><Say>Press</Say></Gather><Hangup/></Response>",
	 "media(A~ringback-us,B~say(Press)#)"},
	{"digit A 1",
	 ""},
	{"digit B 1",
	 "POST:/accept media(A~ringback-us,B)"},
	{"doc <Response/>",
	 "-verb limit=14400 media(A<B,B<A)"});
}

static void a_key_by_info_counts_too(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	DIAL("", "url='/screen'"),
	CALLED,
	{"2 200 PCMU",
	 "2:ACK B=in-progress POST:/screen media(A~ringback-us,B)"},
	{"doc <Response><Gather numDigits='1'/><Hangup/></Response>",
	 "2:verb=5 media(A~ringback-us,B#)"},
	{"info 1 1",
	 ""},
	{"info 2 1",
	 "-2:verb POST:/screen media(A~ringback-us,B)"});
}

static void who_does_not_want_the_call_has_not_answered(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	DIAL("action='/next'", "url='/screen'"),
	CALLED,
	{"2 200 PCMU",
	 "2:ACK B=in-progress POST:/screen media(A~ringback-us,B)"},
	{"doc <Response><Gather timeout='3'/><Hangup/></Response>",
	 "2:verb=3 media(A~ringback-us,B#)"},
	{"timer 2 verb",
	 "2:BYE B=completed -verb POST:/next media(A)"},
	{"doc <Response/>",
	 "1:BYE A=completed tell:/status?completed"});
}

static void a_callee_who_hangs_up_in_the_whisper_has_not_answered(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	DIAL("", "url='/screen'"),
	CALLED,
	{"2 200 PCMU",
	 "2:ACK B=in-progress POST:/screen media(A~ringback-us,B)"},
	{"doc <Response><Say>A call</Say></Response>",
	 "media(A~ringback-us,B~say(A call))"},
	{"2 bye",
	 "B=completed -verb 1:BYE A=completed tell:/status?completed"},
	{"1 ended",
	 "release end"});
}

static void a_caller_who_hangs_up_ends_the_whisper(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	DIAL("", "url='/screen'"),
	CALLED,
	{"2 200 PCMU",
	 "2:ACK B=in-progress POST:/screen media(A~ringback-us,B)"},
	{"doc <Response><Pause length='9'/></Response>",
	 "2:verb=9"},
	{"1 bye",
	 "2:BYE -2:verb B=completed -verb A=completed tell:/status?completed"},
	{"2 ended",
	 "release end"});
}

static void the_ringing_of_others_goes_on_while_one_is_asked(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	{"doc <Response><Dial><Sip url='/screen'>kate@example.test</Sip><Sip url='/screen'>joe@example.test</Sip></Dial></Response>",
	 "B=queued resolve(B,sip:kate@example.test) C=queued resolve(C,sip:joe@example.test) verb=30 media(A~ringback-us)"},
	{"resolve B fork 1",
	 "media(A~ringback-us,B)"},
	{"resolve C fork 1",
	 "media(A~ringback-us,B,C)"},
	{"ready",
	 "1:200+PCMU A=in-progress 2:INVITE+PCMU,PCMA,G722,opus 3:INVITE+PCMU,PCMA,G722,opus media(A~ringback-us,B,C)"},
	{"1 ack",
	 ""},
	{"2 200 PCMU",
	 "2:ACK B=in-progress POST:/screen media(A~ringback-us,B,C)"},
	{"doc <Response><Pause length='9'/></Response>",
	 "2:verb=9"},
	{"3 200 PCMU",
	 "3:ACK C=in-progress POST:/screen media(A~ringback-us,B,C)"},
	{"timer verb",
	 ""},
	{"doc <Response><Hangup/></Response>",
	 "3:BYE C=completed media(A~ringback-us,B)"},
	{"timer 2 verb",
	 "limit=14400 media(A<B,B<A)"});
}

static void a_timeout_leaves_who_is_asked(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	{"doc <Response><Dial sequential='true'><Sip url='/screen'>kate@example.test</Sip><Sip>joe@example.test</Sip></Dial></Response>",
	 "B=queued resolve(B,sip:kate@example.test) verb=30 media(A~ringback-us)"},
	CALLED,
	{"2 200 PCMU",
	 "2:ACK B=in-progress POST:/screen media(A~ringback-us,B)"},
	{"timer verb",
	 ""},
	{"doc <Response><Hangup/></Response>",
	 "2:BYE B=completed C=queued resolve(C,sip:joe@example.test) verb=30 media(A~ringback-us)"});
}

static void a_document_that_fails_refuses_the_call(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	DIAL("", "url='/screen'"),
	CALLED,
	{"2 200 PCMU",
	 "2:ACK B=in-progress POST:/screen media(A~ringback-us,B)"},
	{"fail 11200",
	 "alert11200 2:BYE B=completed -verb 1:BYE A=completed tell:/status?completed"});
}

static void only_some_verbs_may_screen(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	DIAL("", "url='/screen'"),
	CALLED,
	{"2 200 PCMU",
	 "2:ACK B=in-progress POST:/screen media(A~ringback-us,B)"},
	{"doc <Response><Dial>1</Dial><Record/><Redirect>/again</Redirect></Response>",
	 "alert13201 alert12200 POST:/again"},
	{"doc <Response><Play>a.wav</Play></Response>",
	 "media(A~ringback-us,B~play(/a.wav))"});
}

static void keys_are_sent_before_the_bridge(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	{"doc <Response><Dial callerId='+15550000009'><Number sendDigits='wW12#' url='/w'>+14155550100</Number></Dial></Response>",
	 "B=queued resolve(B,+14155550100) verb=30 media(A~ringback-us)"},
	{"resolve B failover 1 owned",
	 "media(A~ringback-us,B)"},
	{"ready",
	 "1:200+PCMU A=in-progress 2:INVITE+PCMU,PCMA,G722,opus media(A~ringback-us,B)"},
	{"1 ack",
	 ""},
	{"2 200 PCMU",
	 "2:ACK B=in-progress media(A~ringback-us,B~keys(wW12#))"},
	{"restored",
	 "verb=30 media(A~ringback-us,B~keys(wW12#))"},
	{"played",
	 "POST:/w media(A~ringback-us,B)"},
	{"restored",
	 "verb=30 POST:/w media(A~ringback-us,B)"},
	{"doc <Response/>",
	 "-verb limit=14400 media(A<B,B<A)"});
}

static void an_adopted_call_goes_on_screening(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	DIAL("", "url='/screen'"),
	CALLED,
	{"2 200 PCMU",
	 "2:ACK B=in-progress POST:/screen media(A~ringback-us,B)"},
	{"doc <Response><Gather numDigits='2' timeout='8'/><Hangup/></Response>",
	 "2:verb=8 media(A~ringback-us,B#)"},
	{"digit B 1",
	 "2:verb=8"},
	{"wait 3000",
	 ""},
	{"restored",
	 "verb=27 2:verb=5 media(A~ringback-us,B#)"},
	{"digit B 2",
	 "-2:verb POST:/screen media(A~ringback-us,B)"});
}

// clang-format on

static void what_applications_are_told(void **state)
{
	struct script s;

	(void)state;
	script_open(&s, &script_phone);
	(void)script_step(&s, "start");
	(void)script_step(&s,
	                  "doc <Response><Dial record='record-from-ringing' "
	                  "action='/next'><Sip url='/screen'>"
	                  "kate@example.test</Sip></Dial></Response>");
	(void)script_step(&s, "resolve B fork 1");
	(void)script_step(&s, "ready");
	(void)script_step(&s, "2 200 PCMU");
	script_expect(&s, "CallSid", s.sids[1]);
	script_expect(&s, "ParentCallSid", s.sids[0]);
	script_expect(&s, "Called", "sip:kate@example.test");
	script_expect(&s, "Direction", "outbound-dial");
	script_expect(&s, "CallStatus", "in-progress");
	assert_non_null(script_param(&s, "SipCallId"));
	(void)script_step(&s, "doc <Response><Hangup/></Response>");
	script_expect(&s, "CallSid", s.sids[0]);
	script_expect(&s, "DialCallStatus", "no-answer");
	script_expect(&s, "DialBridged", "false");
	script_expect(&s, "RecordingSid", s.recording);
	assert_non_null(script_param(&s, "RecordingUrl"));
	script_close(&s);
}

TEST_MAIN(
	cmocka_unit_test(a_whisper_is_heard_before_the_bridge),
	cmocka_unit_test(who_presses_a_key_takes_the_call),
	cmocka_unit_test(a_key_by_info_counts_too),
	cmocka_unit_test(who_does_not_want_the_call_has_not_answered),
	cmocka_unit_test(a_callee_who_hangs_up_in_the_whisper_has_not_answered),
	cmocka_unit_test(a_caller_who_hangs_up_ends_the_whisper),
	cmocka_unit_test(the_ringing_of_others_goes_on_while_one_is_asked),
	cmocka_unit_test(a_timeout_leaves_who_is_asked),
	cmocka_unit_test(a_document_that_fails_refuses_the_call),
	cmocka_unit_test(only_some_verbs_may_screen),
	cmocka_unit_test(keys_are_sent_before_the_bridge),
	cmocka_unit_test(an_adopted_call_goes_on_screening),
	cmocka_unit_test(what_applications_are_told))
