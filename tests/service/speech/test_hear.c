/*
 * test_hear.c - audio to text, from the real process
 */
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "core/wav.h"
#include "fixture.h"
#include "unit/test.h"

static uint8_t audio[AUDIO_MAX];

static char *hints[] = {"Operator", "Billing",   "tech support",
                        "Sales",    "voicemail", "zzxqk"};

static Trestle__HearRequest utterance(uint32_t rate)
{
	static char ids[16][32];
	static unsigned n;
	Trestle__HearRequest r = TRESTLE__HEAR_REQUEST__INIT;

	r.id = ids[n % N_OF(ids)];
	(void)snprintf(r.id, sizeof(ids[0]), "listen-%u", ++n);
	r.rate = rate;
	r.language = "en-US";
	return r;
}

static Trestle__HearRequest with_hints(uint32_t rate)
{
	Trestle__HearRequest r = utterance(rate);

	r.hints = hints;
	r.n_hints = N_OF(hints);
	return r;
}

static void hints_are_understood_from_a_telephone_line(void **state)
{
	static const char *const voices[] = {"man", "woman"};

	(void)state;
	for (size_t i = 0; i < N_OF(hints) - 1; i++) {
		for (size_t v = 0; v < N_OF(voices); v++) {
			Trestle__HearRequest r = with_hints(8000);
			size_t n = call_in(hints[i], voices[v], audio);
			struct answer *a = hear_all(0, &r, audio, n);

			assert_true(a->final);
			assert_string_equal(hints[i], a->text);
		}
	}
}

static void what_is_no_hint_is_not_made_one(void **state)
{
	static const char said[] = "I want to speak with a person please";
	Trestle__HearRequest r = with_hints(8000);
	struct answer *a;

	(void)state;
	a = hear_all(0, &r, audio, call_in(said, "man", audio));
	assert_true(a->final);
	assert_true(words_heard(said, a->text) >= 60);
}

static void what_is_spoken_is_recognised_again(void **state)
{
	static const char said[] =
		"Please leave a message after the tone and hang up when you "
		"are finished.";
	Trestle__HearRequest r = utterance(16000);
	size_t n = speak_all(0, said, "man", "en-US", audio);
	struct answer *a = hear_all(0, &r, audio, n);

	(void)state;
	assert_true(a->final);
	assert_true(a->confidence > 0 && a->confidence <= 1000);
	if (words_heard(said, a->text) < 75)
		fail_msg("%s", a->text);
}

/* Also by a helper that has not learned it from another caller */
static void a_telephone_line_is_learned_from_what_is_said(void **state)
{
	static const char *const said[] = {
		"My number is five five five one two three four.",
		"Please call me back about the invoice.",
		"Yes please.",
	};

	(void)state;
	for (size_t i = 0; i < 2 * N_OF(said); i++) {
		const char *words = said[i / 2];
		Trestle__HearRequest r = utterance(8000);
		struct answer *a;

		r.partial = i % 2;
		a = hear_all(0, &r, audio, call_in(words, "man", audio));
		if (words_heard(words, a->text) < 90)
			fail_msg("%s", a->text);
	}
}

static void partial_results_come_before_the_end(void **state)
{
	static const char said[] = "Your appointment is on Monday morning.";
	Trestle__HearRequest r = utterance(8000);
	size_t n = call_in(said, "man", audio), half = n / 2 / 3200 * 3200;
	bool early = false;

	(void)state;
	r.partial = true;
	for (size_t at = 0; at < n; at += 3200) {
		struct answer *a =
			hear(0, &r, audio + at, n - at < 3200 ? n - at : 3200,
		             at + 3200 >= n);

		assert_int_equal(at + 3200 >= n, a->final);
		early = early || (at >= half && !a->final && a->text[0]);
	}
	assert_true(early);
}

static void silence_after_speech_is_the_end_where_it_was_asked(void **state)
{
	Trestle__HearRequest r = with_hints(8000);
	size_t n = call_in("Billing", "man", audio);
	struct answer *a;

	(void)state;
	memset(audio + n, 0, 64000);
	r.decide_end = true;
	a = hear_all(0, &r, audio, n + 64000);
	assert_true(a->final);
	assert_string_equal("Billing", a->text);
	assert_true((size_t)r.sequence * 3200 < n + 16000);
}

static void silence_is_no_words(void **state)
{
	Trestle__HearRequest r = with_hints(8000);
	struct answer *a;

	(void)state;
	memset(audio, 0, 48000);
	a = hear_all(0, &r, audio, 48000);
	assert_true(a->final);
	assert_string_equal("", a->text);
}

