/*
 * test_say.c - what Say, Play and Pause let be heard, as tables
 */
#include "unit/test.h"

#include "script.h"

enum { TWIML_TEXT = 8192 };

#define RINGING                                                                \
	{                                                                      \
		"start", "1:180 A=ringing POST:/voice"                         \
	}
#define ANSWERED "1:200+PCMU A=in-progress "

/* A document with @p say as its first verb is heard as @p heard, after these
 * alerts. */
static void heard(const char *say, const char *alerts, const char *want)
{
	char doc[1024], media[1024];
	struct script_row rows[] = {
		RINGING,
		{doc, media},
	};
	struct script s;

	(void)snprintf(doc, sizeof(doc), "doc <Response>%s</Response>", say);
	(void)snprintf(media, sizeof(media), "%smedia(A{%s})", alerts, want);
	script_open(&s, &script_phone);
	script_run(&s, rows, 2);
	script_close(&s);
}

// clang-format off
static void say_answers_and_speaks(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	{"doc <Response><Say>Hello</Say></Response>",
	 "media(A{say(Hello)})"},
	{"ready",
	 ANSWERED "media(A~say(Hello))"},
	{"1 ack",
	 ""},
	{"played",
	 "1:BYE A=completed tell:/status?completed"},
	{"1 ended",
	 "release end"});
}

static void what_comes_next_is_named_ahead(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	{"doc <Response><Say>One</Say><Say>Two</Say><Play>three.wav</Play><Redirect/></Response>",
	 "media(A{say(One)})"},
	{"ready",
	 ANSWERED "media(A~say(One){say(Two),play(/three.wav)})"},
	{"1 ack",
	 ""},
	{"played",
	 "media(A~say(Two){play(/three.wav)})"},
	{"played",
	 "media(A~play(/three.wav))"},
	{"played",
	 "POST:/voice media(A)"});
}

static void what_can_not_be_played_is_told_and_left_out(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	{"doc <Response><Play>a.wav</Play><Pause/></Response>",
	 "media(A{play(/a.wav)})"},
	{"ready",
	 ANSWERED "media(A~play(/a.wav){pause(1000)})"},
	{"1 ack",
	 ""},
	{"unplayed 13420",
	 "alert13420"},
	{"played",
	 "verb=1 media(A)"});
}

static void the_end_of_another_prompt_is_not_its_own(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	{"doc <Response><Say>One</Say><Say>Two</Say></Response>",
	 "media(A{say(One)})"},
	{"ready",
	 ANSWERED "media(A~say(One){say(Two)})"},
	{"1 ack",
	 ""},
	{"played 7",
	 ""});
}

static void without_an_offer_it_waits_for_the_ack(void **state)
{
	(void)state;
	SCRIPT(&script_late,
	RINGING,
	{"doc <Response><Say>Hello</Say></Response>",
	 "media(A{say(Hello)})"},
	{"ready",
	 "1:200+PCMU,PCMA,G722,opus A=in-progress"},
	{"1 ack PCMU",
	 "media(A~say(Hello))"});
}

static void an_adopted_call_goes_on_speaking(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	{"doc <Response><Say loop='2'>Hello</Say><Play digits='1w2'/></Response>",
	 "media(A{say(Hello)*2})"},
	{"ready",
	 ANSWERED "media(A~say(Hello)*2{keys(1w2)})"},
	{"1 ack",
	 ""},
	{"restored",
	 "media(A~say(Hello)*2{keys(1w2)})"},
	{"played",
	 "media(A~keys(1w2))"},
	{"restored",
	 "media(A~keys(1w2))"},
	{"played",
	 "1:BYE A=completed tell:/status?completed"});
}

static void an_apology_that_can_not_be_spoken_is_a_file(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	{"fail 11200",
	 "alert11200 apology=15 media(A{say(sorry)})"},
	{"ready",
	 ANSWERED "media(A~say(sorry))"},
	{"1 ack",
	 ""},
	{"unplayed 13511", /* another voice */
	 ""},
	{"unplayed 12400",
	 "media(A~apology)"},
	{"restored",
	 "apology=15 media(A~apology)"},
	{"played",
	 "1:BYE -apology A=completed tell:/status?completed"});
}

