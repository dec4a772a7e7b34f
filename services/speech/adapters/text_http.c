/*
 * text_http.c - an HTTP engine that listens: POST …/v1/audio/transcriptions
 */
#include "adapters/text_http.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "adapters/http.h"
#include "base/strbuf.h"
#include "core/wav.h"

enum { LANGUAGE_SIZE = 9 }; /* "en" of "en-US": what such servers know */

struct text_http {
	struct text_http_config cfg;
	struct strbuf url;
};

struct question {
	text_http_h *handler;
	void *arg;
};

int text_http_alloc(struct text_http **tp, const struct text_http_config *cfg)
{
	struct text_http *t = calloc(1, sizeof(*t));

	if (!t)
		return ENOMEM;
	t->cfg = *cfg;
	strbuf_addf(&t->url, "%s/v1/audio/transcriptions", cfg->url);
	if (t->url.failed) {
		text_http_free(t);
		return ENOMEM;
	}
	*tp = t;
	return 0;
}

void text_http_free(struct text_http *t)
{
	if (!t)
		return;
	strbuf_close(&t->url);
	free(t);
}

static void on_answer(void *arg, int err, const void *body, size_t n)
{
	struct question *q = arg;
	json_t *all = err ? NULL : json_loadb(body, n, 0, NULL);
	const char *text = json_string_value(json_object_get(all, "text"));

	if (!err && !text)
		err = EPROTO;
	q->handler(q->arg, err, text ? text + strspn(text, " ") : "");
	json_decref(all);
	free(q);
}

int text_http_ask(struct text_http *t, const struct text_http_audio *audio,
                  text_http_h *handler, void *arg)
{
	char primary[LANGUAGE_SIZE] = "";
	size_t n_file = WAV_HEADER_SIZE + audio->n;
	struct http_request_spec spec = {.url = t->url.s,
	                                 .key = t->cfg.key,
	                                 .model = t->cfg.model,
	                                 .language = primary,
	                                 .n_file = n_file,
	                                 .timeout_ms = t->cfg.timeout_ms};
	struct question *q = malloc(sizeof(*q));
	uint8_t *file = malloc(n_file);
	size_t n_primary = strcspn(audio->language, "-");
	int err = ENOMEM;

	if (n_primary < sizeof(primary))
		memcpy(primary, audio->language, n_primary);
	if (q && file) {
		*q = (struct question){handler, arg};
		wav_header(file, audio->rate, audio->n);
		if (audio->n)
			memcpy(file + WAV_HEADER_SIZE, audio->pcm, audio->n);
		spec.file = file;
		err = http_send(t->cfg.http, &spec, on_answer, q);
	}
	if (err)
		free(q);
	free(file);
	return err;
}
