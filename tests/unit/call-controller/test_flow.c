/*
 * test_flow.c - whole calls, told as tables
 */
#include "unit/test.h"

#include "script.h"

// clang-format off
static void a_dial_answers_at_once_and_plays_ringback(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial>+14155550100</Dial></Response>",
	 "B=queued resolve(B,+14155550100) verb=30 media(A~ringback-us)"},
	{"resolve B failover 1 owned",
	 "media(A~ringback-us,B)"},
	{"ready",
	 "1:200+PCMU A=in-progress 2:INVITE+PCMU,PCMA,G722,opus media(A~ringback-us,B)"},
	{"1 ack",
	 ""},
	{"2 180",
	 "B=ringing"},
	{"2 200 PCMU",
	 "2:ACK B=in-progress -verb limit=14400 media(A<B,B<A)"},
	{"2 bye",
	 "B=completed -limit 1:BYE A=completed tell:/status?completed"},
	{"1 ended",
	 "release end"});
}

static void answer_on_bridge_waits_for_the_child(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true'><Sip>kate@example.test</Sip></Dial></Response>",
	 "B=queued resolve(B,sip:kate@example.test) verb=30"},
	{"resolve B fork 1",
	 "media(A,B)"},
	{"ready",
	 "2:INVITE+PCMU,PCMA,G722,opus"},
	{"2 180",
	 "B=ringing"},
	{"2 200 PCMA",
	 "2:ACK B=in-progress -verb limit=14400 1:200+PCMA A=in-progress media(A<B,B<A)"},
	{"1 ack",
	 ""},
	{"1 bye",
	 "2:BYE B=completed -limit A=completed tell:/status?completed"},
	{"2 ended",
	 "release end"});
}

static void a_call_from_a_carrier_rings_a_phone(void **state)
{
	(void)state;
	SCRIPT(&script_carrier,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true'><Sip>kate@example.test</Sip></Dial></Response>",
	 "B=queued resolve(B,sip:kate@example.test) verb=30"},
	{"resolve B fork 1",
	 "media(A,B)"},
	{"ready",
	 "2:INVITE+PCMU,PCMA,G722,opus"},
	{"2 180",
	 "B=ringing"},
	{"2 200 PCMU",
	 "2:ACK B=in-progress -verb limit=14400 1:200+PCMU A=in-progress media(A<B,B<A)"},
	{"1 ack",
	 ""},
	{"2 bye",
	 "B=completed -limit 1:BYE A=completed tell:/status?completed"},
	{"1 ended",
	 "release end"});
}

static void early_media_of_a_carrier_passes_through(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true'>+14155550100</Dial></Response>",
	 "B=queued resolve(B,+14155550100) verb=30"},
	{"resolve B failover 2 owned",
	 "media(A,B)"},
	{"ready",
	 "2:INVITE+PCMU,PCMA,G722,opus"},
	{"2 183 PCMA",
	 "B=ringing 1:183+PCMA media(A<B,B)"},
	{"2 200 PCMA",
	 "2:ACK B=in-progress -verb limit=14400 1:200+PCMA A=in-progress media(A<B,B<A)"},
	{"1 ack",
	 ""});
}

static void when_early_media_ends_the_caller_hears_ringback(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true'>+14155550100</Dial></Response>",
	 "B=queued resolve(B,+14155550100) verb=30"},
	{"resolve B failover 2 owned",
	 "media(A,B)"},
	{"ready",
	 "2:INVITE+PCMU,PCMA,G722,opus"},
	{"2 183 PCMU",
	 "B=ringing 1:183+PCMU media(A<B,B)"},
	{"2 503",
	 "alert32011 3:INVITE+PCMU,PCMA,G722,opus media(A~ringback-us,B)"},
	{"3 183 PCMU",
	 ""},
	{"3 200 PCMU",
	 "3:ACK B=in-progress -verb limit=14400 1:200+PCMU A=in-progress media(A<B,B<A)"});
}

static void an_early_answered_caller_follows_the_codec_of_the_child(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial>+14155550100</Dial></Response>",
	 "B=queued resolve(B,+14155550100) verb=30 media(A~ringback-us)"},
	{"resolve B failover 1 owned",
	 "media(A~ringback-us,B)"},
	{"ready",
	 "1:200+PCMU A=in-progress 2:INVITE+PCMU,PCMA,G722,opus media(A~ringback-us,B)"},
	{"2 200 PCMA",
	 "2:ACK B=in-progress -verb limit=14400 media(A<B,B<A)"},
	{"1 ack",
	 "1:REINVITE+PCMA,PCMU"},
	{"1 reanswer PCMA",
	 "1:ACK media(A<B,B<A)"});
}

static void a_callee_is_asked_for_the_codec_of_the_caller(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true'>+14155550100</Dial></Response>",
	 "B=queued resolve(B,+14155550100) verb=30"},
	{"resolve B failover 1 owned",
	 "media(A,B)"},
	{"ready",
	 "2:INVITE+PCMU,PCMA,G722,opus"},
	{"2 200 opus",
	 "2:ACK B=in-progress -verb limit=14400 1:200+PCMU A=in-progress 2:REINVITE+PCMU,opus media(A<B,B<A)"});
}

// clang-format on

TEST_MAIN(cmocka_unit_test(a_dial_answers_at_once_and_plays_ringback),
          cmocka_unit_test(answer_on_bridge_waits_for_the_child),
          cmocka_unit_test(a_call_from_a_carrier_rings_a_phone),
          cmocka_unit_test(early_media_of_a_carrier_passes_through),
          cmocka_unit_test(when_early_media_ends_the_caller_hears_ringback),
          cmocka_unit_test(
		  an_early_answered_caller_follows_the_codec_of_the_child),
          cmocka_unit_test(a_callee_is_asked_for_the_codec_of_the_caller))