static void a_caller_who_hangs_up_ends_it(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	{"doc <Response><Say>Hello</Say></Response>",
	 "media(A{say(Hello)})"},
	{"ready",
	 ANSWERED "media(A~say(Hello))"},
	{"1 ack",
	 ""},
	{"1 bye",
	 "A=completed tell:/status?completed release end"});
}

static void an_answer_that_is_audio_is_played(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	{"audio",
	 "media(A{play(/voice)})"},
	{"ready",
	 ANSWERED "media(A~play(/voice))"},
	{"1 ack",
	 ""},
	{"restored",
	 "media(A~play(/voice))"},
	{"played",
	 "1:BYE A=completed tell:/status?completed"});
}

static void an_answer_that_is_text_is_spoken(void **state)
{
	(void)state;
	SCRIPT(&script_phone,
	RINGING,
	{"plain You & <me>",
	 "media(A{say(You &amp; &lt;me&gt;)})"});
	SCRIPT(&script_phone,
	RINGING,
	{"plain <Response><Reject/></Response>",
	 "1:404 A=no-answer tell:/status?no-answer end"});
	SCRIPT(&script_phone,
	RINGING,
	{"plain ",
	 "alert11770 apology=15 media(A{say(sorry)})"});
}

static void attributes_of_say(void **state)
{
	(void)state;
	heard("<Say voice='alice'>x</Say>", "", "say(x|alice|en-US)");
	heard("<Say voice='woman'>x</Say>", "", "say(x|woman|en-US)");
	heard("<Say voice='Polly.Joanna-Neural'>x</Say>", "", "say(x|Polly.Joanna-Neural|)");
	heard("<Say voice='Google.fr-FR-Wavenet-A' language='fr-FR'>x</Say>", "", "say(x|Google.fr-FR-Wavenet-A|fr-FR)");
	heard("<Say voice='nobody'>x</Say>", "alert13511 ", "say(x)");
	heard("<Say voice='Polly.'>x</Say>", "alert13511 ", "say(x)");
	heard("<Say language='de-DE'>x</Say>", "", "say(x||de-DE)");
	heard("<Say language='German'>x</Say>", "alert13512 ", "say(x)");
	heard("<Say loop='3'>x</Say>", "", "say(x)*3");
	heard("<Say loop='0'>x</Say>", "", "say(x)*1000");
	heard("<Say loop='-1'>x</Say>", "alert13510 ", "say(x)");
	heard("<Say rate='1'>x</Say>", "alert12200 ", "say(x)");
}

static void text_of_say(void **state)
{
	(void)state;
	heard("<Say>a &amp; b &lt;c&gt;</Say>", "", "say(a &amp; b &lt;c&gt;)");
	heard("<Say>one <break time='2s' strength='weak'/> two</Say>", "", "say(one <break strength=\"weak\" time=\"2s\"/> two)");
	heard("<Say>one <break time='soon'/></Say>", "alert12200 ", "say(one <break/>)");
	heard("<Say><emphasis level='strong'>now</emphasis></Say>", "", "say(<emphasis level=\"strong\">now</emphasis>)");
	heard("<Say><lang xml:lang='fr-FR'>oui</lang></Say>", "", "say(<lang xml:lang=\"fr-FR\">oui</lang>)");
	heard("<Say><p>a</p><s>b</s></Say>", "", "say(<p>a</p><s>b</s>)");
	heard("<Say><phoneme alphabet='ipa' ph='p'>a</phoneme></Say>", "", "say(<phoneme ph=\"p\" alphabet=\"ipa\">a</phoneme>)");
	heard("<Say><prosody rate='slow' pitch='low' volume='loud'>a</prosody></Say>", "", "say(<prosody volume=\"loud\" pitch=\"low\" rate=\"slow\">a</prosody>)");
	heard("<Say><say-as interpret-as='digits'>12</say-as></Say>", "", "say(<say-as interpret-as=\"digits\">12</say-as>)");
	heard("<Say><sub alias='b'>a</sub> <w role='x'>read</w></Say>", "", "say(<sub alias=\"b\">a</sub> <w role=\"x\">read</w>)");
	heard("<Say>a <audio src='x'>b</audio>c</Say>", "alert12200 ", "say(a c)");
	heard("<Say><p>a <emphasis>b</emphasis> c</p></Say>", "", "say(<p>a <emphasis>b</emphasis> c</p>)");
}

