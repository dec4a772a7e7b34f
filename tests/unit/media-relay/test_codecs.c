/*
 * test_codecs.c - codec names, G.711, WAVE files and tones
 */
#include "unit/test.h"

#include <math.h>

#include <spandsp.h>

#include "core/codec.h"
#include "core/g711.h"
#include "core/tone.h"
#include "core/wav.h"

static void formats_match_by_name_not_by_number(void **state)
{
	struct format a = {CODEC_PCMU, 0, 1, 8000, "PCMU"};
	struct format b = {CODEC_PCMU, 96, 1, 8000, "pcmu"};
	struct format e8 = {CODEC_EVENT, 101, 1, 8000, "telephone-event"};
	struct format e48 = {CODEC_EVENT, 110, 1, 48000, "telephone-event"};
	struct format g729 = {CODEC_OTHER, 18, 1, 8000, "G729"};
	struct format gsm = {CODEC_OTHER, 3, 1, 8000, "GSM"};

	(void)state;
	assert_int_equal(CODEC_PCMU, codec_by_name("pcmu"));
	assert_int_equal(CODEC_OPUS, codec_by_name("OPUS"));
	assert_int_equal(CODEC_EVENT, codec_by_name("telephone-event"));
	assert_int_equal(CODEC_OTHER, codec_by_name("G729"));
	assert_true(format_same(&a, &b));
	b.rate = 16000;
	assert_false(format_same(&a, &b));
	assert_true(format_same(&e8, &e48));
	assert_false(format_same(&a, &e8));
	assert_false(format_same(&g729, &gsm));
	assert_true(format_same(&gsm, &gsm));
}

static void g711_agrees_with_spandsp(void **state)
{
	(void)state;
	for (int i = 0; i < 256; i++) {
		assert_int_equal(ulaw_to_linear((uint8_t)i),
		                 g711_from_ulaw((uint8_t)i));
		assert_int_equal(alaw_to_linear((uint8_t)i),
		                 g711_from_alaw((uint8_t)i));
	}
	for (int i = -32768; i < 32768; i++) {
		if (linear_to_ulaw(i) != g711_to_ulaw((int16_t)i))
			fail_msg("mu-law of %d", i);
		if (linear_to_alaw(i) != g711_to_alaw((int16_t)i))
			fail_msg("A-law of %d", i);
	}
}

static const uint8_t riff[] = {
	'R', 'I', 'F', 'F', 60,  0,  0, 0, 'W', 'A', 'V', 'E', /* 12 */
	'L', 'I', 'S', 'T', 3,   0,  0, 0, 'x', 'y', 'z', 0,   /* 24 */
	'f', 'm', 't', ' ', 16,  0,  0, 0, 1,   0,   1,   0,   /* 36 */
	64,  31,  0,   0,   128, 62, 0, 0, 2,   0,   16,  0,   /* 48 */
	'd', 'a', 't', 'a', 4,   0,  0, 0, 1,   0,   255, 255,
};

static void a_wave_file_is_read(void **state)
{
	struct wav w;

	(void)state;
	assert_int_equal(0, wav_parse(&w, riff, sizeof(riff)));
	assert_int_equal(8000, w.rate);
	assert_int_equal(2, w.n);
	assert_int_equal(1, wav_sample(&w, 0));
	assert_int_equal(-1, wav_sample(&w, 1));
}

static void a_wave_file_that_is_cut_or_odd_is_refused(void **state)
{
	static const struct {
		size_t at;
		uint8_t value;
		int err;
	} rows[] = {
		{0, 'X', EINVAL},  {8, 'X', EINVAL},  {32, 3, ENOTSUP},
		{34, 2, ENOTSUP},  {46, 8, ENOTSUP},  {37, 1, ENOTSUP},
		{52, 200, EINVAL}, {16, 255, EINVAL}, {19, 255, EINVAL},
		{28, 4, EINVAL},   {48, 'x', EINVAL},
	};
	struct wav w;

	(void)state;
	for (size_t n = 0; n < sizeof(riff); n++)
		assert_int_equal(EINVAL, wav_parse(&w, riff, n));
	for (size_t i = 0; i < N_OF(rows); i++) {
		uint8_t p[sizeof(riff)];

		memcpy(p, riff, sizeof(p));
		p[rows[i].at] = rows[i].value;
		assert_int_equal(rows[i].err, wav_parse(&w, p, sizeof(p)));
	}
}

