/*
 * test_sound_file.c - files of each kind, whole, cut and hostile
 */
#include <math.h>

#include "adapters/sound_file.h"
#include "service/gallery.h"
#include "unit/test.h"

enum { SAMPLES = 4800, TONE_HZ = 1000 };
enum { ROUNDS_MAX = 4000000 }; /* reads before a decoder is said to hang */

/* What a file gave */
struct sound_heard {
	enum sound end;
	uint64_t samples, us; /* us: length at the rate of each sample */
	double re, im, all;
};

static void measure(struct sound_heard *s, const int16_t *p, size_t n,
                    uint32_t rate)
{
	for (size_t i = 0; i < n; i++) {
		double turn =
			2 * M_PI * TONE_HZ * (double)(s->samples + i) / rate;

		s->re += p[i] * cos(turn);
		s->im += p[i] * sin(turn);
		s->all += (double)p[i] * p[i];
	}
	s->samples += n;
	s->us += n * 1000000ULL / rate;
}

static void read_some(struct sound_file *f, struct sound_heard *s)
{
	int16_t out[SAMPLES];
	unsigned rounds = 0;
	size_t n;

	do {
		assert_true(rounds++ < ROUNDS_MAX);
		s->end = sound_file_read(f, out, SAMPLES, &n);
		assert_int_equal(s->end == SOUND_SAMPLES, n > 0);
		if (n > 0)
			measure(s, out, n, sound_file_rate(f));
	} while (s->end == SOUND_SAMPLES);
}

static struct sound_heard hear(const char *type, const uint8_t *p, size_t len,
                               size_t step)
{
	struct sound_heard s = {.end = SOUND_HUNGRY};
	struct sound_file *f;

	assert_int_equal(0, sound_file_alloc(&f, type, 8000));
	for (size_t at = 0; s.end == SOUND_HUNGRY; at += step) {
		size_t n = len - at < step ? len - at : step;
		/* from the heap, so that a sanitizer sees its end */
		uint8_t *piece = malloc(n + 1);

		assert_non_null(piece);
		memcpy(piece, p + at, n);
		assert_int_equal(0,
		                 sound_file_feed(f, piece, n, at + n == len));
		free(piece);
		read_some(f, &s);
		if (at + n == len)
			break;
	}
	sound_file_free(f);
	return s;
}

#define TONE " synth 3 sine 1000 gain -6"

// clang-format off
static const struct row {
	const char *type, *words, *suffix;
	unsigned slack_ms; /* of its 3 s */
} rows[] = {
	{"audio/wav", "-n -r 8000 -b 16 $OUT" TONE, "wav", 1},
	{"audio/x-wav", "-n -r 44100 -c 2 -b 16 $OUT" TONE, "wav", 1},
	{"audio/wave", "-n -r 48000 -b 24 $OUT" TONE, "wav", 1},
	{"audio/wav", "-n -r 16000 -b 8 -e unsigned $OUT" TONE, "wav", 1},
	{"audio/wav", "-n -r 32000 -b 32 -e floating-point $OUT" TONE, "wav", 1},
	{"audio/wav", "-n -r 8000 -e mu-law $OUT" TONE, "wav", 1},
	{"audio/wav", "-n -r 8000 -e a-law $OUT" TONE, "wav", 1},
	{"audio/wav", "-n -r 8000 -e ms-adpcm $OUT" TONE, "wav", 130},
	{"audio/wav", "-n -r 8000 -e ima-adpcm $OUT" TONE, "wav", 130},
	{"audio/wav", "-n -r 8000 -e gsm $OUT" TONE, "wav", 130},
	{"audio/aiff", "-n -r 22050 -b 16 $OUT" TONE, "aiff", 1},
	{"audio/x-aiff", "-n -r 8000 -c 2 -b 16 $OUT" TONE, "aiff", 1},
	{"audio/x-aifc", "-n -r 44100 -b 16 $OUT" TONE, "aifc", 1},
	{"audio/gsm", "-n -r 8000 -t gsm $OUT" TONE, "gsm", 40},
	{"audio/x-gsm", "-n -r 8000 -e gsm -t wav $OUT" TONE, "wav", 130},
	{"audio/ulaw", "-n -r 8000 -t ul $OUT" TONE, "ul", 1},
	{"audio/mpeg", "-n -r 44100 -c 2 -C 128 $OUT" TONE, "mp3", 120},
	{"audio/mpeg", "-n -r 22050 -C 32 $OUT" TONE, "mp3", 200},
	{"audio/mpeg", "-n -r 8000 -b 16 -t wav $OUT" TONE, "wav", 1},
};
// clang-format on

static uint8_t *files[N_OF(rows)];
static size_t lens[N_OF(rows)];

static int make_files(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++)
		files[i] = gallery_sox(rows[i].words, rows[i].suffix, &lens[i]);
	return 0;
}

static int free_files(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++)
		free(files[i]);
	return 0;
}

static void each_kind_is_heard_whole_and_in_pieces(void **state)
{
	static const size_t steps[] = {1000000, 20000, 777};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		for (size_t k = 0; k < N_OF(steps); k++) {
			struct sound_heard s =
				hear(rows[i].type, files[i], lens[i], steps[k]);
			double tone = 2 * (s.re * s.re + s.im * s.im) /
			              ((double)s.samples * s.all);
			long ms = (long)(s.us / 1000);

			if (s.end != SOUND_END || tone < 0.9 ||
			    labs(ms - 3000) > rows[i].slack_ms)
				fail_msg("%s, %s by %zu: end %d, %ld ms, %f",
				         rows[i].type, rows[i].words, steps[k],
				         (int)s.end, ms, tone);
		}
	}
}

