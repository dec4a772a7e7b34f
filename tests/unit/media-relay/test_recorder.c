/*
 * test_recorder.c - what of a leg is in the file: tracks, trim, limits, pause
 */
#include "core/recorder.h"
#include "core/riff.h"
#include "unit/test.h"

enum { SOUND = 4000, HUM = 60 };

/* A leg, as a script of frames: each letter is one.
 *   i  in is heard     o  out is heard    b  both
 *   s  in is silent, and was received     .  nothing was received */
struct run {
	struct recorder r;
	size_t n; /* samples of all channels in the file */
	int16_t file[64 * RECORDER_FRAME * RECORDER_CHANNELS];
	size_t frames; /* that were taken until it ended */
	bool ended;
	enum recorder_end why;
};

static void fill(int16_t *s, int level)
{
	for (size_t i = 0; i < RECORDER_FRAME; i++)
		s[i] = (int16_t)(i % 2 ? level : -level);
}

static void take(struct run *run, char c)
{
	int16_t in[RECORDER_FRAME], out[RECORDER_FRAME];
	struct recorder_frame f = {in, out, c != '.' && c != 'o'};
	int16_t *end = run->file + run->n;

	fill(in, c == 'i' || c == 'b' ? SOUND : c == 's' ? HUM : 0);
	fill(out, c == 'o' || c == 'b' ? SOUND / 2 : 0);
	assert_true(run->n + RECORDER_TAKE <= N_OF(run->file));
	run->n += recorder_take(&run->r, &f, end);
	run->frames++;
	run->ended = recorder_ended(&run->r, &run->why);
}

static void play(struct run *run, const char *frames)
{
	for (; *frames && !run->ended; frames++)
		take(run, *frames);
}

static void begin(struct run *run, struct recorder_spec spec)
{
	memset(run, 0, sizeof(*run));
	recorder_init(&run->r, &spec, 0);
}

static void two_channels_hold_two_tracks(void **state)
{
	struct run run;

	(void)state;
	begin(&run, (struct recorder_spec){.dual = true});
	play(&run, "iob.");
	assert_int_equal(2, recorder_channels(&run.r.spec));
	assert_int_equal(4 * RECORDER_FRAME * 2, run.n);
	assert_int_equal(4 * RECORDER_FRAME, recorder_length(&run.r));
	assert_int_equal(-SOUND, run.file[0]);
	assert_int_equal(0, run.file[1]);
	assert_int_equal(0, run.file[2 * RECORDER_FRAME]);
	assert_int_equal(-SOUND / 2, run.file[2 * RECORDER_FRAME + 1]);
	assert_int_equal(-SOUND, run.file[4 * RECORDER_FRAME]);
	assert_int_equal(-SOUND / 2, run.file[4 * RECORDER_FRAME + 1]);
}

static void one_channel_holds_the_sum(void **state)
{
	const struct recorder_frame loud = {
		(const int16_t[RECORDER_FRAME]){30000, -30000},
		(const int16_t[RECORDER_FRAME]){30000, -30000}, true};
	struct run run;

	(void)state;
	begin(&run, (struct recorder_spec){.track = TRACK_BOTH_WAYS});
	play(&run, "b");
	assert_int_equal(RECORDER_FRAME, run.n);
	assert_int_equal(-SOUND * 3 / 2, run.file[0]);
	assert_int_equal(RECORDER_FRAME,
	                 recorder_take(&run.r, &loud, run.file));
	assert_int_equal(INT16_MAX, run.file[0]);
	assert_int_equal(INT16_MIN, run.file[1]);
}

static void a_single_track_is_one_channel(void **state)
{
	const struct {
		enum recorder_track track;
		int first;
	} rows[] = {{TRACK_IN, -SOUND}, {TRACK_OUT, -SOUND / 2}};
	struct run run;

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		begin(&run, (struct recorder_spec){.track = rows[i].track,
		                                   .dual = true});
		play(&run, "b");
		assert_int_equal(RECORDER_FRAME, run.n);
		assert_int_equal(rows[i].first, run.file[0]);
	}
}

struct trim_row {
	const char *frames;
	size_t written, length; /* in frames */
};

static void trim_cuts_both_ends(void **state)
{
	/* RECORDER_MARGIN, 3 frames, stay around what is heard */
	const struct trim_row rows[] = {
		{"ssssssiiissssss", 12, 9},
		{"iii", 3, 3},
		{"si.o.s", 6, 6},
		{"......ssssss", 0, 0},
		{"....ooosss..ssi", 14, 14},
		{"issssssssssi", 12, 12},
	};
	struct run run;

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		begin(&run, (struct recorder_spec){.trim = true, .dual = true});
		play(&run, rows[i].frames);
		assert_int_equal(rows[i].written * RECORDER_FRAME * 2, run.n);
		assert_int_equal(rows[i].length * RECORDER_FRAME,
		                 recorder_length(&run.r));
	}
}

struct end_row {
	struct recorder_spec spec;
	const char *frames;
	size_t taken; /* frames; 0 = it does not end */
	enum recorder_end why;
};

