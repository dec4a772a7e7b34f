/*
 * test_dial.c - Dial: forks, carriers, results, told as tables
 */
#include "unit/test.h"

#include "script.h"

// clang-format off
static void first_answer_wins(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true'><Sip>kate@example.test</Sip><Sip>joe@example.test</Sip></Dial></Response>",
	 "B=queued resolve(B,sip:kate@example.test) C=queued resolve(C,sip:joe@example.test) verb=30"},
	{"resolve B fork 1",
	 "media(A,B)"},
	{"resolve C fork 2",
	 "media(A,B,C)"},
	{"ready",
	 "2:INVITE+PCMU,PCMA,G722,opus 3:INVITE+PCMU,PCMA,G722,opus 4:INVITE+PCMU,PCMA,G722,opus"},
	{"2 180",
	 "B=ringing"},
	{"3 180",
	 "C=ringing"},
	{"4 180",
	 ""},
	{"3 200 PCMU",
	 "3:ACK 4:CANCEL C=in-progress -verb 2:CANCEL B=canceled limit=14400 1:200+PCMU A=in-progress media(A<C,C<A)"},
	{"2 487",
	 ""},
	{"4 487",
	 ""},
	{"1 ack",
	 ""},
	{"3 bye",
	 "C=completed -limit 1:BYE A=completed tell:/status?completed"},
	{"1 ended",
	 "release end"});
}

static void answer_crossing_cancel_is_acknowledged_and_ended(void **state)
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
	{"3 180",
	 ""},
	{"2 200 PCMU",
	 "2:ACK 3:CANCEL B=in-progress -verb limit=14400 1:200+PCMU A=in-progress media(A<B,B<A)"},
	{"3 200 PCMU",
	 "3:ACK 3:BYE"},
	{"3 ended",
	 ""},
	{"1 ack",
	 ""},
	{"2 bye",
	 "B=completed -limit 1:BYE A=completed tell:/status?completed"},
	{"1 ended",
	 "release end"});
}

static void caller_gives_up(void **state)
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
	{"1 cancel",
	 "1:487 2:CANCEL B=canceled -verb A=canceled tell:/status?canceled"},
	{"3 180",
	 "3:CANCEL"},
	{"3 487",
	 ""},
	{"2 487",
	 "release end"});
}

static void one_device_that_is_busy_does_not_end_the_others(void **state)
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
	{"2 486",
	 ""},
	{"3 180",
	 "B=ringing"},
	{"3 200 PCMU",
	 "3:ACK B=in-progress -verb limit=14400 1:200+PCMU A=in-progress media(A<B,B<A)"});
}

static void busy_beats_no_answer(void **state)
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
	{"2 486",
	 ""},
	{"3 408",
	 "B=busy -verb 1:486 A=busy tell:/status?busy release end"});
}

static void decline_speaks_for_all_devices(void **state)
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
	{"3 180",
	 ""},
	{"3 603",
	 "2:CANCEL B=busy -verb 1:486 A=busy tell:/status?busy"},
	{"2 487",
	 "release end"});
}

static void not_found_is_told_to_the_caller(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true'><Sip>kate@example.test</Sip></Dial></Response>",
	 "B=queued resolve(B,sip:kate@example.test) verb=30"},
	{"resolve B not-found",
	 "alert32009 B=failed -verb 1:404 A=failed tell:/status?failed end"});
}

static void not_registered_is_unavailable(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true'><Sip>kate@example.test</Sip></Dial></Response>",
	 "B=queued resolve(B,sip:kate@example.test) verb=30"},
	{"resolve B not-registered",
	 "alert32009 B=failed -verb 1:480 A=no-answer tell:/status?no-answer end"});
}

static void any_other_failure_is_503(void **state)
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
	{"2 500",
	 "alert32011 B=failed -verb 1:503 A=failed tell:/status?failed release end"});
}

static void timeout_is_no_answer(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true' timeout='10'><Sip>kate@example.test</Sip></Dial></Response>",
	 "B=queued resolve(B,sip:kate@example.test) verb=10"},
	{"resolve B fork 1",
	 "media(A,B)"},
	{"ready",
	 "2:INVITE+PCMU,PCMA,G722,opus"},
	{"2 180",
	 "B=ringing"},
	{"timer verb",
	 "2:CANCEL B=no-answer 1:480 A=no-answer tell:/status?no-answer"},
	{"2 487",
	 "release end"});
}

static void a_silent_device_gets_no_cancel_before_its_first_response(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true' timeout='10'><Sip>kate@example.test</Sip></Dial></Response>",
	 "B=queued resolve(B,sip:kate@example.test) verb=10"},
	{"resolve B fork 1",
	 "media(A,B)"},
	{"ready",
	 "2:INVITE+PCMU,PCMA,G722,opus"},
	{"timer verb",
	 "B=no-answer 1:480 A=no-answer tell:/status?no-answer"},
	{"timer 2 guard",
	 "release end"});
}