static void a_cut_file_is_heard_as_far_as_it_goes(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct sound_heard half =
			hear(rows[i].type, files[i], lens[i] / 2, 20000);

		assert_in_range(half.us / 1000, 1200, 1800);
		for (size_t len = 0; len < 300 && len < lens[i]; len++) {
			struct sound_heard s =
				hear(rows[i].type, files[i], len, 64);

			assert_true(s.end == SOUND_END || s.end == SOUND_BAD);
		}
	}
}

/* Bytes of the head are changed by a generator that is always the same. */
static void damaged_heads_do_no_harm(void **state)
{
	uint32_t seed = 1;

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		size_t len = lens[i] < 6000 ? lens[i] : 6000;
		uint8_t *copy = malloc(len);

		assert_non_null(copy);
		for (unsigned round = 0; round < 150; round++) {
			memcpy(copy, files[i], len);
			for (unsigned k = 0; k < 1 + round % 5; k++) {
				seed = seed * 1664525 + 1013904223;
				copy[(seed >> 8) % 80] = (uint8_t)(seed >> 24);
			}
			(void)hear(rows[i].type, copy, len, 1 + seed % 5000);
		}
		free(copy);
	}
}

static void put32(uint8_t *p, uint32_t v)
{
	for (unsigned i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> 8 * i);
}

static void put_text(uint8_t *p, const char *text)
{
	while (*text)
		*p++ = (uint8_t)*text++;
}

/* A WAVE head that says what it likes, and four seconds of nothing */
static void hostile_heads_are_refused(void **state)
{
	static const struct {
		const char *name;
		uint16_t format, channels;
		uint32_t rate, size;
		uint16_t block, bits;
		bool good;
	} heads[] = {
		{"as it should be", 1, 1, 8000, 64000, 2, 16, true},
		{"more than there is", 1, 1, 8000, 0xfffffff0, 2, 16, true},
		{"eight channels", 1, 8, 8000, 64000, 16, 16, true},
		{"no channels", 1, 0, 8000, 64000, 2, 16, false},
		{"nine channels", 1, 9, 8000, 64000, 18, 16, false},
		{"1000 channels", 1, 1000, 8000, 64000, 2000, 16, false},
		{"65535 channels", 1, 65535, 8000, 64000, 65535, 16, false},
		{"no rate", 1, 1, 0, 64000, 2, 16, false},
		{"a huge rate", 1, 1, 0x7fffffff, 64000, 2, 16, false},
		{"a negative rate", 1, 1, 0xffffffff, 64000, 2, 16, false},
		{"no bits", 1, 1, 8000, 64000, 0, 0, false},
		{"unknown", 0x7777, 1, 8000, 64000, 2, 16, false},
		{"MPEG in WAVE", 0x55, 1, 8000, 64000, 1, 0, false},
	};
	static uint8_t file[64044];

	(void)state;
	for (size_t i = 0; i < N_OF(heads); i++) {
		struct sound_heard s;

		put_text(file, "RIFF....WAVEfmt ");
		put32(file + 4, 64036);
		put32(file + 16, 16);
		put32(file + 20,
		      heads[i].format | (uint32_t)heads[i].channels << 16);
		put32(file + 24, heads[i].rate);
		put32(file + 28, heads[i].rate * heads[i].block);
		put32(file + 32,
		      heads[i].block | (uint32_t)heads[i].bits << 16);
		put_text(file + 36, "data");
		put32(file + 40, heads[i].size);
		s = hear("audio/wav", file, sizeof(file), 7000);
		if ((s.end == SOUND_END && s.samples > 0) != heads[i].good)
			fail_msg("%s: %d, %lu samples", heads[i].name,
			         (int)s.end, (unsigned long)s.samples);
	}
}

static void what_is_no_sound_is_bad(void **state)
{
	static const char *const types[] = {"audio/mpeg", "audio/wav",
	                                    "audio/aiff"};
	static uint8_t page[200000];
	struct sound_file *f;

	(void)state;
	for (size_t i = 0; i < sizeof(page); i++)
		page[i] = (uint8_t) "<html>not here</html>\n"[i % 22];
	for (size_t i = 0; i < N_OF(types); i++)
		assert_int_equal(SOUND_BAD,
		                 hear(types[i], page, sizeof(page), 9999).end);
	assert_int_equal(ENOTSUP, sound_file_alloc(&f, "text/html", 0));
	assert_int_equal(ENOTSUP, sound_file_alloc(&f, "", 1));
	assert_int_equal(ENOTSUP, sound_file_alloc(&f, "", 1000000));
	assert_int_equal(0, sound_file_alloc(&f, "audio/wav", 0));
	assert_int_equal(EFBIG,
	                 sound_file_feed(f, page, SOUND_FILE_MAX + 1UL, true));
	sound_file_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind_is_heard_whole_and_in_pieces),
		cmocka_unit_test(a_cut_file_is_heard_as_far_as_it_goes),
		cmocka_unit_test(damaged_heads_do_no_harm),
		cmocka_unit_test(hostile_heads_are_refused),
		cmocka_unit_test(what_is_no_sound_is_bad),
	};

	return cmocka_run_group_tests(tests, make_files, free_files);
}
