/*
 * test_plan.c - voices, languages, and the keys of sentences
 */
#include "core/plan.h"
#include "core/voices.h"
#include "unit/oom.h"
#include "unit/test.h"

static void voices_are_those_that_there_are(void **state)
{
	static const struct {
		const char *voice, *language, *name, *speaks;
		unsigned code; /* a warning where there is a name */
	} rows[] = {
		{"", "", "rms", "en-US", 0},
		{"man", "en-US", "rms", "en-US", 0},
		{"MAN", "en-AU", "rms", "en-AU", 0},
		{"woman", "en-US", "slt", "en-US", 0},
		{"alice", "en-GB", "slt", "en-GB", 0},
		{"man", "en-GB", "awb", "en-GB", 0},
		{"man", "fr-FR", "fr-fr", "fr-FR", 0},
		{"woman", "fr-FR", "fr-fr+f3", "fr-FR", 0},
		{"alice", "pt-BR", "pt-br+f3", "pt-BR", 0},
		{"man", "es-MX", "es-419", "es-MX", 0},
		{"man", "es-ES", "es", "es-ES", 0},
		{"man", "zh-CN", "cmn", "zh-CN", 0},
		{"man", "zh-HK", "yue", "zh-HK", 0},
		{"Polly.Joanna", "", "slt", "en-US", SAY_BAD_VOICE},
		{"Polly.Matthew-Neural", "en-US", "rms", "en-US",
	         SAY_BAD_VOICE},
		{"polly.brian", "en-GB", "awb", "en-GB", SAY_BAD_VOICE},
		{"Polly.Celine", "en-US", "fr-fr+f3", "fr-FR", SAY_BAD_VOICE},
		{"Polly.Celine", "fr-CA", "fr-fr+f3", "fr-FR", SAY_BAD_VOICE},
		{"Polly.Celine", "de-DE", "fr-fr+f3", "fr-FR",
	         SAY_BAD_LANGUAGE},
		{"Google.de-DE-Wavenet-B", "", "de", "de-DE", SAY_BAD_VOICE},
		{"Google.en-US-Chirp3-HD-Aoede", "", "slt", "en-US",
	         SAY_BAD_VOICE},
		{"Google.nonsense", "", "rms", "en-US", SAY_BAD_VOICE},
		{"Polly.", "", "rms", "en-US", SAY_BAD_VOICE},
		{"robot", "it-IT", "it", "it-IT", SAY_BAD_VOICE},
		{"man", "tlh", NULL, "tlh", SAY_BAD_LANGUAGE},
		{"man", "French", NULL, "French", SAY_BAD_LANGUAGE},
		{"man", "fr FR", NULL, "fr FR", SAY_BAD_LANGUAGE},
		{"man", "x", NULL, "x", SAY_BAD_LANGUAGE},
	};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		const struct voice_wish wish = {rows[i].voice, rows[i].language,
		                                true};
		struct voice v;

		voice_choose(&wish, &v);
		if (!rows[i].name
		            ? v.error_code != rows[i].code
		            : v.error_code || v.warning_code != rows[i].code ||
		                      strcmp(v.name, rows[i].name) != 0)
			fail_msg("%s %s: %s %u %u %s", rows[i].voice,
			         rows[i].language, v.name, v.warning_code,
			         v.error_code, v.text);
		assert_string_equal(rows[i].speaks, v.language);
		assert_int_equal(rows[i].code != 0, v.text[0] != '\0');
	}
}

static void without_espeak_only_english_is_spoken(void **state)
{
	struct voice_wish wish = {"man", "de-DE", false};
	struct voice v;

	(void)state;
	voice_choose(&wish, &v);
	assert_int_equal(SAY_BAD_LANGUAGE, v.error_code);
	wish.language = "en-IN";
	voice_choose(&wish, &v);
	assert_int_equal(0, v.error_code);
}

static const struct plan_conf embedded = {true, NULL, NULL, "1"};

static struct plan make(const char *ssml, const char *voice,
                        const char *language, const struct plan_conf *conf)
{
	const struct voice_wish wish = {voice, language, conf->has_espeak};
	struct plan p;

	assert_int_equal(0, plan_make(&p, ssml, &wish, conf));
	return p;
}

/* Does the first sentence of both have the same key? */
static bool same(struct plan a, struct plan b)
{
	bool equal = strcmp(a.parts[0].key, b.parts[0].key) == 0;

	plan_close(&a);
	plan_close(&b);
	return equal;
}

