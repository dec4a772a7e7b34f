/*
 * test_adopt.c - calls that another controller goes on with, as tables
 */
#include "unit/test.h"

#include "script.h"

// clang-format off
static void a_bridged_call_goes_on_where_it_was(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial action='/next' timeLimit='3600'><Sip>kate@example.test</Sip></Dial></Response>",
	 "B=queued resolve(B,sip:kate@example.test) verb=30 media(A~ringback-us)"},
	{"resolve B fork 1",
	 "media(A~ringback-us,B)"},
	{"ready",
	 "1:200+PCMU A=in-progress 2:INVITE+PCMU,PCMA,G722,opus media(A~ringback-us,B)"},
	{"1 ack",
	 ""},
	{"2 200 PCMU",
	 "2:ACK B=in-progress -verb limit=3600 media(A<B,B<A)"},
	{"wait 60000",
	 ""},
	{"restored",
	 "limit=3540 media(A<B,B<A)"},
	{"ready",
	 ""},
	{"1 offer PCMU sendonly",
	 "1:answer200+PCMU/recvonly media(A<B/recvonly,B<A)"},
	{"1 ack",
	 ""},
	{"2 bye",
	 "B=completed -limit POST:/next media(A/recvonly)"},
	{"doc <Response/>",
	 "1:BYE A=completed tell:/status?completed"},
	{"1 ended",
	 "release end"});
}

static void the_time_limit_stands(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial timeLimit='90'><Sip>kate@example.test</Sip></Dial><Pause/></Response>",
	 "B=queued resolve(B,sip:kate@example.test) verb=30 media(A~ringback-us)"},
	{"resolve B fork 1",
	 "media(A~ringback-us,B)"},
	{"ready",
	 "1:200+PCMU A=in-progress 2:INVITE+PCMU,PCMA,G722,opus media(A~ringback-us,B)"},
	{"1 ack",
	 ""},
	{"2 200 PCMU",
	 "2:ACK B=in-progress -verb limit=90 media(A<B,B<A)"},
	{"wait 80000",
	 ""},
	{"restored",
	 "limit=10 media(A<B,B<A)"},
	{"ready",
	 ""},
	{"timer limit",
	 "alert32015 2:BYE B=completed verb=1 media(A)"},
	{"2 ended",
	 ""},
	{"restored",
	 "verb=1 media(A)"},
	{"timer verb",
	 "1:BYE A=completed tell:/status?completed"},
	{"1 ended",
	 "release end"});
}

static void what_rang_is_refused(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true'><Sip>kate@example.test</Sip></Dial></Response>",
	 "B=queued resolve(B,sip:kate@example.test) verb=30"},
	{"resolve B fork 2",
	 "media(A,B)"},
	{"ready",
	 "2:INVITE+PCMU,PCMA,G722,opus 3:INVITE+PCMU,PCMA,G722,opus"},
	{"2 180",
	 "B=ringing"},
	{"restored",
	 "1:503 2:CANCEL B=canceled -verb A=failed tell:/status?failed"},
	{"2 487",
	 "release end"});
}

static void an_answered_call_goes_on_without_the_child_that_rang(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial><Sip>kate@example.test</Sip></Dial><Dial><Sip>joe@example.test</Sip></Dial></Response>",
	 "B=queued resolve(B,sip:kate@example.test) verb=30 media(A~ringback-us)"},
	{"resolve B fork 1",
	 "media(A~ringback-us,B)"},
	{"ready",
	 "1:200+PCMU A=in-progress 2:INVITE+PCMU,PCMA,G722,opus media(A~ringback-us,B)"},
	{"1 ack",
	 ""},
	{"2 180",
	 "B=ringing"},
	{"restored",
	 "verb=30 2:CANCEL B=failed -verb C=queued resolve(C,sip:joe@example.test) verb=30 media(A~ringback-us)"},
	{"2 487",
	 ""},
	{"resolve C fork 1",
	 "media(A~ringback-us,C)"},
	{"ready",
	 "3:INVITE+PCMU,PCMA,G722,opus"},
	{"3 200 PCMU",
	 "3:ACK C=in-progress -verb limit=14400 media(A<C,C<A)"});
}

