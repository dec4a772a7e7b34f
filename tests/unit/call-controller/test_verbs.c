/*
 * test_verbs.c - documents, their verbs and what goes wrong, as tables
 */
#include "unit/test.h"

#include "script.h"

// clang-format off
static void redirect_keeps_the_call_ringing(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Redirect method='GET'>../other.xml?a=1</Redirect></Response>",
	 "GET:/other.xml?a=1"},
	{"doc <Response><Redirect></Redirect></Response>",
	 "POST:/other.xml?a=1"});
}

static void a_pause_waits_without_an_answer(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Pause length='2'/><Hangup/></Response>",
	 "verb=2"},
	{"timer verb",
	 "media(A)"},
	{"ready",
	 "1:200+PCMU A=in-progress A=completed tell:/status?completed"},
	{"1 ack",
	 "1:BYE"},
	{"1 ended",
	 "release end"});
}

static void an_empty_document_is_answered_and_ended(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response></Response>",
	 "media(A)"},
	{"ready",
	 "1:200+PCMU A=in-progress A=completed tell:/status?completed"},
	{"1 ack",
	 "1:BYE"},
	{"1 ended",
	 "release end"});
}

static void reject_is_not_found(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Reject/></Response>",
	 "1:404 A=no-answer tell:/status?no-answer end"});
}

static void reject_busy_is_busy(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Reject reason='busy'/></Response>",
	 "1:486 A=busy tell:/status?busy end"});
}

static void a_bad_reject_reason_warns(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Reject reason='never'/></Response>",
	 "alert13810 1:404 A=no-answer tell:/status?no-answer end"});
}

static void reject_of_an_answered_call_hangs_up(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial><Sip>kate@example.test</Sip></Dial><Reject/></Response>",
	 "B=queued resolve(B,sip:kate@example.test) verb=30 media(A~ringback-us)"},
	{"ready",
	 "1:200+PCMU A=in-progress media(A~ringback-us)"},
	{"1 ack",
	 ""},
	{"resolve B not-found",
	 "alert32009 B=failed -verb 1:BYE A=completed tell:/status?completed"},
	{"1 ended",
	 "release end"});
}

static void without_a_document_comes_the_apology(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"fail 11205",
	 "alert11205 apology=15 media(A{say(sorry)})"},
	{"ready",
	 "1:200+PCMU A=in-progress media(A~say(sorry))"},
	{"1 ack",
	 ""},
	{"played",
	 "1:BYE -apology A=completed tell:/status?completed"},
	{"1 ended",
	 "release end"});
}

static void the_apology_does_not_last_for_ever(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response>",
	 "alert12100 apology=15 media(A{say(sorry)})"},
	{"ready",
	 "1:200+PCMU A=in-progress media(A~say(sorry))"},
	{"1 ack",
	 ""},
	{"timer apology",
	 "1:BYE A=completed tell:/status?completed"},
	{"1 ended",
	 "release end"});
}

static void a_wrong_root_is_no_document(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Foo/>",
	 "alert12102 apology=15 media(A{say(sorry)})"});
}

static void unknown_verbs_and_attributes_are_skipped_with_a_warning(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Enqueue>hi</Enqueue><Dial record='true' foo='1' timeout='1000'><Client>x</Client><Number url='/w'>+14155550100</Number></Dial></Response>",
	 "alert12200 alert13212 alert12200 alert13215 B=queued resolve(B,+14155550100) verb=30 media(A~ringback-us)"});
}

static void a_caller_who_hangs_up_while_the_document_is_fetched_is_forgotten(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"1 cancel",
	 "1:487 A=canceled tell:/status?canceled end"},
	{"doc <Response><Dial>+14155550100</Dial></Response>",
	 ""});
}

static void no_relay_means_503(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial>+14155550100</Dial></Response>",
	 "B=queued resolve(B,+14155550100) verb=30 media(A~ringback-us)"},
	{"nomedia",
	 "alert12400 1:503 B=canceled -verb A=failed tell:/status?failed end"});
}

static void a_lost_session_is_put_again(void **state)
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
	{"2 200 PCMU",
	 "2:ACK B=in-progress -verb limit=14400 media(A<B,B<A)"},
	{"1 ack",
	 ""},
	{"lost",
	 "media(A<B,B<A)"},
	{"ready",
	 ""});
}

static void a_silent_caller_ends_the_call(void **state)
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
	{"2 200 PCMU",
	 "2:ACK B=in-progress -verb limit=14400 media(A<B,B<A)"},
	{"1 ack",
	 ""},
	{"silent A",
	 "alert32014 2:BYE B=completed -limit 1:BYE A=completed tell:/status?completed"});
}

static void a_silent_child_ends_the_dial_only(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial>+14155550100</Dial><Pause/></Response>",
	 "B=queued resolve(B,+14155550100) verb=30 media(A~ringback-us)"},
	{"resolve B failover 1 owned",
	 "media(A~ringback-us,B)"},
	{"ready",
	 "1:200+PCMU A=in-progress 2:INVITE+PCMU,PCMA,G722,opus media(A~ringback-us,B)"},
	{"2 200 PCMU",
	 "2:ACK B=in-progress -verb limit=14400 media(A<B,B<A)"},
	{"1 ack",
	 ""},
	{"silent B",
	 "alert32014 2:BYE B=completed -limit verb=1 media(A)"});
}

static void a_drain_without_adoption_refuses_what_rings(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"shutdown",
	 "1:503 A=failed tell:/status?failed end"});
}

static void ending_by_the_api_cancels_what_rings(void **state)
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
	{"end",
	 "1:487 2:CANCEL B=canceled -verb A=canceled tell:/status?canceled"},
	{"2 487",
	 "release end"});
}

// clang-format on

TEST_MAIN(
	cmocka_unit_test(redirect_keeps_the_call_ringing),
	cmocka_unit_test(a_pause_waits_without_an_answer),
	cmocka_unit_test(an_empty_document_is_answered_and_ended),
	cmocka_unit_test(reject_is_not_found),
	cmocka_unit_test(reject_busy_is_busy),
	cmocka_unit_test(a_bad_reject_reason_warns),
	cmocka_unit_test(reject_of_an_answered_call_hangs_up),
	cmocka_unit_test(without_a_document_comes_the_apology),
	cmocka_unit_test(the_apology_does_not_last_for_ever),
	cmocka_unit_test(a_wrong_root_is_no_document),
	cmocka_unit_test(
		unknown_verbs_and_attributes_are_skipped_with_a_warning),
	cmocka_unit_test(
		a_caller_who_hangs_up_while_the_document_is_fetched_is_forgotten),
	cmocka_unit_test(no_relay_means_503),
	cmocka_unit_test(a_lost_session_is_put_again),
	cmocka_unit_test(a_silent_caller_ends_the_call),
	cmocka_unit_test(a_silent_child_ends_the_dial_only),
	cmocka_unit_test(a_drain_without_adoption_refuses_what_rings),
	cmocka_unit_test(ending_by_the_api_cancels_what_rings))