static void callers_do_not_change_what_others_are_heard_to_say(void **state)
{
	static const char said[] = "The person is not available at the moment.";
	char first[1024];
	size_t n = call_in(said, "man", audio);

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		Trestle__HearRequest r = utterance(8000);
		struct answer *a = hear_all(0, &r, audio, n);

		if (i == 0)
			(void)snprintf(first, sizeof(first), "%s", a->text);
		assert_string_equal(first, a->text);
	}
	assert_true(strlen(first) > 10);
}

static void what_can_not_be_heard_is_told(void **state)
{
	Trestle__HearRequest r = utterance(8000);
	struct answer *a;

	(void)state;
	memset(audio, 0, AUDIO_MAX);
	r.language = "fr-FR";
	a = hear(0, &r, audio, 3200, false);
	assert_int_equal(13331, a->error);
	assert_true(a->final && a->text[0]);

	r = utterance(44100);
	assert_int_equal(TRESTLE__REFUSAL__REASON__INVALID,
	                 hear(0, &r, audio, 3200, false)->refusal);
	r = utterance(8000);
	assert_int_equal(TRESTLE__REFUSAL__REASON__INVALID,
	                 hear(0, &r, audio, 3201, false)->refusal);
	r = utterance(8000);
	assert_int_equal(TRESTLE__REFUSAL__REASON__INVALID,
	                 hear(0, &r, audio, 64 * 1024 + 2, false)->refusal);
	r = utterance(8000);
	r.sequence = 3;
	assert_int_equal(TRESTLE__REFUSAL__REASON__NOT_FOUND,
	                 hear(0, &r, audio, 3200, false)->refusal);
}

static void an_utterance_may_be_begun_anew_under_its_name(void **state)
{
	Trestle__HearRequest r = with_hints(8000);
	size_t n = call_in("Billing", "man", audio);

	(void)state;
	assert_false(hear(0, &r, audio, 3200, false)->final);
	assert_false(hear(0, &r, audio, 3200, false)->final);
	r.sequence = 0;
	assert_string_equal("Billing", hear_all(0, &r, audio, n)->text);
}

static bool both_are_used(void *arg)
{
	return metric_sum(fixture.health_port[*(unsigned *)arg],
	                  "trestle_recognisers_used") == 2;
}

static void no_more_than_so_many_listen_at_a_time(void **state)
{
	Trestle__HearRequest r[3];
	unsigned n = 0;

	(void)state;
	memset(audio, 0, 3200);
	for (unsigned i = 0; i < 3; i++) {
		r[i] = utterance(8000);
		assert_int_equal(
			i < 2 ? -1 : (int)TRESTLE__REFUSAL__REASON__OVERLOADED,
			hear(0, &r[i], audio, 3200, false)->refusal);
	}
	/* it is counted once a second */
	assert_true(run_until(fixture.loop, both_are_used, &n, 5000));
	for (unsigned i = 0; i < 2; i++)
		assert_true(hear(0, &r[i], audio, 3200, true)->final);
	r[2] = utterance(8000);
	assert_int_equal(-1, hear(0, &r[2], audio, 3200, true)->refusal);
}

static void a_recogniser_that_dies_costs_its_utterance_only(void **state)
{
	Trestle__HearRequest r = with_hints(8000);
	double deaths = metric_sum(fixture.health_port[0],
	                           "trestle_helper_deaths_total");
	size_t n = call_in("Sales", "man", audio);
	struct answer *a;

	(void)state;
	assert_false(hear(0, &r, audio, 3200, false)->final);
	deaths += signal_helpers(0, SIGKILL);
	a = hear(0, &r, audio, 3200, true);
	/* It was told at once, or was forgotten before it could be asked. */
	if (a->error != 12400 &&
	    a->refusal != TRESTLE__REFUSAL__REASON__NOT_FOUND)
		fail_msg("%u %d %s", a->error, a->refusal, a->text);
	/* The others' deaths take their time to be seen, too. */
	while (metric_sum(fixture.health_port[0],
	                  "trestle_helper_deaths_total") < deaths)
		usleep(10000);
	r = with_hints(8000);
	a = hear_all(0, &r, audio, n);
	assert_string_equal("Sales", a->text);
}

static void without_a_model_nothing_is_heard_but_all_is_spoken(void **state)
{
	Trestle__HearRequest r = utterance(8000);
	char *model = fixture.settings[1];

	(void)state;
	fixture_stop(0, SIGTERM);
	(void)snprintf(model, sizeof(fixture.settings[1]),
	               "TRESTLE_RECOGNISER_MODEL=/nowhere");
	fixture_start(0); /* it says that it is well */
	memset(audio, 0, 3200);
	assert_int_equal(12400, hear(0, &r, audio, 3200, true)->error);
	assert_true(speak_all(0, "Hello.", "man", "en-US", audio) > 8000);
	fixture_stop(0, SIGTERM);
	model[0] = '\0';
	fixture_start(0);
}

