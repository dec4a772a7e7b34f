/*
 * test_leg_media.c - offers, holds and refreshes on a leg, told as tables
 */
#include "unit/test.h"

#include "script.h"

// clang-format off
static void rfc3264_8_4_hold_and_resume_stay_on_their_leg(void **state)
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
	{"2 200 PCMU",
	 "2:ACK B=in-progress -verb limit=14400 1:200+PCMU A=in-progress media(A<B,B<A)"},
	{"1 ack",
	 ""},
	{"1 offer PCMU sendonly",
	 "1:answer200+PCMU/recvonly media(A<B/recvonly,B<A)"},
	{"1 ack",
	 ""},
	{"2 offer PCMU inactive",
	 "2:answer200+PCMU/inactive media(A<B/recvonly,B<A/inactive)"},
	{"2 ack",
	 ""},
	{"1 offer PCMU sendrecv",
	 "1:answer200+PCMU media(A<B,B<A/inactive)"},
	{"1 ack",
	 ""},
	{"2 offer PCMU",
	 "2:answer200+PCMU media(A<B,B<A)"},
	{"2 ack",
	 ""});
}

static void rfc3264_an_offer_without_our_codecs_is_488_and_changes_nothing(void **state)
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
	{"2 200 PCMU",
	 "2:ACK B=in-progress -verb limit=14400 1:200+PCMU A=in-progress media(A<B,B<A)"},
	{"1 ack",
	 ""},
	{"1 offer broken",
	 "1:answer488"},
	{"1 bye",
	 "2:BYE B=completed -limit A=completed tell:/status?completed"},
	{"2 ended",
	 "release end"});
}

static void rfc3261_13_2_1_a_late_offer_is_answered_in_the_ack(void **state)
{
	(void)state;
	SCRIPT(&script_late,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial>+14155550100</Dial></Response>",
	 "B=queued resolve(B,+14155550100) verb=30 media(A~ringback-us)"},
	{"resolve B failover 1 owned",
	 "media(A~ringback-us,B)"},
	{"ready",
	 "1:200+PCMU,PCMA,G722,opus A=in-progress 2:INVITE+PCMU,PCMA,G722,opus"},
	{"1 ack PCMA",
	 "media(A~ringback-us,B)"},
	{"2 200 PCMA",
	 "2:ACK B=in-progress -verb limit=14400 media(A<B,B<A)"});
}

static void rfc3261_13_2_1_an_ack_without_the_answer_ends_the_call(void **state)
{
	(void)state;
	SCRIPT(&script_late,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial>+14155550100</Dial></Response>",
	 "B=queued resolve(B,+14155550100) verb=30 media(A~ringback-us)"},
	{"resolve B failover 1 owned",
	 "media(A~ringback-us,B)"},
	{"ready",
	 "1:200+PCMU,PCMA,G722,opus A=in-progress 2:INVITE+PCMU,PCMA,G722,opus"},
	{"1 ack",
	 "1:BYE alert32103 B=canceled -verb A=completed tell:/status?completed"},
	{"1 ended",
	 "release end"});
}

static void a_reinvite_without_an_offer_gets_ours(void **state)
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
	{"2 200 PCMU",
	 "2:ACK B=in-progress -verb limit=14400 1:200+PCMU A=in-progress media(A<B,B<A)"},
	{"1 ack",
	 ""},
	{"1 offer -",
	 "1:answer200+PCMU,PCMA,G722,opus"},
	{"1 ack PCMA",
	 "2:REINVITE+PCMA,PCMU media(A<B,B<A)"},
	{"2 reanswer PCMA",
	 "2:ACK media(A<B,B<A)"});
}

static void an_update_refreshes_the_session(void **state)
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
	{"2 200 PCMU",
	 "2:ACK B=in-progress -verb limit=14400 1:200+PCMU A=in-progress media(A<B,B<A)"},
	{"1 ack",
	 ""},
	{"2 update -",
	 "2:answer200"});
}

static void rfc4028_we_refresh_when_it_is_due(void **state)
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
	{"2 200 PCMU",
	 "2:ACK B=in-progress -verb limit=14400 1:200+PCMU A=in-progress media(A<B,B<A)"},
	{"1 ack",
	 ""},
	{"timer 2 refresh",
	 "2:REINVITE+PCMU"},
	{"2 reanswer PCMU",
	 "2:ACK"});
}

static void rfc4028_a_session_that_expires_is_ended(void **state)
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
	{"2 200 PCMU",
	 "2:ACK B=in-progress -verb limit=14400 1:200+PCMU A=in-progress media(A<B,B<A)"},
	{"1 ack",
	 ""},
	{"timer 2 expire",
	 "2:BYE B=completed -limit 1:BYE A=completed tell:/status?completed"},
	{"2 ended",
	 ""},
	{"1 ended",
	 "release end"});
}

static void rfc4028_422_is_tried_again_with_a_longer_interval(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true'><Sip>sip:a@foreign.example</Sip></Dial></Response>",
	 "B=queued resolve(B,sip:a@foreign.example) verb=30"},
	{"resolve B failover 1",
	 "media(A,B)"},
	{"ready",
	 "2:INVITE+PCMU,PCMA,G722,opus"},
	{"2 422",
	 "3:INVITE+PCMU,PCMA,G722,opus"},
	{"3 422",
	 "alert32011 B=failed -verb 1:503/32011 A=failed tell:/status?failed release end"});
}

static void an_answer_that_is_broken_is_acknowledged_and_ended(void **state)
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
	{"2 200 broken",
	 "2:ACK 2:BYE alert32102 B=failed -verb 1:503/32102 A=failed tell:/status?failed"},
	{"2 ended",
	 "release end"});
}

static void an_answer_without_media_is_ended(void **state)
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
	{"2 200 -",
	 "2:ACK 2:BYE alert32103 B=failed -verb 1:503/32103 A=failed tell:/status?failed"},
	{"2 ended",
	 "release end"});
}

static void an_offer_on_a_leg_that_is_gone_is_481(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"7 offer PCMU",
	 "7:answer481"});
}

// clang-format on

TEST_MAIN(
	cmocka_unit_test(rfc3264_8_4_hold_and_resume_stay_on_their_leg),
	cmocka_unit_test(
		rfc3264_an_offer_without_our_codecs_is_488_and_changes_nothing),
	cmocka_unit_test(rfc3261_13_2_1_a_late_offer_is_answered_in_the_ack),
	cmocka_unit_test(
		rfc3261_13_2_1_an_ack_without_the_answer_ends_the_call),
	cmocka_unit_test(a_reinvite_without_an_offer_gets_ours),
	cmocka_unit_test(an_update_refreshes_the_session),
	cmocka_unit_test(rfc4028_we_refresh_when_it_is_due),
	cmocka_unit_test(rfc4028_a_session_that_expires_is_ended),
	cmocka_unit_test(rfc4028_422_is_tried_again_with_a_longer_interval),
	cmocka_unit_test(an_answer_that_is_broken_is_acknowledged_and_ended),
	cmocka_unit_test(an_answer_without_media_is_ended),
	cmocka_unit_test(an_offer_on_a_leg_that_is_gone_is_481))
