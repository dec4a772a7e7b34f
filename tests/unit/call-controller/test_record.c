/*
 * test_record.c - recordings of a caller and of a call, as tables
 */
#include "unit/test.h"

#include "script.h"

#define RINGING                                                                \
	{                                                                      \
		"start", "1:180 A=ringing POST:/voice"                         \
	}
#define ANSWERED "1:200+PCMU A=in-progress "
#define ACK                                                                    \
	{                                                                      \
		"1 ack", ""                                                    \
	}
#define RECORDS ";RecordVerb/in/beep/trim/3600/5)"

// clang-format off
static void a_message_goes_to_the_action(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	{"doc <Response><Record action='/message' method='GET'/><Hangup/></Response>",
	 "verb=3630 media(A#)"},
	{"ready",
	 ANSWERED "media(A#" RECORDS},
	ACK,
	{"recording",
	 ""},
	{"recorded 4200 silence",
	 "-verb GET:/message media(A)"});
}

static void a_key_ends_it(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	{"doc <Response><Record finishOnKey='12'/></Response>",
	 "verb=3630 media(A#)"},
	{"ready",
	 ANSWERED "media(A#" RECORDS},
	ACK,
	{"recording",
	 ""},
	{"digit A 3",
	 ""},
	{"digit A 2",
	 "recording=10 media(A#)"},
	{"digit A 1",
	 ""},
	{"recorded 4200",
	 "-verb POST:/voice -recording media(A)"});
}

static void an_empty_one_comes_to_the_next_verb(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	{"doc <Response><Record/><Pause/></Response>",
	 "verb=3630 media(A#)"},
	{"ready",
	 ANSWERED "media(A#" RECORDS},
	ACK,
	{"recording",
	 ""},
	{"recorded 0 silence",
	 "-verb verb=1 media(A)"});
}

static void who_hangs_up_has_left_a_message(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	{"doc <Response><Record action='/message' recordingStatusCallback='/rec' recordingStatusCallbackEvent='in-progress completed'/></Response>",
	 "verb=3630 media(A#)"},
	{"ready",
	 ANSWERED "media(A#" RECORDS},
	ACK,
	{"recording",
	 "tell:/rec?in-progress"},
	{"1 bye",
	 "-verb recording=10 media(A#) A=completed tell:/status?completed"},
	{"recorded 4200",
	 "tell:/rec?completed tell:/message?completed -recording release end"});
}

static void who_hangs_up_at_once_has_left_none(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	{"doc <Response><Record action='/message' recordingStatusCallback='/rec' recordingStatusCallbackEvent='absent'/></Response>",
	 "verb=3630 media(A#)"},
	{"ready",
	 ANSWERED "media(A#" RECORDS},
	ACK,
	{"1 bye",
	 "-verb recording=10 media(A#) A=completed tell:/status?completed"},
	{"recorded 0",
	 "tell:/rec?absent -recording release end"});
}

static void a_relay_that_does_not_tell_the_end_is_not_waited_for(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	{"doc <Response><Record recordingStatusCallback='/rec'/><Pause/></Response>",
	 "verb=3630 media(A#)"},
	{"ready",
	 ANSWERED "media(A#" RECORDS},
	ACK,
	{"timer verb",
	 "recording=10 media(A#)"},
	{"timer recording",
	 "alert12400 tell:/rec?failed verb=1 media(A)"});
	SCRIPT(&script_phone,
	RINGING,
	{"doc <Response><Record/></Response>",
	 "verb=3630 media(A#)"},
	{"ready",
	 ANSWERED "media(A#" RECORDS},
	ACK,
	{"1 bye",
	 "-verb recording=10 media(A#) A=completed tell:/status?completed"},
	{"timer recording",
	 "alert12400 release end"});
}

static void a_full_disk_is_told(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	{"doc <Response><Record recordingStatusCallback='/rec'/><Pause/></Response>",
	 "verb=3630 media(A#)"},
	{"ready",
	 ANSWERED "media(A#" RECORDS},
	ACK,
	{"recorded 0 failed",
	 "alert16001 tell:/rec?failed -verb verb=1 media(A)"});
}

static void a_transcription_is_told(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	{"doc <Response><Record transcribe='true' transcribeCallback='/text'/></Response>",
	 "verb=150 media(A#)"},
	{"ready",
	 ANSWERED "media(A#;RecordVerb/in/beep/trim/120/5)"},
	ACK,
	{"recorded 4200 silence",
	 "transcription(in-progress) transcribe(en-US) -verb POST:/voice media(A)"},
	{"doc <Response/>",
	 "media(A) 1:BYE A=completed tell:/status?completed"},
	{"1 ended",
	 ""},
	{"restored",
	 "transcribe(en-US) media()"},
	{"transcribed hello there",
	 "transcription(completed) tell:/text?hello there release end"});
}

