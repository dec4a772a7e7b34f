/*
 * test_machine.c - who answered? Made-up voices: bursts of harmonics with the
 * rhythm of syllables, over the noise of a line
 */
#include "unit/test.h"

#include <math.h>

#include "core/machine.h"

struct line {
	struct machine m;
	uint32_t at; /* samples */
	uint32_t seed;
	double noise;
	uint32_t answered_ms;
};

static void start(struct line *l, const struct machine_spec *spec)
{
	memset(l, 0, sizeof(*l));
	l->seed = 3;
	l->noise = 60;
	machine_init(&l->m, spec);
}

static void put(struct line *l, double (*sound)(double t, double p), double p,
                uint32_t ms)
{
	int16_t frame[MACHINE_FRAME];

	for (uint32_t f = 0; f < ms / 20; f++) {
		for (int i = 0; i < MACHINE_FRAME; i++) {
			double t = (double)l->at++ / MACHINE_RATE;

			l->seed = l->seed * 1664525 + 1013904223;
			frame[i] =
				(int16_t)((sound ? sound(t, p) : 0) +
			                  l->noise * ((double)(l->seed >> 8) /
			                                      (1 << 23) -
			                              1));
		}
		if (machine_put(&l->m, frame) != MACHINE_OPEN &&
		    l->answered_ms == 0)
			l->answered_ms = l->at / 8;
	}
}

/* A voice of 120 Hz that glides, four syllables a second. */
static double voice(double t, double level)
{
	double pitch = 120 + 15 * sin(2 * M_PI * 0.7 * t);
	double s = 0;

	for (int h = 1; h < 20; h++)
		s += sin(2 * M_PI * pitch * h * t) / (1 + fabs(h - 5.0));
	return level * s * (0.55 + 0.45 * sin(2 * M_PI * 4 * t));
}

static double tone(double t, double hz)
{
	return 6000 * sin(2 * M_PI * hz * t);
}

static const struct machine_spec usual = {.until_end = false};
static const struct machine_spec patient = {.until_end = true};

static void expect(struct line *l, const char *name, uint32_t from, uint32_t to)
{
	assert_string_equal(name, machine_name(l->m.answer));
	if (l->answered_ms < from || l->answered_ms > to)
		fail_msg("%s after %u ms", name, l->answered_ms);
}

static void a_person_says_a_word_and_waits(void **state)
{
	struct line l;

	(void)state;
	start(&l, &usual);
	put(&l, NULL, 0, 500);
	put(&l, voice, 1500, 600);
	put(&l, NULL, 0, 3000);
	expect(&l, "human", 2200, 2600);
	/* two words, with a pause between them; and faintly */
	start(&l, &patient);
	put(&l, voice, 250, 500);
	put(&l, NULL, 0, 600);
	put(&l, voice, 250, 700);
	put(&l, NULL, 0, 3000);
	expect(&l, "human", 2900, 3300);
}

static void a_machine_talks_longer(void **state)
{
	struct line l;

	(void)state;
	start(&l, &usual);
	put(&l, NULL, 0, 800);
	put(&l, voice, 1500, 8000);
	expect(&l, "machine_start", 3100, 3500);
}

static void the_end_of_the_greeting_is_a_beep_or_silence(void **state)
{
	static const double beeps[] = {440, 1000, 1400, 2000};
	struct line l;

	(void)state;
	for (size_t i = 0; i < N_OF(beeps); i++) {
		start(&l, &patient);
		put(&l, voice, 1500, 6000);
		put(&l, NULL, 0, 700);
		put(&l, tone, beeps[i], 300);
		put(&l, NULL, 0, 3000);
		expect(&l, "machine_end_beep", 7000, 7100);
	}
	start(&l, &patient);
	put(&l, voice, 1500, 6000);
	put(&l, NULL, 0, 3000);
	expect(&l, "machine_end_silence", 7100, 7400);
	/* a greeting as short as a person's, but there is a beep */
	start(&l, &patient);
	put(&l, voice, 1500, 1500);
	put(&l, NULL, 0, 500);
	put(&l, tone, 1000, 500);
	put(&l, NULL, 0, 500);
	expect(&l, "machine_end_beep", 2500, 2600);
	/* it never ends */
	start(&l, &patient);
	put(&l, voice, 1500, 31000);
	expect(&l, "machine_end_other", 30000, 30000);
}

static void a_fax_whistles(void **state)
{
	struct line l;

	(void)state;
	start(&l, &usual);
	put(&l, NULL, 0, 1000);
	put(&l, tone, 2100, 2600);
	expect(&l, "fax", 1500, 1600);
}

static void silence_and_clicks_are_unknown(void **state)
{
	struct line l;

	(void)state;
	start(&l, &usual);
	put(&l, NULL, 0, 6000);
	expect(&l, "unknown", 5000, 5000);
	start(&l, &usual);
	l.noise = 600; /* a noisy line is no speech */
	put(&l, NULL, 0, 1000);
	put(&l, voice, 3000, 40);
	put(&l, NULL, 0, 6000);
	expect(&l, "unknown", 5000, 5000);
}

static void thresholds_are_what_was_asked_for(void **state)
{
	static const struct machine_spec spec = {.speech_ms = 1000,
	                                         .speech_end_ms = 500,
	                                         .silence_ms = 2000,
	                                         .timeout_ms = 3000};
	struct line l;

	(void)state;
	start(&l, &spec);
	put(&l, voice, 1500, 2000);
	expect(&l, "machine_start", 1000, 1200);
	start(&l, &spec);
	put(&l, voice, 1500, 600);
	put(&l, NULL, 0, 2000);
	expect(&l, "human", 1000, 1240);
	start(&l, &spec);
	put(&l, NULL, 0, 4000);
	expect(&l, "unknown", 2000, 2000);
}

TEST_MAIN(cmocka_unit_test(a_person_says_a_word_and_waits),
          cmocka_unit_test(a_machine_talks_longer),
          cmocka_unit_test(the_end_of_the_greeting_is_a_beep_or_silence),
          cmocka_unit_test(a_fax_whistles),
          cmocka_unit_test(silence_and_clicks_are_unknown),
          cmocka_unit_test(thresholds_are_what_was_asked_for))
