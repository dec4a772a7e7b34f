/*
 * test_control.c - live calls that the API changes, told as tables
 */
#include "unit/test.h"

#include "script.h"

// clang-format off
#define ANSWERED \
	{"start", \
	 "1:180 A=ringing POST:/voice"}, \
	{"doc <Response><Pause length='60'/></Response>", \
	 "verb=60"}

/* alice and kate talk */
#define BRIDGED(attributes) \
	{"start", \
	 "1:180 A=ringing POST:/voice"}, \
	{"doc <Response><Dial " attributes "><Sip statusCallback='/child'>kate@example.test</Sip></Dial><Pause/></Response>", \
	 "B=queued resolve(B,sip:kate@example.test) verb=30 media(A~ringback-us)"}, \
	{"resolve B fork 1", \
	 "media(A~ringback-us,B)"}, \
	{"ready", \
	 "1:200+PCMU A=in-progress 2:INVITE+PCMU,PCMA,G722,opus media(A~ringback-us,B)"}, \
	{"1 ack", \
	 ""}, \
	{"2 200 PCMU", \
	 "2:ACK B=in-progress -verb limit=14400 media(A<B,B<A)"}

static void a_call_in_progress_goes_to_another_document(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Say>Please wait</Say><Pause length='60'/></Response>",
	 "media(A{say(Please wait)})"},
	{"ready",
	 "1:200+PCMU A=in-progress media(A~say(Please wait){pause(60000)})"},
	{"1 ack",
	 ""},
	{"change A url /other",
	 "POST:/other reply(in-progress) media(A)"},
	{"doc <Response><Play>a.wav</Play></Response>",
	 "media(A~play(/a.wav))"},
	{"change A twiml <Response><Pause length='5'/></Response>",
	 "verb=5 reply(in-progress) media(A)"},
	{"change A twiml <Response><Hangup/></Response>",
	 "-verb 1:BYE A=completed tell:/status?completed reply(completed)"},
	{"change A twiml <Response><Hangup/></Response>",
	 "reply21220(completed)"},
	{"1 ended",
	 "release end"});
}

static void the_answer_of_the_document_that_was_left_comes_too_late(void **state)
{
	struct script s;
	uint64_t first;

	(void)state;
	script_open(&s, &script_api);
	(void)script_step(&s, "start");
	(void)script_step(&s, "resolve A fork 1");
	(void)script_step(&s, "ready");
	(void)script_step(&s, "1 200 PCMU");
	first = s.fetch_id;
	(void)script_step(&s, "change A url /other");
	assert_true(s.fetch_id > first);
	s.fetch_id = first;
	assert_string_equal("", script_step(&s, "doc <Response><Hangup/></Response>"));
	script_close(&s);
}

static void a_dial_ends_without_its_action(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	BRIDGED("action='/next'"),
	{"change A url /other",
	 "2:BYE B=completed tell:/child?completed -limit POST:/other reply(in-progress) media(A)"},
	{"2 ended",
	 ""},
	{"doc <Response/>",
	 "1:BYE A=completed tell:/status?completed"});
}

static void a_call_that_rings_is_not_redirected(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	ANSWERED,
	{"change A url /other",
	 "reply21220(ringing)"},
	{"change A canceled",
	 "1:487 -verb A=canceled tell:/status?canceled reply(canceled) end"});
}

static void a_call_that_talks_is_ended_and_not_canceled(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	BRIDGED(""),
	{"change A canceled",
	 "reply21220(in-progress)"},
	{"change A completed",
	 "2:BYE B=completed tell:/child?completed -limit 1:BYE A=completed tell:/status?completed reply(completed)"},
	{"change A completed", /* again: the first answer was lost */
	 "reply(completed)"},
	{"change A canceled",
	 "reply21220(completed)"},
	{"2 ended",
	 ""},
	{"1 ended",
	 "release end"});
}

static void a_placed_call_is_canceled_while_it_rings(void **state)
{
	(void)state;
	SCRIPT(&script_api,
	{"start",
	 "verb=60 A=queued tell:/status?initiated resolve(A,sip:kate@example.test)"},
	{"resolve A fork 1",
	 "media(A)"},
	{"ready",
	 "1:INVITE+PCMU,PCMA,G722,opus"},
	{"1 180",
	 "A=ringing tell:/status?ringing"},
	{"change A canceled",
	 "-verb 1:CANCEL A=canceled tell:/status?canceled reply(canceled)"},
	{"1 487",
	 "release end"});
}