static void a_key_is_that_of_what_is_heard(void **state)
{
	const struct plan_conf other = {true, NULL, NULL, "2"};
	const struct plan_conf http = {true, "tts-1", "*=alloy", "1"};
	const struct plan_conf http2 = {true, "tts-2", "*=alloy", "1"};
	const struct plan_conf http3 = {true, "tts-1", "*=nova", "1"};
	struct plan a;

	(void)state;
	a = make("Hi. Ho", "man", "en-US", &embedded);
	assert_int_equal(64, strlen(a.parts[0].key));
	assert_string_not_equal(a.parts[0].key, a.parts[1].key);
	plan_close(&a);
	assert_true(same(make("Hi.", "man", "en-US", &embedded),
	                 make(" <p>Hi.</p> More", "", "", &embedded)));
	assert_true(same(make("Hi.", "man", "en-US", &embedded),
	                 make("Hi.", "Polly.Joey", "en-US", &embedded)));
	assert_false(same(make("Hi.", "man", "", &embedded),
	                  make("Hi.", "woman", "", &embedded)));
	assert_false(same(make("Hi.", "man", "", &embedded),
	                  make("Ho.", "man", "", &embedded)));
	assert_false(same(make("Hi.", "man", "", &embedded),
	                  make("<prosody rate='90%'>Hi.</prosody>", "man", "",
	                       &embedded)));
	assert_false(same(make("Hi.", "man", "", &embedded),
	                  make("Hi.", "man", "", &other)));
	assert_false(same(make("Hi.", "man", "", &embedded),
	                  make("Hi.", "man", "", &http)));
	assert_false(same(make("Hi.", "man", "", &http),
	                  make("Hi.", "man", "", &http2)));
	assert_false(same(make("Hi.", "man", "", &http),
	                  make("Hi.", "man", "", &http3)));
}

static void the_map_names_the_voices_of_the_http_engine(void **state)
{
	static const struct {
		const char *map, *voice, *want; /* "" = embedded */
	} rows[] = {
		{"*=alloy", "man", "alloy"},
		{"*=alloy", "", "alloy"},
		{"Polly.Amy=nova", "polly.amy", "nova"},
		{"Polly.Amy=nova", "Polly.Joey", ""},
		{"man=onyx", "", "onyx"},
		{"*=alloy man=onyx", "man", "onyx"},
		{"man=onyx *=alloy", "man", "onyx"},
		{"man=onyx  *=alloy ", "woman", "alloy"},
		{"mano=x man", "man", ""},
		{"=x", "man", ""},
		{"", "man", ""},
	};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		const struct plan_conf conf = {true, "m", rows[i].map, "1"};
		struct plan p = make("Hi", rows[i].voice, "", &conf);

		if (strcmp(p.http_voice, rows[i].want) != 0)
			fail_msg("%s %s: %s", rows[i].map, rows[i].voice,
			         p.http_voice);
		assert_int_equal(*rows[i].want != '\0',
		                 p.parts[0].engine == ENGINE_HTTP);
		/* No substitution, no warning. */
		assert_true(!p.http_voice[0] || !p.warning_code);
		plan_close(&p);
	}
}

static void texts_over_the_limit_are_refused(void **state)
{
	static char text[2 * PLAN_CHARACTERS_MAX + 8];
	struct plan p;

	(void)state;
	/* Characters count, not bytes. */
	for (size_t i = 0; i < PLAN_CHARACTERS_MAX; i++)
		memcpy(text + 2 * i, "\xC3\xA9", 3);
	p = make(text, "", "", &embedded);
	assert_int_equal(0, p.error_code);
	plan_close(&p);
	memcpy(text + (size_t)2 * PLAN_CHARACTERS_MAX, "a", 2);
	p = make(text, "", "", &embedded);
	assert_int_equal(SAY_TOO_LONG, p.error_code);
	assert_int_equal(0, p.n);
	plan_close(&p);
}

static void memory_may_run_out(void **state)
{
	const struct voice_wish wish = {"man", "", true};
	struct plan p;

	(void)state;
	for (struct oom_try attempt = {0}; oom_begin(&attempt);) {
		(void)oom_end(&attempt,
		              plan_make(&p, "Hi. <p>Ho</p>", &wish, &embedded));
		plan_close(&p);
	}
}

TEST_MAIN(cmocka_unit_test(voices_are_those_that_there_are),
          cmocka_unit_test(without_espeak_only_english_is_spoken),
          cmocka_unit_test(a_key_is_that_of_what_is_heard),
          cmocka_unit_test(the_map_names_the_voices_of_the_http_engine),
          cmocka_unit_test(texts_over_the_limit_are_refused),
          cmocka_unit_test(memory_may_run_out))
