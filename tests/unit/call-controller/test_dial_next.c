/*
 * test_dial_next.c - where a Dial goes on: the next carrier, the next URI, a redirection
 */
#include "unit/test.h"

#include "script.h"

// clang-format off
static void the_uris_of_a_sip_are_tried_by_priority(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true'><Sip><Uri priority='2'>b@x.test</Uri><Uri priority='3'>c@x.test</Uri><Uri priority='1'>a@x.test</Uri></Sip></Dial></Response>",
	 "B=queued resolve(B,sip:a@x.test) verb=30"},
	{"resolve B forbidden",
	 "alert13254 resolve(B,sip:b@x.test) media(A,B)"},
	{"resolve B failover 1",
	 ""},
	{"ready",
	 "2:INVITE+PCMU,PCMA,G722,opus"},
	{"2 503",
	 "alert32011 resolve(B,sip:c@x.test)"},
	{"resolve B failover 1",
	 "3:INVITE+PCMU,PCMA,G722,opus"},
	{"3 486",
	 "B=busy -verb 1:486 A=busy tell:/status?busy release end"});
}

static void a_busy_uri_is_the_last(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true'><Sip><Uri priority='1'>a@x.test</Uri><Uri priority='2'>b@x.test</Uri></Sip></Dial></Response>",
	 "B=queued resolve(B,sip:a@x.test) verb=30"},
	{"resolve B failover 1",
	 "media(A,B)"},
	{"ready",
	 "2:INVITE+PCMU,PCMA,G722,opus"},
	{"2 486",
	 "B=busy -verb 1:486 A=busy tell:/status?busy release end"});
}

static void carriers_that_do_not_ring_are_told_of(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true'>+14155550100</Dial></Response>",
	 "B=queued resolve(B,+14155550100) verb=30"},
	{"resolve B carrier 1 owned",
	 "media(A,B)"},
	{"ready",
	 "2:INVITE+PCMU,PCMA,G722,opus"},
	{"timer verb",
	 "alert32016 B=no-answer 1:480 A=no-answer tell:/status?no-answer release end"});
	SCRIPT(&script_phone, /* it does not even answer */
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true'>+14155550100</Dial></Response>",
	 "B=queued resolve(B,+14155550100) verb=30"},
	{"resolve B carrier 2 owned",
	 "media(A,B)"},
	{"ready",
	 "2:INVITE+PCMU,PCMA,G722,opus"},
	{"2 408",
	 "3:INVITE+PCMU,PCMA,G722,opus"},
	{"3 408",
	 "alert32016 B=no-answer -verb 1:480 A=no-answer tell:/status?no-answer release end"});
	SCRIPT(&script_phone, /* but nobody answers at the phone */
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true'>+14155550100</Dial></Response>",
	 "B=queued resolve(B,+14155550100) verb=30"},
	{"resolve B carrier 1 owned",
	 "media(A,B)"},
	{"ready",
	 "2:INVITE+PCMU,PCMA,G722,opus"},
	{"2 180",
	 "B=ringing"},
	{"timer verb",
	 "2:CANCEL B=no-answer 1:480 A=no-answer tell:/status?no-answer"});
}

static void a_carrier_that_blocks_the_caller_is_told_of(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true'>+14155550100</Dial></Response>",
	 "B=queued resolve(B,+14155550100) verb=30"},
	{"resolve B carrier 2 owned",
	 "media(A,B)"},
	{"ready",
	 "2:INVITE+PCMU,PCMA,G722,opus"},
	{"2 608",
	 "alert32017 B=failed -verb 1:503/32017 A=failed tell:/status?failed release end"});
	SCRIPT(&script_phone, /* a phone that does not want it blocks nobody */
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true'><Sip>kate@example.test</Sip></Dial></Response>",
	 "B=queued resolve(B,sip:kate@example.test) verb=30"},
	{"resolve B fork 1",
	 "media(A,B)"},
	{"ready",
	 "2:INVITE+PCMU,PCMA,G722,opus"},
	{"2 607",
	 "B=busy -verb 1:486 A=busy tell:/status?busy release end"});
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

static void a_target_that_says_nothing_is_left_for_the_next(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true'>+14155550100</Dial></Response>",
	 "B=queued resolve(B,+14155550100) verb=30"},
	{"resolve B carrier 3 owned",
	 "media(A,B)"},
	{"ready",
	 "2:INVITE+PCMU,PCMA,G722,opus"},
	{"timer 2 guard",
	 "3:INVITE+PCMU,PCMA,G722,opus"},
	{"timer 3 guard",
	 "4:INVITE+PCMU,PCMA,G722,opus"},
	{"timer 4 guard", /* there is no other: it may be late */
	 ""},
	{"2 180", /* it was late */
	 "2:CANCEL"},
	{"3 200 PCMU",
	 "3:ACK 3:BYE"},
	{"4 200 PCMU",
	 "4:ACK B=in-progress -verb limit=14400 1:200+PCMU A=in-progress media(A<B,B<A)"});
	SCRIPT(&script_phone, /* any response shows that it is there */
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true'>+14155550100</Dial></Response>",
	 "B=queued resolve(B,+14155550100) verb=30"},
	{"resolve B carrier 2 owned",
	 "media(A,B)"},
	{"ready",
	 "2:INVITE+PCMU,PCMA,G722,opus"},
	{"2 100",
	 ""},
	{"timer 2 guard",
	 ""},
	{"2 200 PCMU",
	 "2:ACK B=in-progress -verb limit=14400 1:200+PCMU A=in-progress media(A<B,B<A)"});
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
	 "alert32219 B=failed -verb 1:503/32219 A=failed tell:/status?failed release end"});
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

// clang-format on

TEST_MAIN(cmocka_unit_test(the_uris_of_a_sip_are_tried_by_priority),
          cmocka_unit_test(a_busy_uri_is_the_last),
          cmocka_unit_test(carriers_that_do_not_ring_are_told_of),
          cmocka_unit_test(a_carrier_that_blocks_the_caller_is_told_of),
          cmocka_unit_test(carriers_are_tried_in_turn),
          cmocka_unit_test(a_target_that_says_nothing_is_left_for_the_next),
          cmocka_unit_test(a_callee_who_is_busy_ends_the_carriers),
          cmocka_unit_test(a_redirection_is_followed),
          cmocka_unit_test(a_redirection_to_a_private_address_is_refused),
          cmocka_unit_test(redirections_do_not_go_on_for_ever))
