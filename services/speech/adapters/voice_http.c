/*
 * voice_http.c - an HTTP engine that speaks: POST …/v1/audio/speech
 */
#include "adapters/voice_http.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "adapters/http.h"
#include "base/log.h"
#include "base/strbuf.h"
#include "core/wav.h"
#include "engine/engine.h"
#include "loop/loop.h"

struct voice_http {
	struct voice_http_config cfg;
	struct strbuf url;
	uint64_t rests_until; /* monotonic [ms] */
};

struct question {
	struct voice_http *voice;
	voice_http_h *handler;
	void *arg;
	int16_t volume; /* that the engine knows nothing of */
};

int voice_http_alloc(struct voice_http **vp,
                     const struct voice_http_config *cfg)
{
	struct voice_http *v = calloc(1, sizeof(*v));

	if (!v)
		return ENOMEM;
	v->cfg = *cfg;
	strbuf_addf(&v->url, "%s/v1/audio/speech", cfg->url);
	if (v->url.failed) {
		voice_http_free(v);
		return ENOMEM;
	}
	*vp = v;
	return 0;
}

void voice_http_free(struct voice_http *v)
{
	if (!v)
		return;
	strbuf_close(&v->url);
	free(v);
}

/* Any WAVE of one channel, at our rate. */
static int read_audio(const void *body, size_t n, struct audio *out)
{
	struct wav wav;

	if (wav_read(body, n, &wav) || wav.channels != 1 || !wav.n)
		return EPROTO;
	out->n = wav.n / sizeof(*out->v);
	out->v = malloc(wav.n);
	if (!out->v)
		return ENOMEM;
	memcpy(out->v, wav.data, wav.n);
	return audio_resample(out, wav.rate, PLAN_RATE);
}

static void on_answer(void *arg, int err, const void *body, size_t n)
{
	struct question *q = arg;
	struct voice_http *v = q->voice;
	struct audio audio = {NULL, 0};

	if (!err) {
		err = read_audio(body, n, &audio);
		if (err)
			log_warn(v->cfg.log,
			         "the HTTP engine's answer is not a mono "
			         "16-bit WAVE");
	}
	if (err)
		v->rests_until = loop_now_ms() + VOICE_HTTP_REST_MS;
	else
		audio_gain(&audio, q->volume);
	q->handler(q->arg, err, audio.v, audio.n * sizeof(*audio.v));
	free(audio.v);
	free(q);
}

static char *write_json(const struct voice_http *v, const char *voice,
                        const struct plan_part *part)
{
	json_t *all =
		json_pack("{ssssssss}", "model", v->cfg.model, "input",
	                  part->text, "voice", voice, "response_format", "wav");
	char *text;

	if (!all)
		return NULL;
	if (part->style.rate != 100)
		json_object_set_new(all, "speed",
		                    json_real(part->style.rate / 100.0));
	text = json_dumps(all, JSON_COMPACT);
	json_decref(all);
	return text;
}

int voice_http_speak(struct voice_http *v, const char *voice,
                     const struct plan_part *part, voice_http_h *handler,
                     void *arg)
{
	struct http_request_spec spec = {.url = v->url.s,
	                                 .key = v->cfg.key,
	                                 .timeout_ms = v->cfg.timeout_ms};
	struct question *q;
	char *json;
	int err;

	if (loop_now_ms() < v->rests_until)
		return EHOSTDOWN;
	q = malloc(sizeof(*q));
	json = write_json(v, voice, part);
	spec.json = json;
	if (q)
		*q = (struct question){v, handler, arg, part->style.volume};
	err = q && json ? http_send(v->cfg.http, &spec, on_answer, q) : ENOMEM;
	if (err)
		free(q);
	free(json);
	return err;
}