static void after_no_answer_the_next_verb_runs(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true'><Sip>kate@example.test</Sip></Dial><Dial answerOnBridge='true'>+14155550100</Dial></Response>",
	 "B=queued resolve(B,sip:kate@example.test) verb=30"},
	{"resolve B fork 1",
	 "media(A,B)"},
	{"ready",
	 "2:INVITE+PCMU,PCMA,G722,opus"},
	{"timer verb",
	 "B=no-answer C=queued resolve(C,+14155550100) verb=30 media()"},
	{"2 408",
	 ""},
	{"resolve C failover 1 owned",
	 "media(A,C)"},
	{"ready",
	 "3:INVITE+PCMU,PCMA,G722,opus"},
	{"3 200 PCMU",
	 "3:ACK C=in-progress -verb limit=14400 1:200+PCMU A=in-progress media(A<C,C<A)"});
}

static void carriers_are_tried_in_turn(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true'>+14155550100</Dial></Response>",
	 "B=queued resolve(B,+14155550100) verb=30"},
	{"resolve B failover 3 owned",
	 "media(A,B)"},
	{"ready",
	 "2:INVITE+PCMU,PCMA,G722,opus"},
	{"2 503",
	 "alert32011 3:INVITE+PCMU,PCMA,G722,opus"},
	{"3 408",
	 "4:INVITE+PCMU,PCMA,G722,opus"},
	{"4 200 PCMU",
	 "4:ACK B=in-progress -verb limit=14400 1:200+PCMU A=in-progress media(A<B,B<A)"});
}

static void a_callee_who_is_busy_ends_the_carriers(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true'>+14155550100</Dial></Response>",
	 "B=queued resolve(B,+14155550100) verb=30"},
	{"resolve B failover 3 owned",
	 "media(A,B)"},
	{"ready",
	 "2:INVITE+PCMU,PCMA,G722,opus"},
	{"2 486",
	 "B=busy -verb 1:486 A=busy tell:/status?busy release end"});
}

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
	 "alert13214 B=failed -verb 1:503 A=failed tell:/status?failed end"});
}

static void a_bad_caller_id_calls_nobody(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true' callerId='a b'><Sip>kate@example.test</Sip></Dial></Response>",
	 "alert13214 1:503 A=failed tell:/status?failed end"});
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

static void what_is_no_number_is_skipped(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true'>12</Dial><Dial answerOnBridge='true'>911</Dial></Response>",
	 "alert13223 alert13224 1:503 A=failed tell:/status?failed end"});
}

static void a_dial_without_a_noun_fails(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true'></Dial></Response>",
	 "alert13223 1:503 A=failed tell:/status?failed end"});
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
	 "alert13254 B=failed -verb 1:503 A=failed tell:/status?failed release end"});
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
	 "alert32011 B=failed -verb 1:503 A=failed tell:/status?failed release end"});
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

TEST_MAIN(cmocka_unit_test(first_answer_wins),
          cmocka_unit_test(answer_crossing_cancel_is_acknowledged_and_ended),
          cmocka_unit_test(caller_gives_up),
          cmocka_unit_test(one_device_that_is_busy_does_not_end_the_others),
          cmocka_unit_test(busy_beats_no_answer),
          cmocka_unit_test(decline_speaks_for_all_devices),
          cmocka_unit_test(not_found_is_told_to_the_caller),
          cmocka_unit_test(not_registered_is_unavailable),
          cmocka_unit_test(any_other_failure_is_503),
          cmocka_unit_test(timeout_is_no_answer),
          cmocka_unit_test(
		  a_silent_device_gets_no_cancel_before_its_first_response),
          cmocka_unit_test(after_no_answer_the_next_verb_runs),
          cmocka_unit_test(carriers_are_tried_in_turn),
          cmocka_unit_test(a_callee_who_is_busy_ends_the_carriers),
          cmocka_unit_test(the_action_is_asked_after_a_failure),
          cmocka_unit_test(the_action_is_told_when_the_caller_hung_up),
          cmocka_unit_test(sequential_calls_one_after_the_other),
          cmocka_unit_test(the_time_limit_ends_the_bridge),
          cmocka_unit_test(star_hangs_up_the_child),
          cmocka_unit_test(star_means_nothing_without_hangup_on_star),
          cmocka_unit_test(a_caller_id_of_somebody_else_is_refused),
          cmocka_unit_test(a_bad_caller_id_calls_nobody),
          cmocka_unit_test(a_carriers_caller_may_be_shown),
          cmocka_unit_test(what_is_no_number_is_skipped),
          cmocka_unit_test(a_dial_without_a_noun_fails),
          cmocka_unit_test(ten_nouns_are_enough),
          cmocka_unit_test(a_redirection_is_followed),
          cmocka_unit_test(a_redirection_to_a_private_address_is_refused),
          cmocka_unit_test(redirections_do_not_go_on_for_ever),
          cmocka_unit_test(a_noun_has_status_callbacks),
          cmocka_unit_test(a_noun_with_a_callback_hears_of_its_end_by_default))