static void it_ends_by_itself(void **state)
{
	const struct end_row rows[] = {
		{{.silence_ms = 60}, "issiisssss", 8, RECORDER_SILENCE},
		{{.silence_ms = 60}, "ssss", 3, RECORDER_SILENCE},
		/* what is not received is no silence, and does not break it */
		{{.silence_ms = 60}, "i..................", 0, 0},
		{{.silence_ms = 60}, "is.s.s", 6, RECORDER_SILENCE},
		/* what the phone is sent does not keep it open */
		{{.silence_ms = 60}, "ooosss", 6, RECORDER_SILENCE},
		{{.silence_ms = 60, .track = TRACK_OUT},
	         "isssi",
	         4,
	         RECORDER_SILENCE},
		{{.max_ms = 50}, "iiiiii", 3, RECORDER_LENGTH},
		{{.max_ms = 60, .trim = true}, "ssssss", 3, RECORDER_LENGTH},
		{{.max_ms = 40, .paused = true}, "iiii", 2, RECORDER_LENGTH},
		{{.max_ms = 40, .paused = true, .pause_skips = true},
	         "iiii",
	         0,
	         0},
		{{.silence_ms = 40, .paused = true}, "ssss", 0, 0},
	};
	struct run run;

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		begin(&run, rows[i].spec);
		play(&run, rows[i].frames);
		assert_int_equal(rows[i].taken > 0, run.ended);
		if (!run.ended)
			continue;
		assert_int_equal(rows[i].taken, run.frames);
		assert_int_equal(rows[i].why, run.why);
	}
}

static void the_limit_is_exact(void **state)
{
	struct run run;

	(void)state;
	begin(&run, (struct recorder_spec){.max_ms = 50});
	play(&run, "iiiiii");
	assert_int_equal(400, run.n);
	assert_int_equal(400, recorder_length(&run.r));
}

static void a_pause_is_silence_or_nothing(void **state)
{
	struct run run;

	(void)state;
	begin(&run, (struct recorder_spec){.track = TRACK_IN});
	play(&run, "i");
	run.r.spec.paused = true;
	play(&run, "ii");
	assert_int_equal(3 * RECORDER_FRAME, run.n);
	for (size_t i = RECORDER_FRAME; i < run.n; i++)
		assert_int_equal(0, run.file[i]);
	run.r.spec.pause_skips = true;
	play(&run, "iiii");
	run.r.spec.paused = false;
	play(&run, "i");
	assert_int_equal(4 * RECORDER_FRAME, run.n);
	assert_int_equal(-SOUND, run.file[3 * RECORDER_FRAME]);
}

static void it_goes_on_where_the_file_ends(void **state)
{
	struct run run;
	struct recorder_spec spec = {.trim = true, .max_ms = 100};

	(void)state;
	begin(&run, spec);
	recorder_init(&run.r, &spec, 3 * (uint64_t)RECORDER_FRAME);
	play(&run, "sssss");
	assert_int_equal(2 * RECORDER_FRAME, run.n);
	assert_int_equal(RECORDER_LENGTH, run.why);
	assert_int_equal(5 * RECORDER_FRAME, recorder_length(&run.r));
}

static void an_hour_is_an_hour_on_both_tracks(void **state)
{
	static const char pattern[] = "ib.o";
	struct run run;
	uint64_t written = 0;

	(void)state;
	begin(&run, (struct recorder_spec){.dual = true});
	for (size_t i = 0; i < 3600 * 50; i++) {
		run.n = 0;
		take(&run, pattern[i % 4]);
		assert_int_equal(pattern[i % 4] == 'i' || pattern[i % 4] == 'b',
		                 run.file[0] != 0);
		assert_int_equal(pattern[i % 4] == 'o' || pattern[i % 4] == 'b',
		                 run.file[1] != 0);
		written += run.n;
	}
	assert_int_equal(3600ULL * RECORDER_RATE * 2, written);
	assert_int_equal(3600ULL * RECORDER_RATE, recorder_length(&run.r));
}

static void a_header_says_what_follows(void **state)
{
	static const uint8_t expected[RIFF_SIZE] =
		"RIFF\x24\x02\0\0WAVEfmt \x10\0\0\0\x01\0\x02\0\x40\x1f\0\0"
		"\0\x7d\0\0\x04\0\x10\0data\0\x02\0";
	uint8_t head[RIFF_SIZE];

	(void)state;
	riff_write(head, 8000, 2, 512);
	assert_memory_equal(expected, head, RIFF_SIZE);
	assert_int_equal(2, riff_channels(head));
	riff_write(head, 8000, 1, 1ULL << 40);
	assert_int_equal(0xff, head[43]);
	head[22] = 3;
	assert_int_equal(0, riff_channels(head));
	memset(head, 0, sizeof(head));
	assert_int_equal(0, riff_channels(head));
}

TEST_MAIN(cmocka_unit_test(two_channels_hold_two_tracks),
          cmocka_unit_test(one_channel_holds_the_sum),
          cmocka_unit_test(a_single_track_is_one_channel),
          cmocka_unit_test(trim_cuts_both_ends),
          cmocka_unit_test(it_ends_by_itself),
          cmocka_unit_test(the_limit_is_exact),
          cmocka_unit_test(a_pause_is_silence_or_nothing),
          cmocka_unit_test(it_goes_on_where_the_file_ends),
          cmocka_unit_test(an_hour_is_an_hour_on_both_tracks),
          cmocka_unit_test(a_header_says_what_follows))
