/*
 * test_gather.c - keys and speech of the caller, as tables
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

// clang-format off
static void keys_go_to_the_action(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	{"doc <Response><Gather numDigits='2' action='/keys' method='GET'><Say>Press</Say></Gather></Response>",
	 "media(A{say(Press)}#)"},
	{"ready",
	 ANSWERED "media(A~say(Press)#)"},
	ACK,
	{"digit A 1",
	 "verb=5 media(A#)"},
	{"digit A 2",
	 "-verb GET:/keys media(A)"});
}

static void without_prompts_the_timeout_begins_at_once(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	{"doc <Response><Gather timeout='7'/><Hangup/></Response>",
	 "verb=7 media(A#)"},
	{"ready",
	 ANSWERED "media(A#)"},
	ACK,
	{"timer verb",
	 "1:BYE A=completed tell:/status?completed"});
}

static void the_timeout_begins_after_the_prompts(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	{"doc <Response><Gather><Say>a</Say><Pause length='2'/><Play loop='2'>b.wav</Play></Gather><Hangup/></Response>",
	 "media(A{say(a),pause(2000),play(/b.wav)*2}#)"},
	{"ready",
	 ANSWERED "media(A~say(a)+pause(2000)+play(/b.wav)*2#)"},
	ACK,
	{"played",
	 "verb=5 media(A#)"},
	{"timer verb",
	 "1:BYE A=completed tell:/status?completed"});
}

static void a_timeout_after_keys_submits_them(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	{"doc <Response><Gather/></Response>",
	 "verb=5 media(A#)"},
	{"ready",
	 ANSWERED "media(A#)"},
	ACK,
	{"digit A 4",
	 "verb=5"},
	{"timer verb",
	 "POST:/voice media(A)"});
}

static void the_finish_key_submits(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	{"doc <Response><Gather finishOnKey='*'/></Response>",
	 "verb=5 media(A#)"},
	{"ready",
	 ANSWERED "media(A#)"},
	ACK,
	{"digit A #",
	 "verb=5"},
	{"digit A *",
	 "-verb POST:/voice media(A)"});
}

static void the_finish_key_alone_is_no_input(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	{"doc <Response><Gather/><Pause/></Response>",
	 "verb=5 media(A#)"},
	{"ready",
	 ANSWERED "media(A#)"},
	ACK,
	{"digit A #",
	 "-verb verb=1 media(A)"});
}

static void no_finish_key_means_that_all_are_input(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	{"doc <Response><Gather finishOnKey='' numDigits='3'/></Response>",
	 "verb=5 media(A#)"},
	{"ready",
	 ANSWERED "media(A#)"},
	ACK,
	{"digit A #", "verb=5"},
	{"digit A *", "verb=5"},
	{"digit A 0", "-verb POST:/voice media(A)"});
}

static void keys_of_before_are_not_its_own(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	{"doc <Response><Say>Wait</Say><Gather numDigits='1'/></Response>",
	 "media(A{say(Wait)})"},
	{"ready",
	 ANSWERED "media(A~say(Wait))"},
	ACK,
	{"digit A 1",
	 ""},
	{"played",
	 "verb=5 media(A#)"},
	{"digit A 2",
	 "-verb POST:/voice media(A)"});
}

static void without_barge_in_the_prompt_is_heard_to_its_end(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	{"doc <Response><Gather bargeIn='false' numDigits='2'><Say>a</Say></Gather></Response>",
	 "media(A{say(a)}#)"},
	{"ready",
	 ANSWERED "media(A~say(a)#=)"},
	ACK,
	{"digit A 1", ""},
	{"digit A 2", ""},
	{"digit A 3", ""},
	{"played",
	 "POST:/voice media(A)"});
}

static void without_barge_in_the_timeout_waits_for_the_prompt(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	{"doc <Response><Gather bargeIn='false'><Say>a</Say></Gather></Response>",
	 "media(A{say(a)}#)"},
	{"ready",
	 ANSWERED "media(A~say(a)#=)"},
	ACK,
	{"digit A 1", ""},
	{"played",
	 "verb=5 media(A#)"},
	{"timer verb",
	 "POST:/voice media(A)"});
}

static void an_empty_result_can_be_told(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	{"doc <Response><Gather actionOnEmptyResult='true' action='/none'/></Response>",
	 "verb=5 media(A#)"},
	{"ready",
	 ANSWERED "media(A#)"},
	ACK,
	{"timer verb",
	 "POST:/none media(A)"});
}

static void an_adopted_call_goes_on_gathering(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	{"doc <Response><Gather numDigits='3' input='dtmf speech'><Say>Press</Say></Gather></Response>",
	 "media(A{say(Press)}#)"},
	{"ready",
	 ANSWERED "media(A~say(Press)#@en-US)"},
	ACK,
	{"restored",
	 "media(A~say(Press)#@en-US)"},
	{"digit A 1",
	 "verb=5 media(A#)"},
	{"wait 2000",
	 ""},
	{"restored",
	 "verb=3 media(A#)"},
	{"digit A 2",
	 "verb=5"},
	{"restored",
	 "verb=5 media(A#)"},
	{"digit A 3",
	 "-verb POST:/voice media(A)"});
}
// clang-format on

/* What a Gather asks for when these events have happened, as "Digits=1 …" */
static void asked(const char *attributes, const char *const events[],
                  const char *params)
{
	static const char *const names[] = {"Digits",       "FinishedOnKey",
	                                    "SpeechResult", "Confidence",
	                                    "msg",          "CallStatus"};
	char doc[512], got[512] = "";
	struct script s;

	(void)snprintf(doc, sizeof(doc),
	               "doc <Response><Gather %s/></Response>", attributes);
	script_open(&s, &script_phone);
	(void)script_step(&s, "start");
	(void)script_step(&s, doc);
	(void)script_step(&s, "ready");
	for (size_t i = 0; events[i]; i++)
		(void)script_step(&s, events[i]);
	for (size_t i = 0; i < N_OF(names); i++) {
		const char *value = script_param(&s, names[i]);
		size_t n = strlen(got);

		if (value)
			(void)snprintf(got + n, sizeof(got) - n, "%s=%s ",
			               names[i], value);
	}
	assert_string_equal(params, got);
	script_close(&s);
}

