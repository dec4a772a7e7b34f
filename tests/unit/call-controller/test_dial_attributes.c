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

static void a_caller_id_of_somebody_else_is_refused(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true' callerId='+15550000009'>+14155550100</Dial></Response>",
	 "B=queued resolve(B,+14155550100) verb=30"},
	{"resolve B failover 1",
	 "alert13214 B=failed -verb 1:503/13214 A=failed tell:/status?failed end"});
}

static void a_bad_caller_id_calls_nobody(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true' callerId='a b'><Sip>kate@example.test</Sip></Dial></Response>",
	 "alert13214 1:503/13214 A=failed tell:/status?failed end"});
}

static void a_caller_that_is_no_number_needs_a_caller_id(void **state)
{
	struct call_start kate = script_phone;

	(void)state;
	kate.from = "sip:kate@example.test";
	SCRIPT(&kate,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true'>+14155550100</Dial></Response>",
	 "alert13247 1:503/13247 A=failed tell:/status?failed end"});
	SCRIPT(&kate,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true' callerId='desk'>+14155550100</Dial></Response>",
	 "alert13214 1:503/13214 A=failed tell:/status?failed end"});
}

static void what_can_not_be_called_says_why_to_the_caller(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true'><Sip>tel:+1415</Sip></Dial></Response>",
	 "alert13243 1:404/13243 A=failed tell:/status?failed end"});
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

static void a_carriers_caller_may_be_shown(void **state)
{
	(void)state;
	SCRIPT(&script_carrier,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true'>+14155550100</Dial></Response>",
	 "B=queued resolve(B,+14155550100) verb=30"},
	{"resolve B failover 1",
	 "media(A,B)"},
	{"ready",
	 "2:INVITE+PCMU,PCMA,G722,opus"});
}

static void a_number_that_the_account_may_not_call_fails(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial action='/a'>+442071838750</Dial></Response>",
	 "B=queued resolve(B,+442071838750) verb=30 media(A~ringback-us)"},
	{"resolve B closed owned",
	 "alert13227 B=failed -verb POST:/a media(A)"});
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true'>+9991234567</Dial></Response>",
	 "B=queued resolve(B,+9991234567) verb=30"},
	{"resolve B no-country owned",
	 "alert13226 B=failed -verb 1:404/13226 A=failed tell:/status?failed end"});
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true'>+14155550100</Dial></Response>",
	 "B=queued resolve(B,+14155550100) verb=30"},
	{"resolve B trial owned",
	 "alert32100 B=failed -verb 1:503/32100 A=failed tell:/status?failed end"});
}

static void what_is_no_number_is_skipped(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true'>12</Dial><Dial answerOnBridge='true'>kate</Dial></Response>",
	 "alert13223 alert13223 1:404/13223 A=failed tell:/status?failed end"});
}

static void an_emergency_number_is_called_as_it_is(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true'><Number>+1911</Number></Dial></Response>",
	 "B=queued resolve(B,911) verb=30"},
	{"resolve B failover 1",
	 "media(A,B)"},
	{"ready",
	 "2:INVITE+PCMU,PCMA,G722,opus"});
	SCRIPT(&script_phone, /* whatever caller id stands there */
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true' callerId='a b'>112</Dial></Response>",
	 "alert13214 B=queued resolve(B,112) verb=30"});
}

static void an_emergency_number_that_can_not_be_called_says_why(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true'>911</Dial></Response>",
	 "B=queued resolve(B,911) verb=30"},
	{"resolve B emergency-off owned",
	 "alert13224 B=failed -verb 1:503/13224 A=failed tell:/status?failed end"});
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true'>17</Dial></Response>",
	 "B=queued resolve(B,17) verb=30"},
	{"resolve B no-emergency owned",
	 "alert13223 B=failed -verb 1:404/13223 A=failed tell:/status?failed end"});
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial action='/a'>999</Dial></Response>",
	 "B=queued resolve(B,999) verb=30 media(A~ringback-us)"},
	{"resolve B no-emergency-carrier",
	 "alert13224 B=failed -verb POST:/a media(A)"});
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

static void a_redirection_is_followed(void **state)
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
	{"2 302 sip:b@other.example",
	 "resolve(B,sip:b@other.example)"},
	{"resolve B failover 1",
	 "3:INVITE+PCMU,PCMA,G722,opus"},
	{"3 200 PCMU",
	 "3:ACK B=in-progress -verb limit=14400 1:200+PCMU A=in-progress media(A<B,B<A)"});
}

static void a_redirection_to_a_private_address_is_refused(void **state)
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
	{"2 302 sip:b@127.0.0.1",
	 "resolve(B,sip:b@127.0.0.1)"},
	{"resolve B forbidden",
	 "alert13254 B=failed -verb 1:503/13254 A=failed tell:/status?failed release end"});
}

static void redirections_do_not_go_on_for_ever(void **state)
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
	{"2 302 sip:b@other.example",
	 "resolve(B,sip:b@other.example)"},
	{"resolve B failover 1",
	 "3:INVITE+PCMU,PCMA,G722,opus"},
	{"3 302 sip:b@other.example",
	 "resolve(B,sip:b@other.example)"},
	{"resolve B failover 1",
	 "4:INVITE+PCMU,PCMA,G722,opus"},
	{"4 302 sip:b@other.example",
	 "resolve(B,sip:b@other.example)"},
	{"resolve B failover 1",
	 "5:INVITE+PCMU,PCMA,G722,opus"},
	{"5 302 sip:b@other.example",
	 "resolve(B,sip:b@other.example)"},
	{"resolve B failover 1",
	 "6:INVITE+PCMU,PCMA,G722,opus"},
	{"6 302 sip:b@other.example",
	 "resolve(B,sip:b@other.example)"},
	{"resolve B failover 1",
	 "7:INVITE+PCMU,PCMA,G722,opus"},
	{"7 302 sip:b@other.example",
	 "alert32011 B=failed -verb 1:503/32011 A=failed tell:/status?failed release end"});
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
          cmocka_unit_test(a_caller_id_of_somebody_else_is_refused),
          cmocka_unit_test(a_bad_caller_id_calls_nobody),
          cmocka_unit_test(a_caller_that_is_no_number_needs_a_caller_id),
          cmocka_unit_test(what_can_not_be_called_says_why_to_the_caller),
          cmocka_unit_test(a_header_that_may_not_be_sent_is_left_out),
          cmocka_unit_test(a_carriers_caller_may_be_shown),
          cmocka_unit_test(a_number_that_the_account_may_not_call_fails),
          cmocka_unit_test(what_is_no_number_is_skipped),
          cmocka_unit_test(an_emergency_number_is_called_as_it_is),
          cmocka_unit_test(an_emergency_number_that_can_not_be_called_says_why),
          cmocka_unit_test(a_dial_without_a_noun_fails),
          cmocka_unit_test(ten_nouns_are_enough),
          cmocka_unit_test(a_redirection_is_followed),
          cmocka_unit_test(a_redirection_to_a_private_address_is_refused),
          cmocka_unit_test(redirections_do_not_go_on_for_ever),
          cmocka_unit_test(a_noun_has_status_callbacks),
          cmocka_unit_test(a_noun_with_a_callback_hears_of_its_end_by_default))
