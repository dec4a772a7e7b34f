/*
 * test_dial_media.c - recordings of a Dial, and who answered it, as tables
 */
#include "unit/test.h"

#include "script.h"

#define RINGING                                                                \
	{                                                                      \
		"start", "1:180 A=ringing POST:/voice"                         \
	}
#define CALLED                                                                 \
	{"resolve B fork 1", "media(A~ringback-us,B)"},                        \
		{"ready",                                                      \
	         "1:200+PCMU A=in-progress 2:INVITE+PCMU,PCMA,G722,opus "      \
	         "media(A~ringback-us,B)"},                                    \
	{                                                                      \
		"1 ack", ""                                                    \
	}

#define DIAL(attributes, noun)                                                 \
	{                                                                      \
		"doc <Response><Dial " attributes "><Sip " noun                \
		">kate@example.test</Sip></Dial></Response>",                  \
			"B=queued resolve(B,sip:kate@example.test) verb=30 "   \
			"media(A~ringback-us)"                                 \
	}

// clang-format off
static void a_machine_is_told(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	DIAL("", "machineDetection='Enable' amdStatusCallback='/amd' statusCallback='/cb'"),
	CALLED,
	{"2 200 PCMU",
	 "2:ACK B=in-progress -verb limit=14400 media(A<B,B<A?)"},
	{"restored",
	 "limit=14400 media(A<B,B<A?)"},
	{"machine B machine_start",
	 "tell:/amd?machine_start media(A<B,B<A)"},
	{"machine B human",
	 ""},
	{"2 bye",
	 "B=completed tell:/cb?machine_start -limit 1:BYE A=completed tell:/status?completed"});
}

static void a_dial_is_recorded_from_the_answer(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	DIAL("record='record-from-answer-dual' action='/next' recordingStatusCallback='/rec' recordingStatusCallbackEvent='in-progress completed'", ""),
	CALLED,
	{"2 200 PCMU",
	 "2:ACK B=in-progress -verb limit=14400 media(A<B,B<A;DialVerb/both/dual)"},
	{"recording",
	 "tell:/rec?in-progress"},
	{"restored",
	 "limit=14400 media(A<B,B<A;DialVerb/both/dual)"},
	{"2 bye",
	 "B=completed -limit recording=10 POST:/next media(A)"},
	{"recorded 3000",
	 "tell:/rec?completed -recording"});
}

static void a_dial_is_recorded_while_it_rings(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	DIAL("record='record-from-ringing' trim='trim-silence'", ""),
	{"resolve B fork 1",
	 "media(A~ringback-us,B)"},
	{"ready",
	 "1:200+PCMU A=in-progress 2:INVITE+PCMU,PCMA,G722,opus media(A~ringback-us,B;DialVerb/both/trim)"},
	{"1 ack",
	 ""},
	{"2 486",
	 "B=busy -verb recording=10 media(A,B) 1:BYE A=completed tell:/status?completed"},
	{"1 ended",
	 ""},
	{"recorded 3000",
	 "-recording release end"});
}
// clang-format on

/* What a Dial with these attributes asks for when it is answered: after ";" */
static void dials(const char *attributes, const char *noun, const char *alert,
                  const char *want)
{
	char doc[512];
	const char *got;
	struct script s;

	(void)snprintf(doc, sizeof(doc),
	               "doc <Response><Dial %s><Sip %s>kate@example.test</Sip>"
	               "</Dial></Response>",
	               attributes, noun);
	script_open(&s, &script_phone);
	(void)script_step(&s, "start");
	got = script_step(&s, doc);
	if (*alert ? strncmp(got, alert, strlen(alert)) != 0
	           : strstr(got, "alert") != NULL)
		fail_msg("%s %s: %s", attributes, noun, got);
	(void)script_step(&s, "resolve B fork 1");
	(void)script_step(&s, "ready");
	got = strstr(script_step(&s, "2 200 PCMU"), want);
	if (!got)
		fail_msg("%s %s: %s", attributes, noun, s.text);
	script_close(&s);
}