static void a_document_is_asked_for_again(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial action='/next'><Sip>kate@example.test</Sip></Dial></Response>",
	 "B=queued resolve(B,sip:kate@example.test) verb=30 media(A~ringback-us)"},
	{"resolve B fork 1",
	 "media(A~ringback-us,B)"},
	{"ready",
	 "1:200+PCMU A=in-progress 2:INVITE+PCMU,PCMA,G722,opus media(A~ringback-us,B)"},
	{"1 ack",
	 ""},
	{"2 486",
	 "B=busy -verb POST:/next media(A)"},
	{"restored",
	 "POST:/next media(A)"},
	{"doc <Response><Pause length='9'/></Response>",
	 "verb=9"},
	{"wait 4000",
	 ""},
	{"restored",
	 "verb=5 media(A)"},
	{"timer verb",
	 "1:BYE A=completed tell:/status?completed"},
	{"1 ended",
	 "release end"});
}

static void the_apology_is_finished(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <broken",
	 "alert12100 apology=15 media(A{say(sorry)})"},
	{"ready",
	 "1:200+PCMU A=in-progress media(A~say(sorry))"},
	{"1 ack",
	 ""},
	{"wait 3000",
	 ""},
	{"restored",
	 "apology=12 media(A~say(sorry))"},
	{"played",
	 "1:BYE -apology A=completed tell:/status?completed"},
	{"1 ended",
	 "release end"});
}

static void codecs_and_dialogs_are_known(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial><Sip>kate@example.test</Sip></Dial></Response>",
	 "B=queued resolve(B,sip:kate@example.test) verb=30 media(A~ringback-us)"},
	{"resolve B fork 1",
	 "media(A~ringback-us,B)"},
	{"ready",
	 "1:200+PCMU A=in-progress 2:INVITE+PCMU,PCMA,G722,opus media(A~ringback-us,B)"},
	{"1 ack",
	 ""},
	{"2 200 PCMA",
	 "2:ACK B=in-progress -verb limit=14400 1:REINVITE+PCMA,PCMU media(A<B,B<A)"},
	{"1 reanswer PCMA",
	 "1:ACK media(A<B,B<A)"},
	{"restored",
	 "limit=14400 media(A<B,B<A)"},
	{"ready",
	 ""},
	{"1 offer PCMU",
	 "1:answer200+PCMU 2:REINVITE+PCMU,PCMA media(A<B,B<A)"},
	{"1 ack",
	 ""},
	{"2 reanswer PCMU",
	 "2:ACK media(A<B,B<A)"},
	{"2 update -",
	 "2:answer200"},
	{"1 bye",
	 "2:BYE B=completed -limit A=completed tell:/status?completed"},
	{"2 ended",
	 "release end"});
}

static void a_call_that_was_ending_ends(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial><Sip>kate@example.test</Sip></Dial></Response>",
	 "B=queued resolve(B,sip:kate@example.test) verb=30 media(A~ringback-us)"},
	{"resolve B fork 1",
	 "media(A~ringback-us,B)"},
	{"ready",
	 "1:200+PCMU A=in-progress 2:INVITE+PCMU,PCMA,G722,opus media(A~ringback-us,B)"},
	{"1 ack",
	 ""},
	{"2 200 PCMU",
	 "2:ACK B=in-progress -verb limit=14400 media(A<B,B<A)"},
	{"1 bye",
	 "2:BYE B=completed -limit A=completed tell:/status?completed"},
	{"restored",
	 ""},
	{"2 ended",
	 "release end"});
}

static void another_relay_is_told_to_the_phones(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial><Sip>kate@example.test</Sip></Dial></Response>",
	 "B=queued resolve(B,sip:kate@example.test) verb=30 media(A~ringback-us)"},
	{"resolve B fork 1",
	 "media(A~ringback-us,B)"},
	{"ready",
	 "1:200+PCMU A=in-progress 2:INVITE+PCMU,PCMA,G722,opus media(A~ringback-us,B)"},
	{"1 ack",
	 ""},
	{"2 200 PCMU",
	 "2:ACK B=in-progress -verb limit=14400 media(A<B,B<A)"},
	{"lost",
	 "media(A<B,B<A)"},
	{"moved",
	 "1:REINVITE+PCMU 2:REINVITE+PCMU"},
	{"1 reanswer PCMU",
	 "1:ACK media(A<B,B<A)"},
	{"2 reanswer PCMU",
	 "2:ACK"});
}

// clang-format on

TEST_MAIN(
	cmocka_unit_test(a_bridged_call_goes_on_where_it_was),
	cmocka_unit_test(the_time_limit_stands),
	cmocka_unit_test(what_rang_is_refused),
	cmocka_unit_test(an_answered_call_goes_on_without_the_child_that_rang),
	cmocka_unit_test(a_document_is_asked_for_again),
	cmocka_unit_test(the_apology_is_finished),
	cmocka_unit_test(codecs_and_dialogs_are_known),
	cmocka_unit_test(a_call_that_was_ending_ends),
	cmocka_unit_test(another_relay_is_told_to_the_phones))
