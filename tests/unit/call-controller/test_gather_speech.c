/*
 * test_gather_speech.c - what the caller says, as tables
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
static void speech_goes_to_the_action(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	{"doc <Response><Gather input='speech' action='/heard' language='de-DE' partialResultCallback='/part'><Say>Speak</Say></Gather></Response>",
	 "media(A{say(Speak)})"},
	{"ready",
	 ANSWERED "media(A~say(Speak)@de-DE)"},
	ACK,
	{"digit A 1",
	 ""},
	{"word A hel",
	 "verb=65 tell:/part?hel media(A@de-DE)"},
	{"word A hello",
	 "tell:/part?hello"},
	{"said A hello there",
	 "-verb POST:/heard media(A)"});
}

static void who_says_nothing_comes_to_the_next_verb(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	{"doc <Response><Gather input='speech'/><Pause/></Response>",
	 "verb=5 media(A)"},
	{"ready",
	 ANSWERED "media(A@en-US)"},
	ACK,
	{"timer verb",
	 "verb=1 media(A)"});
}

static void speech_that_never_ends_is_cut(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	{"doc <Response><Gather input='speech' maxSpeechTime='10'/><Pause/></Response>",
	 "verb=5 media(A)"},
	{"ready",
	 ANSWERED "media(A@en-US)"},
	ACK,
	{"word A so",
	 "verb=15"},
	{"timer verb",
	 "verb=1 media(A)"});
}

static void a_noise_does_not_end_it(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	{"doc <Response><Gather input='speech' timeout='9' speechTimeout='1'/><Pause/></Response>",
	 "verb=9 media(A)"},
	{"ready",
	 ANSWERED "media(A@en-US)"},
	ACK,
	{"wait 2000", ""},
	{"said A",
	 "verb=7 media(A@en-US)"},
	{"restored",
	 "verb=7 media(A@en-US)"},
	{"wait 7000", ""},
	{"said A",
	 "-verb verb=1 media(A)"});
}

static void silence_in_a_long_prompt_does_not_end_it(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	{"doc <Response><Gather input='speech' hints='yes'><Say>a</Say></Gather></Response>",
	 "media(A{say(a)})"},
	{"ready",
	 ANSWERED "media(A~say(a)@en-US)"},
	ACK,
	{"said A",
	 "media(A~say(a)@en-US)"},
	{"said A yes",
	 "POST:/voice media(A)"});
}

static void who_speaks_is_waited_for_until_it_is_understood(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	{"doc <Response><Gather input='speech' timeout='4'/><Pause/></Response>",
	 "verb=4 media(A)"},
	{"ready",
	 ANSWERED "media(A@en-US)"},
	ACK,
	{"wait 3000", ""},
	{"voice A",
	 "verb=9"},
	{"wait 1000", ""},
	{"voice A",
	 "verb=9"},
	{"restored",
	 "verb=9 media(A@en-US)"},
	{"wait 8000", ""},
	{"word A yes",
	 "verb=65"},
	{"voice A",
	 ""},
	{"said A yes please",
	 "-verb POST:/voice media(A)"});
	SCRIPT(&script_phone,
	RINGING,
	{"doc <Response><Gather input='speech' timeout='30' speechTimeout='auto'/><Pause/></Response>",
	 "verb=30 media(A)"},
	{"ready",
	 ANSWERED "media(A@en-US)"},
	ACK,
	{"voice A", /* that is soon enough */
	 ""},
	{"wait 29000", ""},
	{"voice A",
	 "verb=6"},
	{"timer verb",
	 "verb=1 media(A)"});
}

static void the_first_kind_of_input_wins(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	{"doc <Response><Gather input='dtmf speech'/></Response>",
	 "verb=5 media(A#)"},
	{"ready",
	 ANSWERED "media(A#@en-US)"},
	ACK,
	{"digit A 1",
	 "verb=5 media(A#)"},
	{"said A hello",
	 ""},
	{"timer verb",
	 "POST:/voice media(A)"});
	SCRIPT(&script_phone,
	RINGING,
	{"doc <Response><Gather input='speech dtmf'/></Response>",
	 "verb=5 media(A#)"},
	{"ready",
	 ANSWERED "media(A#@en-US)"},
	ACK,
	{"word A hel",
	 "verb=65"},
	{"digit A #",
	 ""},
	{"said A hello",
	 "-verb POST:/voice media(A)"});
}

