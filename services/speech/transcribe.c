/*
 * transcribe.c - recordings to text
 *
 * A recording waits until a recogniser is free: callers who are on the line
 * come first, and nobody waits for a voicemail's text.
 */
#include "transcribe.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/disk.h"
#include "adapters/recognisers.h"
#include "app.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/sid.h"
#include "core/mono.h"
#include "core/wav.h"
#include "engine/engine.h"
#include "listen.h"
#include "loop/loop.h"

enum { LISTEN_RATE = 16000, TELEPHONE_RATE = 8000 };
enum { AGAIN_MS = 500 };

struct transcribing {
	LIST_ENTRY(transcribing) link;
	struct app *app;
	struct bus_return from;
	char language[SSML_LANGUAGE_SIZE];
	struct audio audio;
	uint32_t rate;
	struct timer *timer; /* until a recogniser is free */
};

static void transcribing_free(struct transcribing *t)
{
	LIST_REMOVE(t, link);
	t->app->n_transcribing--;
	timer_free(t->timer);
	free(t->audio.v);
	free(t);
}

static void reply(struct transcribing *t, unsigned code, const char *text)
{
	const struct log log = {t->app->log, "call_sid", t->from.call_sid};
	Trestle__TranscribeReply r = TRESTLE__TRANSCRIBE_REPLY__INIT;
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;

	if (code)
		log_warn(&log, "a recording is not transcribed: error %u, %s",
		         code, text);
	else
		log_info(&log, "a recording transcribed to %zu characters",
		         strlen(text));
	metric_add(code ? t->app->hear_failed : t->app->hear_well, 1);
	r.error_code = code;
	*(code ? &r.error_text : &r.text) = (char *)(uintptr_t)text;
	env.body_case = TRESTLE__ENVELOPE__BODY_TRANSCRIBE_REPLY;
	env.transcribe_reply = &r;
	bus_reply(t->app->bus, &t->from, &env);
	transcribing_free(t);
}

static void on_listened(void *arg, unsigned code, const char *text,
                        uint32_t confidence_x1000)
{
	(void)confidence_x1000;
	reply(arg, code, text);
}

static void listen_when_free(void *arg)
{
	struct transcribing *t = arg;
	struct app *app = t->app;
	const struct listen_job job = {.pcm = t->audio.v,
	                               .n = t->audio.n * 2,
	                               .rate = t->rate,
	                               .language = t->language,
	                               .hints = ""};

	if (!app->text_http && recognisers_in_use(app->recognisers) >=
	                               app->settings->recognisers) {
		timer_start(t->timer, AGAIN_MS);
		return;
	}
	if (listen_begin(app, &job, on_listened, t))
		reply(t, APP_INTERNAL_ERROR, "memory ran out");
}

/* @return NULL, or why it can not be transcribed */
static const char *read_audio(struct transcribing *t, const void *data,
                              size_t n)
{
	struct wav wav;

	if (wav_read(data, n, &wav))
		return "the recording is not a 16-bit WAVE";
	if (wav.n / 2 / wav.channels / wav.rate > TRANSCRIBE_SECONDS_MAX)
		return "the recording is too long";
	t->audio.v = malloc(wav.n + 1);
	if (!t->audio.v)
		return "memory ran out";
	t->audio.n = mono_mix(&wav, t->audio.v);
	t->rate = wav.rate == TELEPHONE_RATE ? TELEPHONE_RATE : LISTEN_RATE;
	if (audio_resample(&t->audio, wav.rate, t->rate))
		return "memory ran out";
	return NULL;
}

static void on_read(void *arg, int err, const void *data, size_t n)
{
	struct transcribing *t = arg;
	const char *why = err ? strerror(err) : read_audio(t, data, n);

	if (why)
		reply(t, APP_INTERNAL_ERROR, why);
	else
		listen_when_free(t);
}

static struct transcribing *transcribing_alloc(struct app *app,
                                               const struct bus_return *from,
                                               const char *language)
{
	struct transcribing *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	if (timer_alloc(&t->timer, app->loop, listen_when_free, t)) {
		free(t);
		return NULL;
	}
	t->app = app;
	t->from = *from;
	memcpy(t->language, language,
	       strnlen(language, sizeof(t->language) - 1));
	LIST_INSERT_HEAD(&app->transcribings, t, link);
	app->n_transcribing++;
	return t;
}

void transcribe_on_request(struct app *app, const struct bus_return *from,
                           const Trestle__Envelope *env)
{
	const Trestle__TranscribeRequest *r = env->transcribe_request;
	struct transcribing *t = NULL;
	char path[PATH_MAX];

	if (!sid_valid(r->recording, "RE")) {
		bus_refuse(app->bus, from, TRESTLE__REFUSAL__REASON__INVALID,
		           "not the sid of a recording");
		return;
	}
	if (app->n_transcribing < TRANSCRIBE_OPEN_MAX)
		t = transcribing_alloc(app, from, r->language);
	if (!t) {
		bus_refuse(app->bus, from, TRESTLE__REFUSAL__REASON__OVERLOADED,
		           "this speech can not take more now");
		return;
	}
	(void)snprintf(path, sizeof(path), "%s/%s.wav",
	               app->settings->recordings, r->recording);
	if (disk_read(app->disk, path, TRANSCRIBE_FILE_MAX, on_read, t))
		reply(t, APP_INTERNAL_ERROR, "too many files are read");
}

void transcribe_close(struct app *app)
{
	struct transcribing *t, *next;

	for (t = LIST_FIRST(&app->transcribings); t; t = next) {
		next = LIST_NEXT(t, link);
		transcribing_free(t);
	}
}