#define EVENTS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void what_the_action_is_told(void **state)
{
	(void)state;
	asked("", EVENTS("digit A 1", "digit A 2", "digit A #"),
	      "Digits=12 FinishedOnKey=# msg=Gather End "
	      "CallStatus=in-progress ");
	asked("", EVENTS("digit A 1", "timer verb"),
	      "Digits=1 msg=Gather End CallStatus=in-progress ");
	asked("actionOnEmptyResult='true'", EVENTS("digit A #"),
	      "Digits= FinishedOnKey=# msg=Gather End "
	      "CallStatus=in-progress ");
	asked("input='speech'", EVENTS("said A yes please"),
	      "SpeechResult=yes please Confidence=0.875 msg=Gather End "
	      "CallStatus=in-progress ");
	asked("input='speech'", EVENTS("hint A sales"),
	      "SpeechResult=sales msg=Gather End CallStatus=in-progress ");
	asked("input='speech' actionOnEmptyResult='true'", EVENTS("timer verb"),
	      "SpeechResult= msg=Gather End CallStatus=in-progress ");
}

/* The first alerts of a Gather with these attributes or children */
static void warns(const char *attributes, const char *children,
                  const char *want)
{
	char doc[512];
	struct script s;

	(void)snprintf(doc, sizeof(doc),
	               "doc <Response><Gather %s>%s</Gather></Response>",
	               attributes, children);
	script_open(&s, &script_phone);
	(void)script_step(&s, "start");
	assert_string_equal(want, script_step(&s, doc));
	script_close(&s);
}

