/*
 * test_dial_attributes.c - Dial: attributes and nouns, told as tables
 */
#include "unit/test.h"

#include "script.h"

// clang-format off
static void the_action_is_asked_after_a_failure(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true' action='/next'><Sip>kate@example.test</Sip></Dial><Hangup/></Response>",
	 "B=queued resolve(B,sip:kate@example.test) verb=30"},
	{"resolve B fork 1",
	 "media(A,B)"},
	{"ready",
	 "2:INVITE+PCMU,PCMA,G722,opus"},
	{"2 486",
	 "B=busy -verb POST:/next media()"},
	{"doc <Response/>",
	 "1:486 A=busy tell:/status?busy release end"});
}

static void the_action_is_told_when_the_caller_hung_up(void **state)
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
	{"2 200 PCMU",
	 "2:ACK B=in-progress -verb limit=14400 media(A<B,B<A)"},
	{"1 bye",
	 "2:BYE B=completed -limit tell:/next?completed A=completed tell:/status?completed"},
	{"2 ended",
	 "release end"});
}

static void sequential_calls_one_after_the_other(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial sequential='true' timeout='10'><Sip>kate@example.test</Sip><Sip>joe@example.test</Sip></Dial></Response>",
	 "B=queued resolve(B,sip:kate@example.test) verb=10 media(A~ringback-us)"},
	{"ready",
	 "1:200+PCMU A=in-progress media(A~ringback-us)"},
	{"1 ack",
	 ""},
	{"resolve B fork 1",
	 "media(A~ringback-us,B)"},
	{"ready",
	 "2:INVITE+PCMU,PCMA,G722,opus"},
	{"2 180",
	 "B=ringing"},
	{"timer verb",
	 "2:CANCEL B=no-answer C=queued resolve(C,sip:joe@example.test) verb=10 media(A~ringback-us)"},
	{"2 487",
	 ""},
	{"resolve C fork 1",
	 "media(A~ringback-us,C)"},
	{"ready",
	 "3:INVITE+PCMU,PCMA,G722,opus"},
	{"3 200 PCMU",
	 "3:ACK C=in-progress -verb limit=14400 media(A<C,C<A)"},
	{"3 bye",
	 "C=completed -limit 1:BYE A=completed tell:/status?completed"},
	{"1 ended",
	 "release end"});
}

static void the_time_limit_ends_the_bridge(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial timeLimit='60'>+14155550100</Dial></Response>",
	 "B=queued resolve(B,+14155550100) verb=30 media(A~ringback-us)"},
	{"resolve B failover 1 owned",
	 "media(A~ringback-us,B)"},
	{"ready",
	 "1:200+PCMU A=in-progress 2:INVITE+PCMU,PCMA,G722,opus media(A~ringback-us,B)"},
	{"1 ack",
	 ""},
	{"2 200 PCMU",
	 "2:ACK B=in-progress -verb limit=60 media(A<B,B<A)"},
	{"timer limit",
	 "alert32015 2:BYE B=completed 1:BYE A=completed tell:/status?completed"},
	{"2 ended",
	 ""},
	{"1 ended",
	 "release end"});
}

static void star_hangs_up_the_child(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial hangupOnStar='true'>+14155550100</Dial><Pause/></Response>",
	 "B=queued resolve(B,+14155550100) verb=30 media(A~ringback-us)"},
	{"resolve B failover 1 owned",
	 "media(A~ringback-us,B)"},
	{"ready",
	 "1:200+PCMU A=in-progress 2:INVITE+PCMU,PCMA,G722,opus media(A~ringback-us,B)"},
	{"1 ack",
	 ""},
	{"2 200 PCMU",
	 "2:ACK B=in-progress -verb limit=14400 media(A<B,B<A)"},
	{"digit A 5",
	 ""},
	{"digit A *",
	 "2:BYE B=completed -limit verb=1 media(A)"},
	{"2 ended",
	 ""},
	{"timer verb",
	 "1:BYE A=completed tell:/status?completed"},
	{"1 ended",
	 "release end"});
}

