/*
 * test_record_told.c - attributes of recordings, and what applications are told
 */
#include "unit/test.h"

#include "script.h"

#define RECORDS ";RecordVerb/in/beep/trim/3600/5)"

/* What a verb asks the relay to record, after its alerts */
static void records(const char *verb, const char *alerts, const char *want)
{
	char doc[512];
	const char *got;
	struct script s;

	(void)snprintf(doc, sizeof(doc), "doc <Response>%s<Pause/></Response>",
	               verb);
	script_open(&s, &script_phone);
	(void)script_step(&s, "start");
	got = script_step(&s, doc);
	if (strncmp(got, alerts, strlen(alerts)) != 0)
		fail_msg("%s: %s", verb, got);
	if (!*alerts)
		assert_null(strstr(got, "alert"));
	got = strstr(script_step(&s, "ready"), ";");
	assert_non_null(got);
	assert_string_equal(want, got);
	script_close(&s);
}

static void attributes_of_record(void **state)
{
	(void)state;
	records("<Record timeout='0'/>", "",
	        ";RecordVerb/in/beep/trim/3600/0)");
	records("<Record timeout='9'/>", "",
	        ";RecordVerb/in/beep/trim/3600/9)");
	records("<Record timeout='x'/>", "alert13611", RECORDS);
	records("<Record maxLength='30'/>", "",
	        ";RecordVerb/in/beep/trim/30/5)");
	records("<Record maxLength='1'/>", "alert13612", RECORDS);
	records("<Record maxLength='14401'/>", "alert13612", RECORDS);
	records("<Record playBeep='false'/>", "",
	        ";RecordVerb/in/trim/3600/5)");
	records("<Record playBeep='x'/>", "alert13616", RECORDS);
	records("<Record trim='do-not-trim'/>", "",
	        ";RecordVerb/in/beep/3600/5)");
	records("<Record trim='x'/>", "alert13699", RECORDS);
	records("<Record method='x'/>", "alert13610", RECORDS);
	records("<Record finishOnKey='x'/>", "alert13613", RECORDS);
	records("<Record transcribe='x'/>", "alert13614", RECORDS);
	records("<Record transcribe='true' maxLength='300'/>", "alert13615",
	        ";RecordVerb/in/beep/trim/300/5)");
	records("<Record transcribeCallback='/x'/>", "alert13257", RECORDS);
	records("<Record transcribe='true' maxLength='60' "
	        "transcribeCallback='ftp://x'/>",
	        "alert13257", ";RecordVerb/in/beep/trim/60/5)");
	records("<Record recordingStatusCallback='ftp://x'/>", "alert13256",
	        RECORDS);
	records("<Record recordingStatusCallbackMethod='x'/>", "alert13610",
	        RECORDS);
	records("<Record recordingStatusCallbackEvent='x'/>", "alert13621",
	        RECORDS);
	records("<Record><Say>x</Say></Record>", "alert12200", RECORDS);
}

static void starts(const char *recording, const char *alerts, const char *want)
{
	char verb[512];

	(void)snprintf(verb, sizeof(verb), "<Start>%s</Start><Gather/>",
	               recording);
	records(verb, alerts, want);
}

static void attributes_of_start_recording(void **state)
{
	(void)state;
	starts("<Recording/>", "", ";StartCallRecordingTwiML/both/dual)");
	starts("<Recording channels='mono'/>", "",
	       ";StartCallRecordingTwiML/both)");
	starts("<Recording track='inbound'/>", "",
	       ";StartCallRecordingTwiML/in)");
	starts("<Recording track='outbound' trim='trim-silence'/>", "",
	       ";StartCallRecordingTwiML/out/trim)");
	starts("<Recording track='x'/>", "alert13622",
	       ";StartCallRecordingTwiML/both/dual)");
	starts("<Recording channels='x'/>", "alert12200",
	       ";StartCallRecordingTwiML/both/dual)");
	starts("<Recording trim='x'/>", "alert13699",
	       ";StartCallRecordingTwiML/both/dual)");
	starts("<Stream url='wss://x'/><Recording/>", "alert14300",
	       ";StartCallRecordingTwiML/both/dual)");
}

static void begin(struct script *s, const char *doc)
{
	script_open(s, &script_phone);
	(void)script_step(s, "start");
	(void)script_step(s, doc);
	(void)script_step(s, "ready");
	(void)script_step(s, "1 ack");
	(void)script_step(s, "recording");
}

static void what_the_action_is_told(void **state)
{
	struct script s;
	char url[200];

	(void)state;
	begin(&s, "doc <Response><Record/></Response>");
	(void)script_step(&s, "digit A 5");
	(void)script_step(&s, "recorded 4600");
	(void)snprintf(url, sizeof(url),
	               "http://api.test/2010-04-01/Accounts/"
	               "AC00000000000000000000000000000001/Recordings/%s",
	               s.recording);
	script_expect(&s, "RecordingUrl", url);
	script_expect(&s, "RecordingSid", s.recording);
	script_expect(&s, "RecordingDuration", "5");
	script_expect(&s, "Digits", "5");
	script_expect(&s, "CallStatus", "in-progress");
	script_close(&s);

	begin(&s, "doc <Response><Record/></Response>");
	(void)script_step(&s, "1 bye");
	(void)script_step(&s, "recorded 4600");
	script_expect(&s, "RecordingUrl", url);
	script_expect(&s, "Digits", "hangup");
	script_expect(&s, "CallStatus", "completed");
	script_close(&s);
}

