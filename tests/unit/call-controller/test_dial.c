/*
 * test_dial.c - Dial: forks and results, told as tables
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
	 "alert32009 B=failed -verb 1:404/32009 A=failed tell:/status?failed end"});
}

static void a_uri_of_ours_needs_a_user(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true'><Sip>sip:example.test</Sip></Dial></Response>",
	 "B=queued resolve(B,sip:example.test) verb=30"},
	{"resolve B no-user",
	 "alert32223 B=failed -verb 1:404/32223 A=failed tell:/status?failed end"});
}

static void a_number_does_not_call_itself(void **state)
{
	(void)state;
	SCRIPT(&script_carrier,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true'>+15559999999</Dial></Response>",
	 "B=queued resolve(B,+15559999999) verb=30"},
	{"resolve B own",
	 "alert32006 B=failed -verb 1:503/32006 A=failed tell:/status?failed end"});
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
	 "alert32009 B=failed -verb 1:480/32009 A=no-answer tell:/status?no-answer end"});
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
	 "alert32011 B=failed -verb 1:503/32011 A=failed tell:/status?failed release end"});
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

static void a_silent_device_does_not_keep_the_call(void **state)
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
	 "B=no-answer 1:480 A=no-answer tell:/status?no-answer release end"});
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

/* An edge finds out that a name has no address, or a private one. */
static void a_host_without_an_address_is_told(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true'><Sip>b@x.test</Sip></Dial></Response>",
	 "B=queued resolve(B,sip:b@x.test) verb=30"},
	{"resolve B failover 1",
	 "media(A,B)"},
	{"ready",
	 "2:INVITE+PCMU,PCMA,G722,opus"},
	{"2 503 nohost",
	 "alert13254 B=failed -verb 1:503/13254 A=failed tell:/status?failed release end"});
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true'>+14155550100</Dial></Response>",
	 "B=queued resolve(B,+14155550100) verb=30"},
	{"resolve B failover 2 owned",
	 "media(A,B)"},
	{"ready",
	 "2:INVITE+PCMU,PCMA,G722,opus"},
	{"2 503 nohost", /* of a carrier: no fault of the document */
	 "alert32011 3:INVITE+PCMU,PCMA,G722,opus"},
	{"3 486",
	 "B=busy -verb 1:486 A=busy tell:/status?busy release end"});
}

static void a_password_that_is_not_taken_is_13249(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true'><Sip username='u' password='p'>sip:a@foreign.example</Sip></Dial></Response>",
	 "B=queued resolve(B,sip:a@foreign.example) verb=30"},
	{"resolve B failover 1",
	 "media(A,B)"},
	{"ready",
	 "2:INVITE+PCMU,PCMA,G722,opus"},
	{"2 407",
	 "alert32011 alert13249 B=failed -verb 1:503/13249 A=failed tell:/status?failed release end"});
	SCRIPT(&script_phone, /* there was none */
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial answerOnBridge='true'><Sip>sip:a@foreign.example</Sip></Dial></Response>",
	 "B=queued resolve(B,sip:a@foreign.example) verb=30"},
	{"resolve B failover 1",
	 "media(A,B)"},
	{"ready",
	 "2:INVITE+PCMU,PCMA,G722,opus"},
	{"2 407",
	 "alert32011 B=failed -verb 1:503/32011 A=failed tell:/status?failed release end"});
}

// clang-format on

TEST_MAIN(cmocka_unit_test(a_password_that_is_not_taken_is_13249),
          cmocka_unit_test(first_answer_wins),
          cmocka_unit_test(answer_crossing_cancel_is_acknowledged_and_ended),
          cmocka_unit_test(caller_gives_up),
          cmocka_unit_test(one_device_that_is_busy_does_not_end_the_others),
          cmocka_unit_test(busy_beats_no_answer),
          cmocka_unit_test(decline_speaks_for_all_devices),
          cmocka_unit_test(not_found_is_told_to_the_caller),
          cmocka_unit_test(a_uri_of_ours_needs_a_user),
          cmocka_unit_test(a_number_does_not_call_itself),
          cmocka_unit_test(not_registered_is_unavailable),
          cmocka_unit_test(any_other_failure_is_503),
          cmocka_unit_test(timeout_is_no_answer),
          cmocka_unit_test(a_silent_device_does_not_keep_the_call),
          cmocka_unit_test(after_no_answer_the_next_verb_runs),
          cmocka_unit_test(a_host_without_an_address_is_told))
