/*
 * test_audio.c - WAVE files, telephone audio for the recogniser, hints
 */
#include <math.h>

#include "base/strbuf.h"
#include "core/grammar.h"
#include "core/upsample.h"
#include "core/wav.h"
#include "engine/engine.h"
#include "unit/test.h"

static void a_header_is_read_as_it_was_written(void **state)
{
	uint8_t file[WAV_HEADER_SIZE + 10];
	struct wav wav;

	(void)state;
	wav_header(file, 16000, 10);
	assert_int_equal(0, wav_read(file, sizeof(file), &wav));
	assert_int_equal(16000, wav.rate);
	assert_int_equal(1, wav.channels);
	assert_int_equal(10, wav.n);
	assert_ptr_equal(file + WAV_HEADER_SIZE, wav.data);
}

static void what_is_cut_or_odd_is_read_as_far_as_it_goes(void **state)
{
	uint8_t file[WAV_HEADER_SIZE + 10];
	struct wav wav;

	(void)state;
	wav_header(file, 8000, 1000000);
	assert_int_equal(0, wav_read(file, sizeof(file), &wav));
	assert_int_equal(10, wav.n);
	assert_int_equal(0, wav_read(file, sizeof(file) - 1, &wav));
	assert_int_equal(8, wav.n);
	for (size_t n = 0; n < WAV_HEADER_SIZE; n++)
		assert_int_equal(EINVAL, wav_read(file, n, &wav));
}

static void other_formats_are_refused(void **state)
{
	static const struct {
		size_t at;
		uint8_t value;
	} rows[] = {{0, 'X'}, {8, 'X'}, {20, 6}, {22, 0},
	            {22, 9},  {24, 0},  {34, 8}, {12, 'X'}};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		uint8_t file[WAV_HEADER_SIZE + 2] = {0};
		struct wav wav;

		wav_header(file, 255, 2);
		file[25] = rows[i].at == 24 ? 0 : 0x40; /* 16639 Hz */
		file[rows[i].at] = rows[i].value;
		if (wav_read(file, sizeof(file), &wav) != EINVAL)
			fail_msg("byte %zu", rows[i].at);
	}
}

/* Amplitude of a frequency (Goertzel) */
static double tone(const int16_t *v, size_t n, double hz, double rate)
{
	double re = 0, im = 0;

	for (size_t i = 0; i < n; i++) {
		re += v[i] * cos(6.283185307 * hz * (double)i / rate);
		im += v[i] * sin(6.283185307 * hz * (double)i / rate);
	}
	return 2 * sqrt(re * re + im * im) / (double)n;
}

static void a_tone_stays_one_with_a_faint_image(void **state)
{
	static const double tones[] = {300, 1000, 2500};
	int16_t in[800], out[1600];
	struct upsample u;

	(void)state;
	for (size_t t = 0; t < N_OF(tones); t++) {
		for (size_t i = 0; i < N_OF(in); i++)
			in[i] = (int16_t)(10000 * sin(6.283185307 * tones[t] *
			                              (double)i / 8000));
		upsample_init(&u);
		/* In pieces, as it comes from a line */
		for (size_t i = 0; i < N_OF(in); i += 160)
			upsample_put(&u, in + i, 160, out + 2 * i);
		assert_in_range((int)tone(out + 200, 1280, tones[t], 16000),
		                9700, 10300);
		assert_in_range(
			(int)tone(out + 200, 1280, 8000 - tones[t], 16000), 350,
			650);
	}
}

static void hints_become_words_of_the_dictionary(void **state)
{
	static const struct {
		const char *hint;
		size_t n;
		const char *words;
	} rows[] = {
		{"Billing", 1, "billing"},
		{" Tech  support! ", 2, "tech support"},
		{"press 12", 3, "press one two"},
		{"don't", 1, "don't"},
		{"e-mail", 2, "e mail"},
		{"'quoted'", 1, "quoted'"},
		{"B2B", 3, "b two b"},
		{"caf\xC3\xA9", 0, NULL},
		{"$OOV_CLASS_DIGIT", 3, "oov class digit"},
		{"...", 0, NULL},
		{"", 0, NULL},
		{"a;b|c=<d>", 4, "a b c d"}, /* nothing reaches the grammar */
	};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct strbuf out = {0};
		size_t n = grammar_words(rows[i].hint, &out);

		if (n != rows[i].n ||
		    (n && strcmp(strbuf_str(&out), rows[i].words) != 0))
			fail_msg("%s: %zu %s", rows[i].hint, n,
			         strbuf_str(&out));
		strbuf_close(&out);
	}
}

static void a_grammar_has_the_hints_as_alternatives(void **state)
{
	struct strbuf jsgf = {0};

	(void)state;
	grammar_begin(&jsgf);
	grammar_add(&jsgf, "sales", true);
	grammar_add(&jsgf, "tech support", false);
	grammar_end(&jsgf);
	assert_string_equal("#JSGF V1.0;\ngrammar hints;\npublic <hint> = "
	                    "sales | tech support;\n",
	                    strbuf_str(&jsgf));
	strbuf_close(&jsgf);
}

static void many_words_were_no_hint(void **state)
{
	(void)state;
	assert_true(grammar_believable("operator", "although they don't"));
	assert_true(grammar_believable("sales", ""));
	assert_false(grammar_believable("sales", "i want to go home"));
	assert_true(grammar_believable("tech support", "the act of the board"));
	assert_false(grammar_believable("", "x"));
}

static void nobody_waits_for_silence_before_a_sentence(void **state)
{
	static int16_t late[400], silent[400], early[400];
	struct audio a = {late, 400};

	(void)state;
	late[300] = 5000;
	audio_trim_start(&a);
	assert_int_equal(260, a.n); /* 10 ms stay before the sound */
	assert_int_equal(5000, a.v[160]);
	a = (struct audio){silent, 400};
	audio_trim_start(&a);
	assert_int_equal(400, a.n);
	early[20] = -5000;
	a = (struct audio){early, 400};
	audio_trim_start(&a);
	assert_int_equal(400, a.n);
}

TEST_MAIN(cmocka_unit_test(nobody_waits_for_silence_before_a_sentence),
          cmocka_unit_test(a_header_is_read_as_it_was_written),
          cmocka_unit_test(what_is_cut_or_odd_is_read_as_far_as_it_goes),
          cmocka_unit_test(other_formats_are_refused),
          cmocka_unit_test(a_tone_stays_one_with_a_faint_image),
          cmocka_unit_test(hints_become_words_of_the_dictionary),
          cmocka_unit_test(a_grammar_has_the_hints_as_alternatives),
          cmocka_unit_test(many_words_were_no_hint))