static void a_child_that_rings_is_ended_and_the_dial_goes_on(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	{"start",
	 "1:180 A=ringing POST:/voice"},
	{"doc <Response><Dial action='/next'><Sip>kate@example.test</Sip><Sip>joe@example.test</Sip></Dial></Response>",
	 "B=queued resolve(B,sip:kate@example.test) C=queued resolve(C,sip:joe@example.test) verb=30 media(A~ringback-us)"},
	{"resolve B fork 1",
	 "media(A~ringback-us,B)"},
	{"resolve C fork 1",
	 "media(A~ringback-us,B,C)"},
	{"ready",
	 "1:200+PCMU A=in-progress 2:INVITE+PCMU,PCMA,G722,opus 3:INVITE+PCMU,PCMA,G722,opus media(A~ringback-us,B,C)"},
	{"1 ack",
	 ""},
	{"2 180",
	 "B=ringing"},
	{"3 180",
	 "C=ringing"},
	{"change B url /other",
	 "reply21220(ringing)"},
	{"change B completed",
	 "2:CANCEL B=canceled reply(canceled) media(A~ringback-us,C)"},
	{"change B completed",
	 "reply(canceled)"},
	{"change B canceled",
	 "reply(canceled)"},
	{"change B url /other",
	 "reply21220(canceled)"},
	{"change C canceled",
	 "3:CANCEL C=canceled -verb POST:/next reply(canceled) media(A)"});
}

static void a_child_that_talks_is_ended_and_the_caller_goes_on(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	BRIDGED("action='/next'"),
	{"change B completed",
	 "2:BYE B=completed tell:/child?completed -limit POST:/next reply(completed) media(A)"},
	{"change B completed",
	 "reply(completed)"},
	{"change B canceled",
	 "reply21220(completed)"});
}

static void a_child_leaves_the_dial_for_a_document_of_its_own(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	BRIDGED("action='/next'"),
	{"change B url /other",
	 "detach(2) -limit POST:/next reply(in-progress) media(A)"},
	{"detached",
	 "POST:/other media(B)"},
	{"ready",
	 ""},
	{"moved",
	 "2:REINVITE+PCMU"},
	{"2 reanswer PCMU",
	 "2:ACK"},
	{"doc <Response><Say>Hello</Say><Dial><Sip>joe@example.test</Sip></Dial></Response>",
	 "media(B~say(Hello))"},
	{"restored",
	 "media(B~say(Hello))"},
	{"played",
	 "C=queued resolve(C,sip:joe@example.test) verb=30 media(B~ringback-us)"},
	{"change B completed",
	 "C=canceled -verb 2:BYE B=completed tell:/child?completed reply(completed)"},
	{"2 ended",
	 "release end"});
}

static void its_phone_hangs_up_before_it_heard_of_that(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	BRIDGED(""),
	{"change B twiml <Response><Pause length='9'/></Response>",
	 "detach(2) -limit verb=1 reply(in-progress) media(A)"},
	{"detached",
	 "verb=9 media(B)"},
	{"2 bye",
	 "-verb B=completed tell:/child?completed release end"});
}

static void a_limit_is_set_on_a_call_that_talks(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	BRIDGED(""),
	{"wait 30000",
	 ""},
	{"change A limit 90",
	 "call=60 reply(in-progress)"},
	{"change A told /told",
	 "reply(in-progress)"},
	{"timer call",
	 "alert32015 2:BYE B=completed tell:/child?completed -limit 1:BYE A=completed tell:/told?completed"});
}

static void the_document_does_not_wait_for_who_answered_any_more(void **state)
{
	static struct outgoing_spec spec;
	struct call_start start = script_api;
	static const struct script_row rows[] = {
	{"start",
	 "verb=60 A=queued resolve(A,sip:kate@example.test)"},
	{"resolve A fork 1",
	 "media(A)"},
	{"ready",
	 "1:INVITE+PCMU,PCMA,G722,opus"},
	{"1 200 PCMU",
	 "1:ACK A=in-progress -verb call=14400 verb=40 media(A?)"},
	{"change A url /other",
	 "-verb POST:/other reply(in-progress)"},
	{"machine A human",
	 "A=in-progress media(A)"},
	{"doc <Response><Pause/></Response>",
	 "verb=1"}};
	struct script s;

	(void)state;
	spec = script_outgoing;
	spec.events = NOTIFY_COMPLETED;
	spec.detect = (struct detect){.wanted = true, .timeout_ms = 30000};
	start.outgoing = &spec;
	script_open(&s, &start);
	script_run(&s, rows, N_OF(rows));
	script_close(&s);
}