static void attributes_of_play(void **state)
{
	(void)state;
	heard("<Play>http://other.test/a.mp3</Play>", "", "play(/a.mp3)");
	heard("<Play> ../b.wav </Play>", "", "play(/b.wav)");
	heard("<Play loop='2'>a.wav</Play>", "", "play(/a.wav)*2");
	heard("<Play loop='0'>a.wav</Play>", "", "play(/a.wav)*1000");
	heard("<Play loop='x'>a.wav</Play>", "alert13410 ", "play(/a.wav)");
	heard("<Play digits='12wW#*D'/>", "", "keys(12wW#*D)");
	heard("<Play digits='1x'>a.wav</Play>", "alert13430 ", "play(/a.wav)");
}
// clang-format on

/* Nothing is to be heard: the verb is passed over, after this alert. */
static void passed_over(const char *verb, const char *alert)
{
	struct script s;
	char *doc = malloc(TWIML_TEXT);
	char want[128];

	assert_non_null(doc);
	(void)snprintf(doc, TWIML_TEXT, "doc <Response>%s<Pause/></Response>",
	               verb);
	(void)snprintf(want, sizeof(want), "%s verb=1 media(A)", alert);
	script_open(&s, &script_phone);
	(void)script_step(&s, "start");
	assert_string_equal(want, script_step(&s, doc));
	script_close(&s);
	free(doc);
}

static void what_says_nothing_is_passed_over(void **state)
{
	char *text = malloc(TWIML_TEXT);

	(void)state;
	assert_non_null(text);
	passed_over("<Say/>", "alert13520");
	passed_over("<Play/>", "alert11100");
	passed_over("<Play>ftp://host/file</Play>", "alert11100");
	passed_over("<Play digits='1x'/>", "alert13430");
	(void)snprintf(text, TWIML_TEXT, "<Say>%04097d</Say>", 0);
	passed_over(text, "alert13521");
	free(text);
}

static void four_thousand_characters_are_spoken(void **state)
{
	char *text = malloc(TWIML_TEXT);
	struct script s;

	(void)state;
	assert_non_null(text);
	(void)snprintf(text, TWIML_TEXT,
	               "doc <Response><Say>%04096d</Say></Response>", 0);
	script_open(&s, &script_phone);
	(void)script_step(&s, "start");
	assert_null(strstr(script_step(&s, text), "alert"));
	script_close(&s);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(say_answers_and_speaks),
		cmocka_unit_test(what_comes_next_is_named_ahead),
		cmocka_unit_test(what_can_not_be_played_is_told_and_left_out),
		cmocka_unit_test(the_end_of_another_prompt_is_not_its_own),
		cmocka_unit_test(without_an_offer_it_waits_for_the_ack),
		cmocka_unit_test(an_adopted_call_goes_on_speaking),
		cmocka_unit_test(an_apology_that_can_not_be_spoken_is_a_file),
		cmocka_unit_test(a_caller_who_hangs_up_ends_it),
		cmocka_unit_test(an_answer_that_is_audio_is_played),
		cmocka_unit_test(an_answer_that_is_text_is_spoken),
		cmocka_unit_test(attributes_of_say),
		cmocka_unit_test(text_of_say),
		cmocka_unit_test(attributes_of_play),
		cmocka_unit_test(what_says_nothing_is_passed_over),
		cmocka_unit_test(four_thousand_characters_are_spoken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
