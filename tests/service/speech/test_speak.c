/*
 * test_speak.c - text to audio, from the real process
 */
#include <signal.h>

#include "fixture.h"
#include "unit/test.h"

static uint8_t first[AUDIO_MAX], second[AUDIO_MAX];

enum { BYTES_A_SECOND = 2 * 16000 };

static double level(const uint8_t *pcm, size_t from, size_t to)
{
	const int16_t *v = (const int16_t *)(const void *)pcm;
	size_t n = to / 2 - from / 2;
	double sum = 0;

	for (size_t i = from / 2; i < to / 2; i++)
		sum += v[i] < 0 ? -v[i] : v[i];
	return n ? sum / (double)n : 0;
}

static void a_sentence_is_spoken_at_a_human_pace(void **state)
{
	size_t n;

	(void)state;
	n = speak_all(0, "The quick brown fox jumps over the lazy dog.", "man",
	              "en-US", first);
	assert_in_range(n, 2 * BYTES_A_SECOND, 5 * BYTES_A_SECOND);
	assert_true(level(first, 0, n) > 300);
	assert_int_equal(0, fixture.answer.warning);
}

static void voices_and_languages_differ(void **state)
{
	static const char *const rows[][2] = {
		{"man", "en-US"}, {"woman", "en-US"}, {"man", "en-GB"},
		{"man", "fr-FR"}, {"woman", "fr-FR"}, {"alice", "de-DE"},
		{"Polly.Mia", ""}};
	size_t sizes[N_OF(rows)];

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		sizes[i] = speak_all(0, "Radio numero 3", rows[i][0],
		                     rows[i][1], first);
		assert_true(level(first, 0, sizes[i]) > 300);
		for (size_t j = 0; j < i; j++) {
			if (sizes[i] == sizes[j] &&
			    strcmp(rows[i][1], "fr-FR") != 0)
				fail_msg("%s %s is %s %s", rows[i][0],
				         rows[i][1], rows[j][0], rows[j][1]);
		}
	}
}

static void breaks_are_silence_of_their_length(void **state)
{
	size_t with, without;

	(void)state;
	without = speak_all(0, "One.", "", "", first);
	with = speak_all(0, "One.<break time=\"2s\"/>Two.", "", "", second);
	assert_true(with > without + 2 * BYTES_A_SECOND);
	assert_memory_equal(first, second, without);
	assert_true(level(second, without, without + 2 * BYTES_A_SECOND) == 0);
}

static void prosody_is_heard(void **state)
{
	static const char text[] = "This takes some time to say";
	char ssml[128];
	size_t usual, slow, n;

	(void)state;
	usual = speak_all(0, text, "", "", first);
	(void)snprintf(ssml, sizeof(ssml),
	               "<prosody rate=\"50%%\">%s</prosody>", text);
	slow = speak_all(0, ssml, "", "", second);
	assert_true(slow > usual * 3 / 2);
	(void)snprintf(ssml, sizeof(ssml),
	               "<prosody volume=\"-12dB\">%s</prosody>", text);
	n = speak_all(0, ssml, "", "", second);
	/* flite's breath is random, and with it where a sound begins */
	assert_in_range(n, usual - 320, usual + 320);
	assert_true(level(second, 0, n) < level(first, 0, n) / 3);
}

static void any_offset_gives_the_same_bytes(void **state)
{
	static const char text[] = "First sentence. Second one!<break/>Third.";
	size_t n = speak_all(0, text, "woman", "en-US", first);

	(void)state;
	for (size_t at = 0; at < n; at += n / 7 / 2 * 2) {
		struct answer *a = speak_at(0, text, "woman", "en-US", at);

		assert_true(a->n > 0);
		assert_memory_equal(first + at, a->pcm, a->n);
	}
	assert_int_equal(0, speak_at(0, text, "woman", "en-US", n)->n);
	assert_true(fixture.answer.last);
	assert_int_equal(0, speak_at(0, text, "woman", "en-US", 1 << 30)->n);
	assert_true(fixture.answer.last);
}