/* Power at a frequency, of samples that are all inside of a burst. */
static double level(const int16_t *s, size_t n, double hz)
{
	double re = 0;
	double im = 0;

	for (size_t i = 0; i < n; i++) {
		re += s[i] * cos(6.283185307179586 * hz * (double)i / 8000);
		im += s[i] * sin(6.283185307179586 * hz * (double)i / 8000);
	}
	return sqrt(re * re + im * im) * 2 / (double)n;
}

static void tones_have_their_frequencies_and_cadence(void **state)
{
	static const struct {
		const char *name;
		double hz[2];
		double absent;
		size_t ms;        /* of one round */
		size_t silent_ms; /* is in a pause */
	} rows[] = {
		{"ringback-us", {440, 480}, 425, 6000, 2500},
		{"us", {440, 480}, 425, 6000, 5900},
		{"us-old", {400, 440}, 480, 6000, 2500},
		{"ringback-uk", {400, 450}, 425, 3000, 500},
		{"gb", {400, 450}, 425, 3000, 2000},
		{"de", {425, 0}, 480, 5000, 1500},
		{"fr", {440, 0}, 480, 5000, 2000},
		{"at", {420, 0}, 480, 6000, 3000},
		{"au", {400, 425}, 480, 3000, 500},
	};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		const struct tone *t = tone_find(rows[i].name);
		size_t n;
		int16_t *s;

		assert_non_null(t);
		n = tone_samples(t, 8000);
		assert_int_equal(rows[i].ms * 8, n);
		s = calloc(n, sizeof(*s));
		assert_non_null(s);
		tone_render(t, 8000, s);
		/* 320 ms: whole turns of all these */
		assert_true(level(s + 320, 2560, rows[i].hz[0]) > 2000);
		assert_true(rows[i].hz[1] == 0 ||
		            level(s + 320, 2560, rows[i].hz[1]) > 2000);
		assert_true(level(s + 320, 2560, rows[i].absent) < 800);
		assert_int_equal(0, s[rows[i].silent_ms * 8]);
		assert_int_equal(0, s[n - 1]);
		free(s);
	}
}

static void every_ring_tone_of_dial_is_there(void **state)
{
	static const char *const names[] = {
		"at",     "au", "bg", "br", "be", "ch", "cl", "cn", "cz",
		"de",     "dk", "ee", "es", "fi", "fr", "gr", "hu", "il",
		"in",     "it", "lt", "jp", "mx", "my", "nl", "no", "nz",
		"ph",     "pl", "pt", "ru", "se", "sg", "th", "uk", "us",
		"us-old", "tw", "ve", "za", "gb",
	};

	(void)state;
	for (size_t i = 0; i < N_OF(names); i++) {
		const struct tone *t = tone_find(names[i]);

		assert_non_null(t);
		assert_int_equal(0, tone_samples(t, 8000) % 160);
	}
	assert_null(tone_find("xx"));
	assert_null(tone_find(""));
	assert_null(tone_find("ringback-"));
}

TEST_MAIN(cmocka_unit_test(formats_match_by_name_not_by_number),
          cmocka_unit_test(g711_agrees_with_spandsp),
          cmocka_unit_test(a_wave_file_is_read),
          cmocka_unit_test(a_wave_file_that_is_cut_or_odd_is_refused),
          cmocka_unit_test(tones_have_their_frequencies_and_cadence),
          cmocka_unit_test(every_ring_tone_of_dial_is_there))