static void what_the_status_callback_is_told(void **state)
{
	struct script s;

	(void)state;
	begin(&s, "doc <Response><Record recordingStatusCallback='/rec' "
	          "recordingStatusCallbackMethod='GET'/></Response>");
	(void)script_step(&s, "1 bye");
	(void)script_step(&s, "recorded 0 failed");
	script_expect(&s, "RecordingStatus", "failed");
	script_expect(&s, "ErrorCode", "16001");
	assert_string_equal("GET",
	                    script_command(&s, CMD_NOTIFY)->fetch.method);
	script_close(&s);

	begin(&s, "doc <Response><Record recordingStatusCallback='/rec'/>"
	          "<Hangup/></Response>");
	(void)script_step(&s, "recorded 0 silence");
	assert_null(script_param(&s, "RecordingStatus")); /* absent */
	script_close(&s);

	begin(&s, "doc <Response><Start><Recording channels='mono' "
	          "track='outbound' recordingStatusCallback='/rec'/></Start>"
	          "<Gather/></Response>");
	(void)script_step(&s, "recorded 61000 length");
	script_expect(&s, "AccountSid", "AC00000000000000000000000000000001");
	script_expect(&s, "CallSid", "CA00000000000000000000000000000001");
	script_expect(&s, "RecordingSid", s.recording);
	script_expect(&s, "RecordingStatus", "completed");
	script_expect(&s, "RecordingDuration", "61");
	script_expect(&s, "RecordingChannels", "1");
	script_expect(&s, "RecordingTrack", "outbound");
	script_expect(&s, "RecordingSource", "StartCallRecordingTwiML");
	script_expect(&s, "RecordingStartTime",
	              "Sun, 09 Sep 2001 01:46:40 +0000");
	script_expect(&s, "ErrorCode", "0");
	script_close(&s);
}

static void a_transcription_is_kept_though_nobody_is_told(void **state)
{
	struct script s;
	const struct cmd_transcription *t;
	char sid[SID_SIZE];

	(void)state;
	begin(&s, "doc <Response><Record transcribe='true'/></Response>");
	(void)script_step(&s, "recorded 4600 silence");
	t = &script_command(&s, CMD_TRANSCRIPTION)->transcription;
	(void)snprintf(sid, sizeof(sid), "%s", t->sid);
	assert_int_equal(0, strncmp(sid, "TR", 2));
	assert_string_equal("in-progress", t->status);
	(void)script_step(&s, "wait 1500");
	(void)script_step(&s, "restored");
	assert_string_equal("transcription(completed)",
	                    script_step(&s, "transcribed hello there"));
	t = &script_command(&s, CMD_TRANSCRIPTION)->transcription;
	assert_string_equal(sid, t->sid);
	assert_string_equal(s.recording, t->recording);
	assert_string_equal("CA00000000000000000000000000000001", t->call_sid);
	assert_string_equal("AC00000000000000000000000000000001",
	                    t->account_sid);
	assert_string_equal("hello there", t->text);
	assert_int_equal(5, t->duration_s);
	assert_int_equal(1500, t->updated_ms - t->created_ms);
	script_close(&s);
}

static void what_the_transcription_is_told_with(void **state)
{
	struct script s;

	(void)state;
	begin(&s, "doc <Response><Record transcribe='true' "
	          "transcribeCallback='/text'/></Response>");
	(void)script_step(&s, "recorded 4600 silence");
	(void)script_step(&s, "transcribed hello there");
	script_expect(&s, "TranscriptionText", "hello there");
	script_expect(&s, "TranscriptionStatus", "completed");
	script_expect(&s, "RecordingSid", s.recording);
	script_expect(&s, "CallSid", "CA00000000000000000000000000000001");
	assert_int_equal(34, strlen(script_param(&s, "TranscriptionSid")));
	script_close(&s);
}

static void eight_recordings_of_a_call_are_enough(void **state)
{
	struct script s;
	char doc[1024] = "doc <Response><Start>";

	(void)state;
	for (int i = 0; i < 9; i++)
		(void)strcat(doc, "<Recording/>");
	(void)strcat(doc, "</Start><Gather/></Response>");
	script_open(&s, &script_phone);
	(void)script_step(&s, "start");
	assert_string_equal("alert12400 verb=5 media(A#)",
	                    script_step(&s, doc));
	script_close(&s);
}

TEST_MAIN(cmocka_unit_test(attributes_of_record),
          cmocka_unit_test(attributes_of_start_recording),
          cmocka_unit_test(what_the_action_is_told),
          cmocka_unit_test(what_the_status_callback_is_told),
          cmocka_unit_test(a_transcription_is_kept_though_nobody_is_told),
          cmocka_unit_test(what_the_transcription_is_told_with),
          cmocka_unit_test(eight_recordings_of_a_call_are_enough))