/* --- recordings ------------------------------------------------------------ */

static struct answer *transcribe(const char *sid, const char *language)
{
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
	Trestle__TranscribeRequest r = TRESTLE__TRANSCRIBE_REQUEST__INIT;

	r.recording = (char *)(uintptr_t)sid;
	r.language = (char *)(uintptr_t)language;
	env.body_case = TRESTLE__ENVELOPE__BODY_TRANSCRIBE_REQUEST;
	env.transcribe_request = &r;
	return ask(0, &env);
}

/* @p channels of 16-bit audio, the second one silent */
static void write_recording(const char *sid, const uint8_t *pcm, size_t n,
                            unsigned channels)
{
	static const uint8_t silence[2];
	uint8_t header[WAV_HEADER_SIZE];
	char path[128];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/%s.wav", fixture.recordings,
	               sid);
	f = fopen(path, "wb");
	assert_non_null(f);
	wav_header(header, 8000, n * channels);
	header[22] = (uint8_t)channels;
	assert_int_equal(1, fwrite(header, sizeof(header), 1, f));
	for (size_t i = 0; i < n; i += 2) {
		assert_int_equal(1, fwrite(pcm + i, 2, 1, f));
		if (channels == 2)
			assert_int_equal(1, fwrite(silence, 2, 1, f));
	}
	assert_int_equal(0, fclose(f));
}

#define RECORDING "RE0000000000000000000000000000000"

static void recordings_become_text(void **state)
{
	static const char said[] = "Thank you for calling. The person you are "
				   "calling is not available at the moment.";
	size_t n = call_in(said, "man", audio);

	(void)state;
	for (unsigned channels = 1; channels <= 2; channels++) {
		const char *sid = channels == 1 ? RECORDING "1" : RECORDING "2";
		struct answer *a;

		write_recording(sid, audio, n, channels);
		a = transcribe(sid, "en-US");
		assert_int_equal(0, a->error);
		if (words_heard(said, a->text) < 60)
			fail_msg("%s", a->text);
	}
}

static void recordings_that_can_not_be_read_are_told(void **state)
{
	(void)state;
	assert_int_equal(12400, transcribe(RECORDING "9", "en-US")->error);
	assert_int_equal(TRESTLE__REFUSAL__REASON__INVALID,
	                 transcribe("../etc/passwd", "en-US")->refusal);
	write_recording(RECORDING "3", audio, 16000, 9);
	assert_int_equal(12400, transcribe(RECORDING "3", "en-US")->error);
	memset(audio, 0, 16000 * 127);
	write_recording(RECORDING "4", audio, 16000 * 127, 1);
	assert_int_equal(12400, transcribe(RECORDING "4", "en-US")->error);
	write_recording(RECORDING "5", audio, 16000, 1);
	assert_int_equal(13331, transcribe(RECORDING "5", "de-DE")->error);
	assert_int_equal(0, transcribe(RECORDING "5", "en-US")->error);
	assert_string_equal("", fixture.answer.text);
}

static int set_up(void **state)
{
	(void)snprintf(fixture.settings[0], sizeof(fixture.settings[0]),
	               "TRESTLE_RECOGNISERS=2");
	return fixture_set_up(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hints_are_understood_from_a_telephone_line),
		cmocka_unit_test(what_is_no_hint_is_not_made_one),
		cmocka_unit_test(what_is_spoken_is_recognised_again),
		cmocka_unit_test(a_telephone_line_is_learned_from_what_is_said),
		cmocka_unit_test(partial_results_come_before_the_end),
		cmocka_unit_test(
			silence_after_speech_is_the_end_where_it_was_asked),
		cmocka_unit_test(silence_is_no_words),
		cmocka_unit_test(
			callers_do_not_change_what_others_are_heard_to_say),
		cmocka_unit_test(what_can_not_be_heard_is_told),
		cmocka_unit_test(an_utterance_may_be_begun_anew_under_its_name),
		cmocka_unit_test(no_more_than_so_many_listen_at_a_time),
		cmocka_unit_test(
			a_recogniser_that_dies_costs_its_utterance_only),
		cmocka_unit_test(
			without_a_model_nothing_is_heard_but_all_is_spoken),
		cmocka_unit_test(recordings_become_text),
		cmocka_unit_test(recordings_that_can_not_be_read_are_told),
	};

	return cmocka_run_group_tests(tests, set_up, fixture_tear_down);
}