static void star_means_nothing_without_hangup_on_star(void **state)
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
	{"2 200 PCMU",
	 "2:ACK B=in-progress -verb limit=14400 media(A<B,B<A)"},
	{"digit A *",
	 ""});
}

static void a_header_that_may_not_be_sent_is_left_out(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true'><Sip>sip:a@x.test?X-Twilio-A=1</Sip><Sip>sip:a@x.test?x-%0a=1</Sip><Sip>sip:a@x.test?x-a=%0d</Sip></Dial></Response>",
	 "alert32113 alert32111 alert32112 B=queued resolve(B,sip:a@x.test) C=queued resolve(C,sip:a@x.test) D=queued resolve(D,sip:a@x.test) verb=30"});
}

static void a_dial_without_a_noun_fails(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true'></Dial></Response>",
	 "alert13223 1:503/13223 A=failed tell:/status?failed end"});
}

static void ten_nouns_are_enough(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true'><Sip>a@x</Sip><Sip>b@x</Sip><Sip>c@x</Sip><Sip>d@x</Sip><Sip>e@x</Sip><Sip>f@x</Sip><Sip>g@x</Sip><Sip>h@x</Sip><Sip>i@x</Sip><Sip>j@x</Sip><Sip>k@x</Sip></Dial></Response>",
	 "alert13250 B=queued resolve(B,sip:a@x) C=queued resolve(C,sip:b@x) D=queued resolve(D,sip:c@x) E=queued resolve(E,sip:d@x) F=queued resolve(F,sip:e@x) G=queued resolve(G,sip:f@x) H=queued resolve(H,sip:g@x) I=queued resolve(I,sip:h@x) J=queued resolve(J,sip:i@x) K=queued resolve(K,sip:j@x) verb=30"});
}

static void a_noun_has_status_callbacks(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true'><Number statusCallback='/cb' statusCallbackEvent='initiated ringing answered completed'>(415) 555-1212</Number></Dial></Response>",
	 "B=queued tell:/cb?initiated resolve(B,+14155551212) verb=30"},
	{"resolve B failover 1 owned",
	 "media(A,B)"},
	{"ready",
	 "2:INVITE+PCMU,PCMA,G722,opus"},
	{"2 180",
	 "B=ringing tell:/cb?ringing"},
	{"2 200 PCMU",
	 "2:ACK B=in-progress tell:/cb?in-progress -verb limit=14400 1:200+PCMU A=in-progress media(A<B,B<A)"},
	{"2 bye",
	 "B=completed tell:/cb?completed -limit A=completed tell:/status?completed"});
}

static void a_noun_with_a_callback_hears_of_its_end_by_default(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true'><Number statusCallback='/cb'>+14155550100</Number></Dial></Response>",
	 "B=queued resolve(B,+14155550100) verb=30"},
	{"resolve B failover 1 owned",
	 "media(A,B)"},
	{"ready",
	 "2:INVITE+PCMU,PCMA,G722,opus"},
	{"2 180",
	 "B=ringing"},
	{"2 480",
	 "B=no-answer tell:/cb?no-answer -verb 1:480 A=no-answer tell:/status?no-answer release end"});
}

// clang-format on

TEST_MAIN(cmocka_unit_test(the_action_is_asked_after_a_failure),
          cmocka_unit_test(the_action_is_told_when_the_caller_hung_up),
          cmocka_unit_test(sequential_calls_one_after_the_other),
          cmocka_unit_test(the_time_limit_ends_the_bridge),
          cmocka_unit_test(star_hangs_up_the_child),
          cmocka_unit_test(star_means_nothing_without_hangup_on_star),
          cmocka_unit_test(a_header_that_may_not_be_sent_is_left_out),
          cmocka_unit_test(a_dial_without_a_noun_fails),
          cmocka_unit_test(ten_nouns_are_enough),
          cmocka_unit_test(a_noun_has_status_callbacks),
          cmocka_unit_test(a_noun_with_a_callback_hears_of_its_end_by_default))
