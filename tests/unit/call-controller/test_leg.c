/*
 * test_leg.c - the ugly truths of SIP legs, told as tables
 */
#include "unit/test.h"

#include "script.h"

// clang-format off
static void rfc3261_9_1_cancel_waits_for_a_provisional(void **state)
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
	{"2 200 PCMU",
	 "2:ACK B=in-progress -verb limit=14400 1:200+PCMU A=in-progress media(A<B,B<A)"},
	{"3 100",
	 "3:CANCEL"},
	{"3 487",
	 ""});
}

static void rfc3261_9_2_cancel_after_the_answer_is_too_late(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial>+14155550100</Dial></Response>",
	 "B=queued resolve(B,+14155550100) verb=30 media(A~ringback-us)"},
	{"ready",
	 "1:200+PCMU A=in-progress media(A~ringback-us)"},
	{"1 cancel",
	 ""});
}

static void rfc3261_13_2_2_4_a_second_dialog_is_acknowledged_and_ended(void **state)
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
	{"2 200 PCMU other",
	 "2:ACK/other 2:BYE/other"},
	{"2 ended",
	 ""},
	{"2 bye other",
	 ""},
	{"1 ack",
	 ""},
	{"2 bye",
	 "B=completed -limit 1:BYE A=completed tell:/status?completed"},
	{"1 ended",
	 "release end"});
}

static void rfc3261_13_3_1_4_no_ack_ends_the_call(void **state)
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
	{"1 noack",
	 "1:BYE alert32022 2:BYE B=completed -limit A=completed tell:/status?completed"},
	{"2 ended",
	 ""},
	{"1 ended",
	 "release end"});
}

static void rfc3261_15_no_bye_before_the_ack(void **state)
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
	{"2 bye",
	 "B=completed -limit A=completed tell:/status?completed"},
	{"1 ack",
	 "1:BYE"},
	{"1 ended",
	 "release end"});
}

static void rfc3261_15_1_1_a_bye_in_the_early_dialog_gives_up(void **state)
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
	{"2 bye",
	 ""},
	{"1 bye",
	 "1:487 2:CANCEL B=canceled -verb A=canceled tell:/status?canceled"},
	{"2 487",
	 "release end"});
}

static void rfc3261_14_2_a_second_invite_in_the_early_dialog_is_500(void **state)
{
	struct script s;
	unsigned after;

	(void)state;
	script_open(&s, &script_phone);
	(void)script_step(&s, "start");
	assert_string_equal("1:answer500", script_step(&s, "1 offer PCMU"));
	after = script_command(&s, CMD_ANSWER)->respond.retry_after;
	assert_true(after >= 1 && after <= 10);
	assert_string_equal("1:answer500", script_step(&s, "1 offer -"));
	assert_string_equal("1:answer200", script_step(&s, "1 update -"));
	script_close(&s);
}

static void rfc3261_14_2_an_invite_while_ours_is_open_is_491(void **state)
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
	{"2 183 PCMU",
	 "B=ringing 1:183+PCMU media(A<B,B)"},
	{"2 offer PCMU",
	 "2:answer491"},
	{"2 offer -",
	 "2:answer491"},
	{"2 update PCMU",
	 "2:answer200+PCMU"});
}

static void rfc3261_15_bye_crossing_bye(void **state)
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
	{"1 bye",
	 "2:BYE B=completed -limit A=completed tell:/status?completed"},
	{"2 bye",
	 "release end"});
}

static void rfc3261_14_1_glare_is_tried_again_later(void **state)
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
	{"2 200 PCMA",
	 "2:ACK B=in-progress -verb limit=14400 1:REINVITE+PCMA,PCMU media(A<B,B<A)"},
	{"1 refail 491",
	 ""},
	{"timer 1 glare",
	 "1:REINVITE+PCMA,PCMU"},
	{"1 refail 430",
	 "1:REINVITE+PCMA,PCMU"},
	{"1 reanswer PCMA",
	 "1:ACK media(A<B,B<A)"});
}