static void bad_values_warn_and_have_their_default(void **state)
{
	(void)state;
	warns("finishOnKey='12'", "", "alert13310 verb=5 media(A#)");
	warns("finishOnKey='A'", "", "alert13310 verb=5 media(A#)");
	warns("method='PUT'", "", "alert13312 verb=5 media(A#)");
	warns("timeout='0'", "", "alert13313 verb=5 media(A#)");
	warns("timeout='auto'", "", "verb=5 media(A#)");
	warns("numDigits='0'", "", "alert13314 verb=5 media(A#)");
	warns("input='voice'", "", "alert13326 verb=5 media(A#)");
	warns("input='dtmf dtmf'", "", "alert13326 verb=5 media(A#)");
	warns("language='English'", "", "alert13331 verb=5 media(A#)");
	warns("bargeIn='maybe'", "", "alert13332 verb=5 media(A#)");
	warns("profanityFilter='x'", "", "alert13333 verb=5 media(A#)");
	warns("speechModel='x'", "", "alert13334 verb=5 media(A#)");
	warns("enhanced='x'", "", "alert12200 verb=5 media(A#)");
	warns("debug='x'", "", "alert12200 verb=5 media(A#)");
	warns("actionOnEmptyResult='x'", "", "alert12200 verb=5 media(A#)");
	warns("partialResultCallbackMethod='x'", "",
	      "alert13329 verb=5 media(A#)");
	warns("partialResultCallback='ftp://x/'", "",
	      "alert11100 verb=5 media(A#)");
	warns("", "<Dial>1</Dial>", "alert13320 verb=5 media(A#)");
	warns("", "<Say voice='x'>a</Say>", "alert13321 media(A{say(a)}#)");
	warns("", "<Say loop='x'>a</Say>", "alert13322 media(A{say(a)}#)");
	warns("", "<Play loop='x'>a</Play>", "alert13410 media(A{play(/a)}#)");
	warns("", "<Play digits='1'/>", "alert13430 verb=5 media(A#)");
	warns("", "<Pause length='x'/>", "alert13910 media(A{pause(1000)}#)");
}

static void more_prompts_than_it_has_room_for_are_told(void **state)
{
	char doc[1024] = "doc <Response><Gather>";
	struct script s;

	(void)state;
	for (int i = 0; i < 34; i++)
		(void)strcat(doc, "<Say>a</Say>");
	(void)strcat(doc, "</Gather></Response>");
	script_open(&s, &script_phone);
	(void)script_step(&s, "start");
	assert_non_null(strstr(script_step(&s, doc), "alert13320 media(A{"));
	assert_int_equal(1, s.out->n - 2); /* media, save */
	(void)script_step(&s, "ready");
	assert_int_equal(32,
	                 script_command(&s, CMD_MEDIA)->media.legs[0].n_plays);
	script_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_go_to_the_action),
		cmocka_unit_test(without_prompts_the_timeout_begins_at_once),
		cmocka_unit_test(the_timeout_begins_after_the_prompts),
		cmocka_unit_test(a_timeout_after_keys_submits_them),
		cmocka_unit_test(the_finish_key_submits),
		cmocka_unit_test(the_finish_key_alone_is_no_input),
		cmocka_unit_test(no_finish_key_means_that_all_are_input),
		cmocka_unit_test(keys_of_before_are_not_its_own),
		cmocka_unit_test(
			without_barge_in_the_prompt_is_heard_to_its_end),
		cmocka_unit_test(
			without_barge_in_the_timeout_waits_for_the_prompt),
		cmocka_unit_test(an_empty_result_can_be_told),
		cmocka_unit_test(an_adopted_call_goes_on_gathering),
		cmocka_unit_test(what_the_action_is_told),
		cmocka_unit_test(bad_values_warn_and_have_their_default),
		cmocka_unit_test(more_prompts_than_it_has_room_for_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
