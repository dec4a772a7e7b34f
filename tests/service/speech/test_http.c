/*
 * test_http.c - the HTTP engines, and what happens when they fail
 *
 * A failing engine is left alone for a while: each test that makes it fail
 * starts the process anew.
 */
#include <signal.h>
#include <stdio.h>

#include "core/wav.h"
#include "fixture.h"
#include "http_engine.h"
#include "unit/test.h"

static uint8_t audio[AUDIO_MAX];
static char request[ENGINE_REQUEST_MAX];

static void start_anew(enum http_engine_mode mode)
{
	fixture_stop(0, SIGKILL);
	http_engine_set(mode);
	fixture_start(0);
}

static void the_server_speaks_the_voices_of_the_map(void **state)
{
	size_t n;

	(void)state;
	start_anew(ENGINE_WELL);
	n = speak_all(0, "Twelve chars", "Polly.Amy", "", audio);
	assert_int_equal(0, fixture.answer.warning);
	/* 12 letters of 50 ms at 24 kHz, now at 16 kHz */
	assert_int_equal(12 * 1600, n);
	http_engine_last(request);
	assert_non_null(strstr(request, "POST /v1/audio/speech HTTP/1.1"));
	assert_non_null(strstr(request, "Authorization: Bearer v-secret\r\n"));
	assert_non_null(strstr(request, "Content-Type: application/json"));
	assert_non_null(strstr(request, "\"model\":\"tts-x\""));
	assert_non_null(strstr(request, "\"voice\":\"nova\""));
	assert_non_null(strstr(request, "\"response_format\":\"wav\""));
	assert_non_null(strstr(request, "\"input\":\"Twelve chars\""));
	assert_null(strstr(request, "\"speed\""));
}

static void prosody_reaches_the_server(void **state)
{
	(void)state;
	start_anew(ENGINE_WELL);
	speak_all(0, "<prosody rate=\"150%\">Fast &amp; \"loud\"</prosody>",
	          "woman", "", audio);
	http_engine_last(request);
	assert_non_null(strstr(request, "\"speed\":1.5"));
	assert_non_null(strstr(request, "\"input\":\"Fast & \\\"loud\\\"\""));
	assert_non_null(strstr(request, "\"voice\":\"alloy\""));
}

static void a_sentence_is_asked_of_the_server_once(void **state)
{
	unsigned before;

	(void)state;
	start_anew(ENGINE_WELL);
	speak_all(0, "Once only", "woman", "", audio);
	before = http_engine_requests();
	speak_all(0, "Once only", "woman", "", audio);
	start_anew(ENGINE_FAILS);
	speak_all(0, "Once only", "woman", "", audio);
	assert_int_equal(0, fixture.answer.warning);
	assert_int_equal(before, http_engine_requests());
}

static void an_embedded_engine_speaks_where_the_server_fails(void **state)
{
	static const enum http_engine_mode modes[] = {
		ENGINE_FAILS, ENGINE_NONSENSE, ENGINE_HANGS};

	(void)state;
	for (size_t i = 0; i < N_OF(modes); i++) {
		char text[64];
		unsigned before;
		size_t n;

		start_anew(modes[i]);
		(void)snprintf(text, sizeof(text), "Failure number %zu.", i);
		before = http_engine_requests();
		n = speak_all(0, text, "woman", "", audio);
		assert_int_equal(13511, fixture.answer.warning);
		assert_true(n > 16000);
		/* The next sentence does not wait for a server that fails. */
		speak_all(0, "And the next one.", "woman", "", audio);
		assert_true(fixture.answer.ms < 2000);
		assert_int_equal(before + 1, http_engine_requests());
		/* What the stand-in said is not kept for ever. */
		start_anew(ENGINE_WELL);
		speak_all(0, text, "woman", "", audio);
		assert_int_equal(0, fixture.answer.warning);
	}
}

static void helpers_know_no_key(void **state)
{
	char command[128], found[8] = "";
	FILE *f;

	(void)state;
	(void)snprintf(command, sizeof(command),
	               "for p in $(pgrep -P %d); do grep -l secret "
	               "/proc/$p/environ; done",
	               (int)fixture.speech[0]);
	f = popen(command, "r");
	assert_non_null(f);
	assert_null(fgets(found, sizeof(found), f));
	pclose(f);
}

static Trestle__HearRequest utterance(const char *id)
{
	Trestle__HearRequest r = TRESTLE__HEAR_REQUEST__INIT;

	r.id = (char *)(uintptr_t)id;
	r.rate = 8000;
	r.language = "fr-FR";
	return r;
}