static void attributes_of_dial_and_noun(void **state)
{
	(void)state;
	dials("record='true'", "", "", "B<A;DialVerb/both)");
	dials("record='record-from-answer'", "", "", "B<A;DialVerb/both)");
	dials("record='false'", "", "", "B<A)");
	dials("record='do-not-record'", "", "", "B<A)");
	dials("record='always'", "", "alert13217", "B<A)");
	dials("record='record-from-ringing-dual'", "", "", "limit=14400");
	dials("record='true' recordingTrack='inbound'", "", "",
	      "B<A;DialVerb/in)");
	dials("record='record-from-answer-dual' recordingTrack='outbound'", "",
	      "", "B<A;DialVerb/out)");
	dials("recordingTrack='x'", "", "alert13622", "B<A)");
	dials("trim='x'", "", "alert13699", "B<A)");
	dials("recordingStatusCallback='ftp://x'", "", "alert13256", "B<A)");
	dials("recordingStatusCallbackMethod='x'", "", "alert13210", "B<A)");
	dials("recordingStatusCallbackEvent='x'", "", "alert13621", "B<A)");
	dials("", "url='ftp://x'", "alert11100", "B<A)");
	dials("", "method='x'", "alert13241", "B<A)");
	dials("", "sendDigits='1w'", "", "B~keys(1w))");
	dials("", "sendDigits='x'", "alert13242", "B<A)");
	dials("", "machineDetection='x'", "alert12200", "B<A)");
	dials("", "machineDetectionTimeout='61'", "alert12200", "B<A)");
	dials("", "machineDetectionSpeechThreshold='1'", "alert12200", "B<A)");
	dials("", "machineDetectionSpeechEndThreshold='1'", "alert12200",
	      "B<A)");
	dials("", "machineDetectionSilenceTimeout='1'", "alert12200", "B<A)");
	dials("", "amdStatusCallback='ftp://x'", "alert11100", "B<A)");
	dials("", "amdStatusCallbackMethod='x'", "alert12200", "B<A)");
}

static void how_the_relay_detects(void **state)
{
	const struct detect *detect;
	struct script s;

	(void)state;
	script_open(&s, &script_phone);
	(void)script_step(&s, "start");
	(void)script_step(
		&s, "doc <Response><Dial><Sip "
		    "machineDetection='DetectMessageEnd' "
		    "machineDetectionTimeout='20' "
		    "machineDetectionSpeechThreshold='2000' "
		    "machineDetectionSpeechEndThreshold='900' "
		    "machineDetectionSilenceTimeout='3000' "
		    "amdStatusCallback='/amd' amdStatusCallbackMethod='GET'>"
		    "kate@example.test</Sip></Dial></Response>");
	(void)script_step(&s, "resolve B fork 1");
	(void)script_step(&s, "ready");
	(void)script_step(&s, "2 200 PCMU");
	detect = &script_command(&s, CMD_MEDIA)->media.legs[1].detect;
	assert_true(detect->until_end);
	assert_int_equal(20000, detect->timeout_ms);
	assert_int_equal(2000, detect->speech_ms);
	assert_int_equal(900, detect->speech_end_ms);
	assert_int_equal(3000, detect->silence_ms);
	(void)script_step(&s, "wait 4100");
	(void)script_step(&s, "machine B machine_end_beep");
	assert_string_equal("machine_end_beep", script_param(&s, "AnsweredBy"));
	assert_string_equal("4100",
	                    script_param(&s, "MachineDetectionDuration"));
	assert_string_equal(s.sids[1], script_param(&s, "CallSid"));
	assert_string_equal("GET",
	                    script_command(&s, CMD_NOTIFY)->fetch.method);
	script_close(&s);
}

TEST_MAIN(cmocka_unit_test(a_machine_is_told),
          cmocka_unit_test(a_dial_is_recorded_from_the_answer),
          cmocka_unit_test(a_dial_is_recorded_while_it_rings),
          cmocka_unit_test(attributes_of_dial_and_noun),
          cmocka_unit_test(how_the_relay_detects))