static void rfc3261_14_2_an_offer_while_ours_is_open_is_491(void **state)
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
	{"2 200 PCMA",
	 "2:ACK B=in-progress -verb limit=14400 1:REINVITE+PCMA,PCMU media(A<B,B<A)"},
	{"1 offer PCMU",
	 "1:answer491"},
	{"1 reanswer PCMA",
	 "1:ACK media(A<B,B<A)"},
	{"1 offer PCMA",
	 "1:answer200+PCMA"});
}

static void rfc3261_14_1_a_refused_codec_is_asked_of_the_other_side(void **state)
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
	{"2 200 PCMA",
	 "2:ACK B=in-progress -verb limit=14400 1:REINVITE+PCMA,PCMU media(A<B,B<A)"},
	{"1 refail 488",
	 "2:REINVITE+PCMU,PCMA"},
	{"2 reanswer PCMU",
	 "2:ACK media(A<B,B<A)"},
	{"1 bye",
	 "2:BYE B=completed -limit A=completed tell:/status?completed"},
	{"2 ended",
	 "release end"});
}

static void a_bridge_without_a_common_codec_stays(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial action='/next'>+14155550100</Dial></Response>",
	 "B=queued resolve(B,+14155550100) verb=30 media(A~ringback-us)"},
	{"resolve B failover 1 owned",
	 "media(A~ringback-us,B)"},
	{"ready",
	 "1:200+PCMU A=in-progress 2:INVITE+PCMU,PCMA,G722,opus media(A~ringback-us,B)"},
	{"2 200 PCMA",
	 "2:ACK B=in-progress -verb limit=14400 media(A<B,B<A)"},
	{"1 ack",
	 "1:REINVITE+PCMA,PCMU"},
	{"1 refail 488",
	 "2:REINVITE+PCMU,PCMA"},
	{"2 refail 488",
	 ""},
	{"1 offer PCMU",
	 "1:answer200+PCMU 2:REINVITE+PCMU,PCMA media(A<B,B<A)"});
}

static void a_caller_who_answers_with_the_old_codec_is_asked_once(void **state)
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
	{"2 200 PCMA",
	 "2:ACK B=in-progress -verb limit=14400 1:REINVITE+PCMA,PCMU media(A<B,B<A)"},
	{"1 reanswer PCMU",
	 "1:ACK 2:REINVITE+PCMU,PCMA media(A<B,B<A)"},
	{"2 reanswer PCMA",
	 "2:ACK"});
}

static void rfc3261_12_2_1_2_481_to_a_reinvite_ends_the_dialog(void **state)
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
	{"2 200 PCMA",
	 "2:ACK B=in-progress -verb limit=14400 1:REINVITE+PCMA,PCMU media(A<B,B<A)"},
	{"1 refail 481",
	 "1:BYE 2:BYE B=completed -limit A=completed tell:/status?completed"},
	{"2 ended",
	 ""},
	{"1 ended",
	 "release end"});
}

// clang-format on

TEST_MAIN(
	cmocka_unit_test(a_bridge_without_a_common_codec_stays),
	cmocka_unit_test(a_caller_who_answers_with_the_old_codec_is_asked_once),
	cmocka_unit_test(rfc3261_9_1_cancel_waits_for_a_provisional),
	cmocka_unit_test(rfc3261_9_2_cancel_after_the_answer_is_too_late),
	cmocka_unit_test(
		rfc3261_13_2_2_4_a_second_dialog_is_acknowledged_and_ended),
	cmocka_unit_test(rfc3261_13_3_1_4_no_ack_ends_the_call),
	cmocka_unit_test(rfc3261_15_no_bye_before_the_ack),
	cmocka_unit_test(rfc3261_15_1_1_a_bye_in_the_early_dialog_gives_up),
	cmocka_unit_test(
		rfc3261_14_2_a_second_invite_in_the_early_dialog_is_500),
	cmocka_unit_test(rfc3261_14_2_an_invite_while_ours_is_open_is_491),
	cmocka_unit_test(rfc3261_15_bye_crossing_bye),
	cmocka_unit_test(rfc3261_14_1_glare_is_tried_again_later),
	cmocka_unit_test(rfc3261_14_2_an_offer_while_ours_is_open_is_491),
	cmocka_unit_test(
		rfc3261_14_1_a_refused_codec_is_asked_of_the_other_side),
	cmocka_unit_test(rfc3261_12_2_1_2_481_to_a_reinvite_ends_the_dialog))