static void what_is_too_short_or_fails_is_not_transcribed(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	{"doc <Response><Record transcribe='true' transcribeCallback='/text' maxLength='60'/></Response>",
	 "verb=90 media(A#)"},
	{"ready",
	 ANSWERED "media(A#;RecordVerb/in/beep/trim/60/5)"},
	ACK,
	{"recorded 2000 silence",
	 "alert13617 -verb POST:/voice media(A)"},
	{"doc <Response><Record transcribe='true' transcribeCallback='/text'/></Response>",
	 "verb=150 media(A#;RecordVerb/in/beep/trim/120/5)"},
	{"recorded 5000 silence",
	 "transcription(in-progress) transcribe(en-US) -verb POST:/voice media(A)"},
	{"transcribed 13620",
	 "alert13620 transcription(failed) tell:/text?"});
}

static void an_adopted_call_goes_on_recording(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	{"doc <Response><Record action='/message'/></Response>",
	 "verb=3630 media(A#)"},
	{"ready",
	 ANSWERED "media(A#" RECORDS},
	ACK,
	{"recording",
	 ""},
	{"restored",
	 "verb=3630 media(A#" RECORDS},
	{"digit A 1",
	 "recording=10 media(A#)"},
	{"restored",
	 "verb=3630 recording=10 media(A#)"},
	{"recorded 4200",
	 "-verb POST:/message -recording media(A)"});
}

static void a_recording_of_the_call_outlives_its_document(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	{"doc <Response><Start><Recording recordingStatusCallback='/rec'/></Start><Redirect/></Response>",
	 "POST:/voice"},
	{"doc <Response><Say>Hello</Say><Redirect/></Response>",
	 "media(A{say(Hello)})"},
	{"ready",
	 ANSWERED "media(A~say(Hello);StartCallRecordingTwiML/both/dual)"},
	ACK,
	{"recording",
	 ""},
	{"played",
	 "POST:/voice media(A;StartCallRecordingTwiML/both/dual)"},
	{"doc <Response/>",
	 "recording=10 media(A) 1:BYE A=completed tell:/status?completed"},
	{"1 ended",
	 ""},
	{"recorded 9000",
	 "tell:/rec?completed -recording release end"});
}

static void stop_ends_what_start_began(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	{"doc <Response><Start><Recording recordingStatusCallback='/rec'/></Start><Say>Hello</Say><Stop><Recording/></Stop><Record/></Response>",
	 "media(A{say(Hello)})"},
	{"ready",
	 ANSWERED "media(A~say(Hello);StartCallRecordingTwiML/both/dual)"},
	ACK,
	{"recording",
	 ""},
	{"played",
	 "recording=10 verb=3630 media(A#" RECORDS},
	{"recorded 9000", /* the newer one */
	 "-verb POST:/voice media(A)"},
	{"doc <Response><Stop><Recording/></Stop><Pause/></Response>",
	 "verb=1"});
}

static void stop_before_the_answer_leaves_no_recording(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	{"doc <Response><Start><Recording recordingStatusCallback='/rec' recordingStatusCallbackEvent='absent completed'/></Start><Stop><Recording/></Stop><Say>Hello</Say></Response>",
	 "tell:/rec?absent media(A{say(Hello)})"},
	{"ready",
	 ANSWERED "media(A~say(Hello))"});
}

static void what_does_not_run_is_not_stopped(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	{"doc <Response><Stop/><Stop><Recording/></Stop><Stop name='x'><Recording name='y'/><Stream name='z'/></Stop><Pause/></Response>",
	 "alert12200 alert12200 alert12200 verb=1"});
}

static void a_call_that_is_never_answered_is_not_recorded(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	{"doc <Response><Start><Recording recordingStatusCallback='/rec' recordingStatusCallbackEvent='absent'/></Start><Reject/></Response>",
	 "1:404 tell:/rec?absent A=no-answer tell:/status?no-answer end"});
}
// clang-format on

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_goes_to_the_action),
		cmocka_unit_test(a_key_ends_it),
		cmocka_unit_test(an_empty_one_comes_to_the_next_verb),
		cmocka_unit_test(who_hangs_up_has_left_a_message),
		cmocka_unit_test(who_hangs_up_at_once_has_left_none),
		cmocka_unit_test(
			a_relay_that_does_not_tell_the_end_is_not_waited_for),
		cmocka_unit_test(a_full_disk_is_told),
		cmocka_unit_test(a_transcription_is_told),
		cmocka_unit_test(what_is_too_short_or_fails_is_not_transcribed),
		cmocka_unit_test(an_adopted_call_goes_on_recording),
		cmocka_unit_test(a_recording_of_the_call_outlives_its_document),
		cmocka_unit_test(stop_ends_what_start_began),
		cmocka_unit_test(stop_before_the_answer_leaves_no_recording),
		cmocka_unit_test(what_does_not_run_is_not_stopped),
		cmocka_unit_test(a_call_that_is_never_answered_is_not_recorded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
