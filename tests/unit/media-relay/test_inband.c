/*
 * test_inband.c - keys heard as tones: levels, twist, speed, noise, exactly once
 */
#include "unit/test.h"

#include <math.h>

#include "core/inband.h"

static const char keys[] = "123A456B789C*0#D";
static const double rows[] = {697, 770, 852, 941};
static const double columns[] = {1209, 1336, 1477, 1633};

struct tester {
	struct inband *inband;
	uint64_t at; /* samples */
	uint32_t seed;
	double noise; /* amplitude */
	size_t n;
	char heard[64];
	uint32_t ms[64];
};

static void feed(struct tester *t, const int16_t *frame)
{
	struct key_press k;

	inband_put(t->inband, frame, 160);
	while ((k = inband_take(t->inband)).digit != '\0') {
		assert_true(t->n < sizeof(t->heard) - 1);
		t->ms[t->n] = k.duration_ms;
		t->heard[t->n++] = k.digit;
	}
}

/* Two tones, in dBm0 each, for a while; '\0' = a pause. */
static void sound(struct tester *t, char key, unsigned ms, double low_db,
                  double high_db, double off)
{
	static int16_t frame[160];
	size_t k = key ? (size_t)(strchr(keys, key) - keys) : 0;
	/* 0 dBm0 is a sine 3.14 dB below the top */
	double low = key ? 22830 * pow(10, low_db / 20) : 0;
	double high = key ? 22830 * pow(10, high_db / 20) : 0;

	for (unsigned i = 0; i < ms * 8; i++, t->at++) {
		double s = low * sin(2 * M_PI * rows[k / 4] * off *
		                     (double)t->at / 8000) +
		           high * sin(2 * M_PI * columns[k % 4] * off *
		                      (double)t->at / 8000);

		t->seed = t->seed * 1664525 + 1013904223;
		s += t->noise * ((double)(t->seed >> 8) / (1 << 23) - 1);
		frame[t->at % 160] = (int16_t)s;
		if (t->at % 160 == 159)
			feed(t, frame);
	}
}

static void start(struct tester *t)
{
	memset(t, 0, sizeof(*t));
	t->seed = 7;
	assert_int_equal(0, inband_alloc(&t->inband));
}

static void expect(struct tester *t, const char *heard)
{
	sound(t, '\0', 100, 0, 0, 1);
	t->heard[t->n] = '\0';
	assert_string_equal(heard, t->heard);
	inband_free(t->inband);
}

static void every_key_is_heard_at_any_speed(void **state)
{
	static const unsigned times[][2] = {
		{50, 50}, {60, 45}, {100, 100}, {400, 60}, {2000, 300}};
	struct tester t;

	(void)state;
	for (size_t i = 0; i < N_OF(times); i++) {
		start(&t);
		for (const char *k = keys; *k; k++) {
			sound(&t, *k, times[i][0], -10, -8, 1);
			sound(&t, '\0', times[i][1], 0, 0, 1);
		}
		expect(&t, keys);
		for (size_t k = 0; k < 16; k++)
			assert_in_range(t.ms[k], times[i][0] - 30,
			                times[i][0] + 30);
	}
}

static void the_same_key_twice_is_two(void **state)
{
	struct tester t;

	(void)state;
	start(&t);
	for (int i = 0; i < 10; i++) {
		sound(&t, '5', 60, -10, -10, 1);
		sound(&t, '\0', 60, 0, 0, 1);
	}
	expect(&t, "5555555555");
}

static void a_tone_with_a_hole_is_one(void **state)
{
	struct tester t;

	(void)state;
	start(&t);
	for (int i = 0; i < 5; i++) {
		sound(&t, '7', 100, -10, -10, 1);
		sound(&t, '\0', 20, 0, 0, 1); /* a lost packet */
		sound(&t, '7', 100, -10, -10, 1);
		sound(&t, '\0', 100, 0, 0, 1);
	}
	expect(&t, "77777");
}

static void levels_twist_and_frequency_of_q24(void **state)
{
	static const struct {
		double low, high, off;
		bool heard;
	} rows_of[] = {
		{-3, -3, 1, true},       {-25, -25, 1, true},
		{-35, -35, 1, true},     {-55, -55, 1, false},
		{-10, -7, 1, true},      {-10, -17, 1, true},
		{-20, -5, 1, false},     {-5, -20, 1, false},
		{-10, -10, 1.012, true}, {-10, -10, 0.988, true},
		{-10, -10, 1.04, false}, {-10, -10, 0.96, false},
	};
	struct tester t;

	(void)state;
	for (size_t i = 0; i < N_OF(rows_of); i++) {
		start(&t);
		sound(&t, '3', 100, rows_of[i].low, rows_of[i].high,
		      rows_of[i].off);
		expect(&t, rows_of[i].heard ? "3" : "");
	}
}

static void noise_is_no_key_and_hides_none(void **state)
{
	struct tester t;

	(void)state;
	start(&t);
	t.noise = 1000;
	sound(&t, '\0', 30000, 0, 0, 1);
	assert_int_equal(0, t.n);
	sound(&t, '#', 80, -10, -10, 1);
	expect(&t, "#");
	/* one frequency alone, a whistle, is none */
	start(&t);
	sound(&t, '1', 1000, -10, -90, 1);
	expect(&t, "");
}

TEST_MAIN(cmocka_unit_test(every_key_is_heard_at_any_speed),
          cmocka_unit_test(the_same_key_twice_is_two),
          cmocka_unit_test(a_tone_with_a_hole_is_one),
          cmocka_unit_test(levels_twist_and_frequency_of_q24),
          cmocka_unit_test(noise_is_no_key_and_hides_none))