static void the_server_listens_when_all_was_said(void **state)
{
	Trestle__HearRequest r = utterance("l-1");
	struct answer *a;
	size_t n, body = 0;
	struct wav wav;

	(void)state;
	start_anew(ENGINE_WELL);
	for (size_t i = 0; i < 32000; i++)
		audio[i] = (uint8_t)i;
	a = hear_all(0, &r, audio, 32000);
	assert_true(a->final);
	assert_string_equal("Hello from the server.", a->text);
	n = http_engine_last(request);
	assert_non_null(
		strstr(request, "POST /v1/audio/transcriptions HTTP/1.1"));
	assert_non_null(strstr(request, "Authorization: Bearer t-secret\r\n"));
	assert_non_null(strstr(request, "name=\"model\"\r\n\r\nwhisper-x\r\n"));
	assert_non_null(strstr(request, "name=\"language\"\r\n\r\nfr\r\n"));
	assert_non_null(strstr(request, "filename=\"speech.wav\""));
	while (body < n && memcmp(request + body, "RIFF", 4) != 0)
		body++;
	assert_int_equal(0, wav_read(request + body, n - body, &wav));
	assert_int_equal(8000, wav.rate);
	assert_memory_equal(audio, wav.data, 32000);
}

struct heard {
	unsigned came, final;
};

static void on_heard(void *arg, int err, const Trestle__Envelope *reply)
{
	struct heard *h = arg;

	h->came++;
	h->final += !err &&
	            reply->body_case == TRESTLE__ENVELOPE__BODY_HEAR_REPLY &&
	            reply->hear_reply->final;
}

static bool both_came(void *arg)
{
	return ((struct heard *)arg)->came == 2;
}

/* The relay does not know yet that the utterance was ended. */
static void what_comes_after_the_end_is_not_asked_of_the_server(void **state)
{
	static const struct bus_req req = {.service = "speech",
	                                   .instance = "speech-1",
	                                   .timeout_ms = 20000};
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
	Trestle__HearRequest r = utterance("l-0");
	struct heard heard = {0, 0};
	unsigned before;

	(void)state;
	start_anew(ENGINE_HANGS);
	before = http_engine_requests();
	r.pcm.data = audio;
	r.pcm.len = 3200;
	r.last = true;
	env.body_case = TRESTLE__ENVELOPE__BODY_HEAR_REQUEST;
	env.hear_request = &r;
	for (; r.sequence < 2; r.sequence++)
		assert_int_equal(0, bus_request(fixture.bus, &req, &env,
		                                on_heard, &heard));
	assert_true(run_until(fixture.loop, both_came, &heard, 25000));
	assert_int_equal(2, heard.final);
	http_engine_set(ENGINE_WELL);
	r = utterance("l-5");
	assert_true(hear(0, &r, audio, 3200, true)->final);
	assert_int_equal(before + 2, http_engine_requests());
}

static void a_helper_listens_where_the_server_fails(void **state)
{
	static char *hints[] = {"Operator", "Billing"};
	Trestle__HearRequest r = utterance("l-2");
	size_t n;

	(void)state;
	start_anew(ENGINE_WELL);
	n = call_in("billing", "Polly.Joey", audio);
	http_engine_set(ENGINE_FAILS);
	r.language = "en-US";
	r.hints = hints;
	r.n_hints = 2;
	assert_string_equal("Billing", hear_all(0, &r, audio, n)->text);
	assert_true(fixture.answer.final);
	/* It knows English only. */
	r = utterance("l-3");
	assert_int_equal(13331, hear_all(0, &r, audio, n)->error);
	r = utterance("l-4");
	http_engine_set(ENGINE_NONSENSE);
	assert_int_equal(13331, hear_all(0, &r, audio, n)->error);
}

static int set_up(void **state)
{
	uint16_t port = http_engine_start();

	(void)snprintf(fixture.settings[0], sizeof(fixture.settings[0]),
	               "TRESTLE_VOICE_URL=http://127.0.0.1:%u", port);
	(void)snprintf(fixture.settings[1], sizeof(fixture.settings[1]),
	               "TRESTLE_TEXT_URL=http://127.0.0.1:%u", port);
	(void)snprintf(fixture.settings[2], sizeof(fixture.settings[2]),
	               "TRESTLE_VOICE_MAP=Polly.Amy=nova woman=alloy");
	(void)snprintf(fixture.settings[3], sizeof(fixture.settings[3]),
	               "TRESTLE_SPEECH_HTTP_SECONDS=1");
	(void)setenv("TRESTLE_VOICE_KEY", "v-secret", 1);
	(void)setenv("TRESTLE_TEXT_KEY", "t-secret", 1);
	(void)setenv("TRESTLE_VOICE_MODEL", "tts-x", 1);
	(void)setenv("TRESTLE_TEXT_MODEL", "whisper-x", 1);
	return fixture_set_up(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_server_speaks_the_voices_of_the_map),
		cmocka_unit_test(prosody_reaches_the_server),
		cmocka_unit_test(a_sentence_is_asked_of_the_server_once),
		cmocka_unit_test(
			an_embedded_engine_speaks_where_the_server_fails),
		cmocka_unit_test(helpers_know_no_key),
		cmocka_unit_test(the_server_listens_when_all_was_said),
		cmocka_unit_test(
			what_comes_after_the_end_is_not_asked_of_the_server),
		cmocka_unit_test(a_helper_listens_where_the_server_fails),
	};

	return cmocka_run_group_tests(tests, set_up, fixture_tear_down);
}
