/*
 * speak.c - requests to speak, from the bus to their audio
 *
 * Nothing is kept between two requests for the same text: a plan is made anew
 * each time, and its sentences are in memory. So any instance answers any of
 * them, and one that was killed is not missed.
 */
#include "speak.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "base/log.h"
#include "base/metrics.h"
#include "clips.h"
#include "core/plan.h"

/* A request that waits for its audio */
struct speaking {
	LIST_ENTRY(speaking) link;
	struct app *app;
	struct bus_return from;
	struct plan plan;
	uint64_t offset;
	size_t part;    /* that is looked at */
	uint64_t start; /* its offset */
	bool waiting;   /* for its clip */
	bool stepping;
	int err;
};

static void speaking_free(struct speaking *s)
{
	LIST_REMOVE(s, link);
	s->app->n_speaking--;
	plan_close(&s->plan);
	free(s);
}

static void send_reply(struct speaking *s, Trestle__SpeakReply *r)
{
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;

	r->rate = PLAN_RATE;
	if (!r->text[0] && s->plan.text[0])
		r->text = s->plan.text;
	if (!r->error_code && !r->warning_code)
		r->warning_code = s->plan.warning_code;
	env.body_case = TRESTLE__ENVELOPE__BODY_SPEAK_REPLY;
	env.speak_reply = r;
	bus_reply(s->app->bus, &s->from, &env);
}

static void reply_error(struct speaking *s, unsigned code, char *text)
{
	const struct log log = {s->app->log, "call_sid", s->from.call_sid};
	Trestle__SpeakReply r = TRESTLE__SPEAK_REPLY__INIT;

	log_warn(&log, "nothing is spoken: error %u, %s", code, text);
	metric_add(s->app->speak_failed, 1);
	r.error_code = code;
	r.text = text;
	r.last = true;
	send_reply(s, &r);
}

static bool is_last_part(const struct speaking *s)
{
	return s->part + 1 >= s->plan.n;
}

/* The audio of the part, then its pause; `offset` is in one of them. */
static void reply_audio(struct speaking *s, const struct clip_audio *audio)
{
	static uint8_t silence[SPEAK_PIECE_MAX];
	static char stand_in[] = "the HTTP engine fails; an embedded one "
				 "speaks in its place";
	const struct plan_part *part = &s->plan.parts[s->part];
	size_t at = (size_t)(s->offset - s->start), left = 0;
	size_t pause = plan_pause_bytes(part->pause_ms);
	Trestle__SpeakReply r = TRESTLE__SPEAK_REPLY__INIT;

	if (at < audio->n) {
		left = audio->n - at;
		r.pcm.data = (uint8_t *)(uintptr_t)audio->v + at;
		r.last = pause == 0;
	} else if (at < audio->n + pause) {
		left = audio->n + pause - at;
		r.pcm.data = silence;
		r.last = true;
	}
	r.pcm.len = left < SPEAK_PIECE_MAX ? left : SPEAK_PIECE_MAX;
	r.last = left == 0 || (r.last && r.pcm.len == left && is_last_part(s));
	if (audio->stand_in) {
		r.warning_code = SAY_BAD_VOICE;
		r.text = stand_in;
	}
	metric_add(s->app->speak_well, 1);
	send_reply(s, &r);
}

/* The next sentence will be asked for while this one is heard. */
static void prepare_next(const struct speaking *s)
{
	for (size_t i = s->part + 1; i < s->plan.n; i++) {
		if (!s->plan.parts[i].key[0])
			continue;
		(void)clips_get(s->app->clips, &s->plan, &s->plan.parts[i],
		                NULL, NULL);
		return;
	}
}

static void step(struct speaking *s);

static void on_clip(void *arg, int err)
{
	struct speaking *s = arg;

	s->waiting = false;
	s->err = err;
	if (!s->stepping)
		step(s);
}

/* @return false: it is not there yet, or never will be (`err`) */
static bool part_audio(struct speaking *s, struct clip_audio *audio)
{
	const struct plan_part *part = &s->plan.parts[s->part];
	int err;

	*audio = (struct clip_audio){NULL, 0, false};
	if (!part->key[0] || clips_find(s->app->clips, part->key, audio))
		return true;
	s->waiting = true;
	err = clips_get(s->app->clips, &s->plan, part, on_clip, s);
	if (err) {
		s->waiting = false;
		s->err = err;
	}
	return !s->waiting && !s->err &&
	       clips_find(s->app->clips, part->key, audio);
}

/* Go on from the part that was waited for. */
static bool advance(struct speaking *s)
{
	struct clip_audio audio;

	for (; s->part < s->plan.n; s->part++) {
		uint64_t end = s->start;

		if (!part_audio(s, &audio))
			return false;
		end += audio.n +
		       plan_pause_bytes(s->plan.parts[s->part].pause_ms);
		if (s->offset < end || is_last_part(s)) {
			prepare_next(s);
			reply_audio(s, &audio);
			return true;
		}
		s->start = end;
	}
	return true;
}

static void step(struct speaking *s)
{
	static char failed[] = "no engine could speak it";
	bool answered;

	s->stepping = true;
	answered = !s->err && advance(s);
	s->stepping = false;
	if (!answered && s->waiting)
		return;
	if (!answered && s->err == ENOBUFS)
		bus_refuse(s->app->bus, &s->from,
		           TRESTLE__REFUSAL__REASON__OVERLOADED,
		           "too many sentences wait to be spoken");
	else if (!answered)
		reply_error(s, APP_INTERNAL_ERROR, failed);
	speaking_free(s);
}

static struct speaking *speaking_alloc(struct app *app,
                                       const struct bus_return *from,
                                       const Trestle__SpeakRequest *r)
{
	const struct voice_wish wish = {.voice = r->voice,
	                                .language = r->language,
	                                .has_espeak = app->plan.has_espeak};
	struct speaking *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->app = app;
	s->from = *from;
	s->offset = r->offset;
	if (plan_make(&s->plan, r->ssml, &wish, &app->plan)) {
		plan_close(&s->plan);
		free(s);
		return NULL;
	}
	LIST_INSERT_HEAD(&app->speakings, s, link);
	app->n_speaking++;
	return s;
}

static void log_request(const struct speaking *s)
{
	const struct log log = {s->app->log, "call_sid", s->from.call_sid};

	if (s->offset || s->plan.error_code)
		return;
	log_info(&log, "speaks %zu characters in %zu parts, voice %s%s%s",
	         s->plan.ssml.characters, s->plan.n,
	         s->plan.n ? s->plan.parts[0].voice.name : "",
	         s->plan.warning_code ? ": " : "", s->plan.text);
}

void speak_on_request(struct app *app, const struct bus_return *from,
                      const Trestle__Envelope *env)
{
	struct speaking *s = NULL;

	if (app->n_speaking < SPEAK_OPEN_MAX)
		s = speaking_alloc(app, from, env->speak_request);
	if (!s) {
		bus_refuse(app->bus, from, TRESTLE__REFUSAL__REASON__OVERLOADED,
		           "this speech can not take more now");
		return;
	}
	log_request(s);
	if (s->plan.error_code) {
		reply_error(s, s->plan.error_code, s->plan.text);
		speaking_free(s);
		return;
	}
	step(s);
}

void speak_close(struct app *app)
{
	struct speaking *s, *next;

	for (s = LIST_FIRST(&app->speakings); s; s = next) {
		next = LIST_NEXT(s, link);
		speaking_free(s);
	}
}