static void another_instance_speaks_the_same_bytes(void **state)
{
	static const char text[] = "Hello from any of us. Here is more.";
	size_t n = speak_all(0, text, "man", "en-US", first);

	(void)state;
	fixture_start(1);
	assert_int_equal(n, speak_all(1, text, "man", "en-US", second));
	assert_memory_equal(first, second, n);
	/* It did not speak: the sentences were in the common folder. */
	assert_true(metric_sum(fixture.health_port[1],
	                       "trestle_sentences_total{from=\"disk\"}") == 2);
	assert_true(metric_sum(fixture.health_port[1],
	                       "trestle_sentences_total{from=\"embedded\"}") ==
	            0);
	fixture_stop(1, SIGTERM);
}

static void a_restart_forgets_no_sentence(void **state)
{
	static const char text[] = "Kept for a rainy day.";
	size_t n = speak_all(0, text, "", "", first);

	(void)state;
	fixture_stop(0, SIGKILL);
	fixture_start(0);
	assert_int_equal(n, speak_all(0, text, "", "", second));
	assert_memory_equal(first, second, n);
	assert_true(metric_sum(fixture.health_port[0],
	                       "trestle_sentences_total{from=\"embedded\"}") ==
	            0);
}

static void a_broken_file_of_the_cache_is_made_again(void **state)
{
	static const char text[] = "A file that will break.";
	size_t n = speak_all(0, text, "", "", first);
	char command[160];

	(void)state;
	(void)snprintf(command, sizeof(command),
	               "for f in %s/*/*.wav; do echo broken >$f; done",
	               fixture.cache);
	(void)!pclose(popen(command, "r"));
	fixture_stop(0, SIGKILL);
	fixture_start(0);
	assert_int_equal(n, speak_all(0, text, "", "", second));
	assert_memory_equal(first, second, n);
}

static void wishes_that_can_not_be_met_are_told(void **state)
{
	static char longer[6000];
	static const struct {
		const char *ssml, *voice, *language;
		unsigned warning, error;
	} rows[] = {
		{"Hi", "man", "en-US", 0, 0},
		{"Hi", "Polly.Joanna", "en-US", 13511, 0},
		{"Hi", "Polly.Nobody", "en-US", 13511, 0},
		{"Hi", "Google.de-DE-Wavenet-B", "", 13511, 0},
		{"Hi", "Polly.Hans", "fr-FR", 13512, 0},
		{"Hi", "man", "tlh-KX", 0, 13512},
		{"Hi", "man", "English, please", 0, 13512},
		{"Hi <lang xml:lang=\"tlh\">qapla</lang>", "", "", 13512, 0},
		{"", "", "", 0, 13520},
		{"<break", "", "", 0, 13520},
		{"a & b", "", "", 0, 13520},
		{longer, "", "", 0, 13521},
	};

	(void)state;
	memset(longer, 'a', 4097);
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct answer *a = speak_at(0, rows[i].ssml, rows[i].voice,
		                            rows[i].language, 0);

		if (a->warning != rows[i].warning || a->error != rows[i].error)
			fail_msg("%s: %u %u %s", rows[i].ssml, a->warning,
			         a->error, a->text);
		assert_true((a->warning || a->error) == (a->text[0] != '\0'));
		assert_true(a->error ? a->n == 0 && a->last : a->n > 0);
	}
}

static void a_helper_that_dies_is_replaced(void **state)
{
	double before = metric_sum(fixture.health_port[0],
	                           "trestle_helper_deaths_total");

	(void)state;
	assert_true(signal_helpers(0, SIGKILL) >= 2);
	assert_true(speak_at(0, "Still speaking.", "", "", 0)->n > 0);
	assert_int_equal(0, fixture.answer.error);
	assert_true(metric_sum(fixture.health_port[0],
	                       "trestle_helper_deaths_total") >= before + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sentence_is_spoken_at_a_human_pace),
		cmocka_unit_test(voices_and_languages_differ),
		cmocka_unit_test(breaks_are_silence_of_their_length),
		cmocka_unit_test(prosody_is_heard),
		cmocka_unit_test(any_offset_gives_the_same_bytes),
		cmocka_unit_test(another_instance_speaks_the_same_bytes),
		cmocka_unit_test(a_restart_forgets_no_sentence),
		cmocka_unit_test(a_broken_file_of_the_cache_is_made_again),
		cmocka_unit_test(wishes_that_can_not_be_met_are_told),
		cmocka_unit_test(a_helper_that_dies_is_replaced),
	};

	return cmocka_run_group_tests(tests, fixture_set_up, fixture_tear_down);
}