static void a_call_is_recorded_from_now_on(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	ANSWERED,
	{"record A",
	 "reply21220(ringing)"});
	SCRIPT(&script_phone,
	BRIDGED(""),
	{"record A",
	 "reply(in-progress) media(A<B,B<A;StartCallRecordingAPI/both)"},
	{"record A",
	 "reply(in-progress)"},
	{"recording",
	 ""},
	{"pause A skip",
	 "reply(paused) media(A<B,B<A;StartCallRecordingAPI/both/skips)"},
	{"restored",
	 "limit=14400 media(A<B,B<A;StartCallRecordingAPI/both/skips)"},
	{"resume A",
	 "reply(in-progress) media(A<B,B<A;StartCallRecordingAPI/both)"},
	{"pause A",
	 "reply(paused) media(A<B,B<A;StartCallRecordingAPI/both/paused)"},
	{"stop A",
	 "recording=10 reply(stopped) media(A<B,B<A)"},
	{"stop A",
	 "reply21220(in-progress)"},
	{"recorded 5000",
	 "tell:/recorded?completed -recording"});
}

static void a_child_is_recorded_until_it_ends(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	BRIDGED(""),
	{"record B",
	 "reply(in-progress) media(A<B,B<A;StartCallRecordingAPI/both)"},
	{"pause A",
	 "reply21220(in-progress)"},
	{"2 bye",
	 "B=completed tell:/child?completed -limit verb=1 recording=10 media(A)"},
	{"recorded 5000",
	 "tell:/recorded?completed -recording"});
}
// clang-format on

static void a_call_of_its_own_is_told_as_the_child_it_was(void **state)
{
	struct script s;

	(void)state;
	script_open(&s, &script_phone);
	(void)script_step(&s, "start");
	(void)script_step(&s, "doc <Response><Dial><Sip "
	                      "statusCallback='/child' statusCallbackEvent="
	                      "'initiated completed'>kate@example.test</Sip>"
	                      "</Dial></Response>");
	(void)script_step(&s, "resolve B fork 1");
	(void)script_step(&s, "ready");
	(void)script_step(&s, "2 200 PCMU");
	(void)script_step(&s, "change B url /other");
	(void)script_step(&s, "detached");
	assert_string_equal("outbound-dial", script_param(&s, "Direction"));
	assert_string_equal(s.sids[0], script_param(&s, "ParentCallSid"));
	assert_string_equal(s.sids[1], script_param(&s, "CallSid"));
	assert_string_equal("sip:kate@example.test", script_param(&s, "To"));
	(void)script_step(&s, "wait 7000");
	(void)script_step(&s, "2 bye");
	assert_string_equal("7", script_param(&s, "CallDuration"));
	assert_string_equal("1", script_param(&s, "SequenceNumber"));
	script_close(&s);
}

TEST_MAIN(
	cmocka_unit_test(a_call_in_progress_goes_to_another_document),
	cmocka_unit_test(
		the_answer_of_the_document_that_was_left_comes_too_late),
	cmocka_unit_test(a_dial_ends_without_its_action),
	cmocka_unit_test(a_call_that_rings_is_not_redirected),
	cmocka_unit_test(a_call_that_talks_is_ended_and_not_canceled),
	cmocka_unit_test(a_placed_call_is_canceled_while_it_rings),
	cmocka_unit_test(a_child_that_rings_is_ended_and_the_dial_goes_on),
	cmocka_unit_test(a_child_that_talks_is_ended_and_the_caller_goes_on),
	cmocka_unit_test(a_child_leaves_the_dial_for_a_document_of_its_own),
	cmocka_unit_test(its_phone_hangs_up_before_it_heard_of_that),
	cmocka_unit_test(a_limit_is_set_on_a_call_that_talks),
	cmocka_unit_test(the_document_does_not_wait_for_who_answered_any_more),
	cmocka_unit_test(a_call_is_recorded_from_now_on),
	cmocka_unit_test(a_child_is_recorded_until_it_ends),
	cmocka_unit_test(a_call_of_its_own_is_told_as_the_child_it_was))