static void keys_over_a_noise_count(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	{"doc <Response><Gather input='dtmf speech'/></Response>",
	 "verb=5 media(A#)"},
	{"ready",
	 ANSWERED "media(A#@en-US)"},
	ACK,
	{"word A hum",
	 "verb=65"},
	{"digit A 1",
	 ""},
	{"digit A 2",
	 ""},
	{"said A ",
	 "verb=5 media(A#)"},
	{"timer verb",
	 "POST:/voice media(A)"});
	SCRIPT(&script_phone,
	RINGING,
	{"doc <Response><Gather input='dtmf speech' numDigits='1'/></Response>",
	 "verb=5 media(A#)"},
	{"ready",
	 ANSWERED "media(A#@en-US)"},
	ACK,
	{"word A hum",
	 "verb=65"},
	{"digit A 1",
	 ""},
	{"said A ",
	 "-verb POST:/voice media(A)"});
}

static void without_speech_keys_still_count(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	{"doc <Response><Gather input='dtmf speech' numDigits='1'/></Response>",
	 "verb=5 media(A#)"},
	{"ready",
	 ANSWERED "media(A#@en-US)"},
	ACK,
	{"deaf A 12400",
	 "alert12400 media(A#)"},
	{"digit A 1",
	 "-verb POST:/voice media(A)"});
}
// clang-format on

/* A Gather with @p attributes warns with @p alerts and asks the relay so. */
static void listens(const char *attributes, const char *alerts,
                    uint32_t silence_ms, uint32_t max_ms, size_t hints)
{
	char doc[256];
	const struct cmd_media *media;
	struct script s;

	(void)snprintf(doc, sizeof(doc),
	               "doc <Response><Gather input='speech' %s/></Response>",
	               attributes);
	script_open(&s, &script_phone);
	(void)script_step(&s, "start");
	assert_string_equal(alerts, script_step(&s, doc));
	(void)script_step(&s, "ready");
	media = &script_command(&s, CMD_MEDIA)->media;
	assert_int_equal(silence_ms, media->legs[0].listen.silence_ms);
	assert_int_equal(max_ms, media->legs[0].listen.max_ms);
	assert_int_equal(hints, media->legs[0].listen.n_hints);
	assert_true(media->legs[0].listen.partial);
	script_close(&s);
}

static void how_the_relay_listens(void **state)
{
	(void)state;
	listens("", "verb=5 media(A)", 5000, 60000, 0);
	listens("timeout='3'", "verb=3 media(A)", 3000, 60000, 0);
	listens("speechTimeout='2'", "verb=5 media(A)", 2000, 60000, 0);
	listens("speechTimeout='auto'", "verb=5 media(A)", 0, 60000, 0);
	listens("speechTimeout='soon'", "alert13327 verb=5 media(A)", 5000,
	        60000, 0);
	listens("speechTimeout='auto' speechModel='phone_call'",
	        "alert13335 verb=5 media(A)", 5000, 60000, 0);
	listens("maxSpeechTime='10'", "verb=5 media(A)", 5000, 10000, 0);
	listens("maxSpeechTime='61'", "alert13328 verb=5 media(A)", 5000, 60000,
	        0);
	listens("hints='yes, no , call me'", "verb=5 media(A)", 5000, 60000, 3);
	listens("hints='a,,b,'", "verb=5 media(A)", 5000, 60000, 2);
}

TEST_MAIN(cmocka_unit_test(speech_goes_to_the_action),
          cmocka_unit_test(who_says_nothing_comes_to_the_next_verb),
          cmocka_unit_test(speech_that_never_ends_is_cut),
          cmocka_unit_test(a_noise_does_not_end_it),
          cmocka_unit_test(silence_in_a_long_prompt_does_not_end_it),
          cmocka_unit_test(who_speaks_is_waited_for_until_it_is_understood),
          cmocka_unit_test(the_first_kind_of_input_wins),
          cmocka_unit_test(keys_over_a_noise_count),
          cmocka_unit_test(without_speech_keys_still_count),
          cmocka_unit_test(how_the_relay_listens))
