/*
 * listen.c - audio that is whole, to text: by the HTTP engine, or else a helper
 */
#include "listen.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/recognisers.h"
#include "adapters/text_http.h"
#include "app.h"
#include "base/log.h"

struct listening {
	LIST_ENTRY(listening) link;
	struct app *app;
	uint8_t *pcm; /* owned, kept for a helper when the HTTP engine fails */
	size_t n;
	uint32_t rate;
	char language[SSML_LANGUAGE_SIZE];
	char *hints;
	struct recogniser *recogniser;
	listen_h *handler;
	void *arg;
};

bool listen_speaks(const char *language)
{
	return !*language || strncasecmp(language, "en", 2) == 0;
}

static void listening_free(struct listening *l)
{
	LIST_REMOVE(l, link);
	free(l->pcm);
	free(l->hints);
	free(l);
}

static void finish(struct listening *l, unsigned code, const char *text,
                   uint32_t confidence_x1000)
{
	l->handler(l->arg, code, text, confidence_x1000);
	listening_free(l);
}

static void on_heard(void *arg, int err, const struct frame_text *head,
                     const char *text)
{
	struct listening *l = arg;

	if (err)
		finish(l, APP_INTERNAL_ERROR, "the recogniser failed", 0);
	else if (head->ended == FRAME_LAST)
		finish(l, 0, text, head->confidence_x1000);
}

/* A second at a time: each has its own time limit. */
static int feed(struct listening *l)
{
	size_t second = (size_t)l->rate * 2;
	int err = 0;

	for (size_t at = 0; at < l->n && !err; at += second) {
		size_t left = l->n - at;

		err = recogniser_put(l->recogniser, l->pcm + at,
		                     left < second ? left : second);
	}
	return err ? err : recogniser_end(l->recogniser);
}

static void ask_helper(struct listening *l)
{
	const struct frame_hear hear = {.rate = l->rate};

	if (!listen_speaks(l->language)) {
		finish(l, HEAR_BAD_LANGUAGE,
		       "this language can not be recognised", 0);
		return;
	}
	l->recogniser = recogniser_take(l->app->recognisers, &hear, l->hints,
	                                on_heard, l);
	if (!l->recogniser) {
		finish(l, APP_INTERNAL_ERROR, "all recognisers are in use", 0);
	} else if (feed(l)) {
		recogniser_drop(l->recogniser);
		finish(l, APP_INTERNAL_ERROR, "the recogniser can not follow",
		       0);
	}
}

static void on_http(void *arg, int err, const char *text)
{
	struct listening *l = arg;

	if (err)
		ask_helper(l);
	else
		finish(l, 0, text, 0);
}

int listen_begin(struct app *app, const struct listen_job *job,
                 listen_h *handler, void *arg)
{
	struct listening *l = calloc(1, sizeof(*l));
	struct text_http_audio audio;

	if (!l)
		return ENOMEM;
	*l = (struct listening){.app = app,
	                        .n = job->n,
	                        .rate = job->rate,
	                        .handler = handler,
	                        .arg = arg};
	LIST_INSERT_HEAD(&app->listenings, l, link);
	l->pcm = malloc(job->n ? job->n : 1);
	l->hints = strdup(job->hints);
	if (!l->pcm || !l->hints) {
		listening_free(l);
		return ENOMEM;
	}
	if (job->n)
		memcpy(l->pcm, job->pcm, job->n);
	memcpy(l->language, job->language,
	       strnlen(job->language, sizeof(l->language) - 1));
	audio = (struct text_http_audio){l->language, l->rate, l->pcm, l->n};
	if (!app->text_http ||
	    text_http_ask(app->text_http, &audio, on_http, l))
		ask_helper(l);
	return 0;
}

void listen_close(struct app *app)
{
	struct listening *l, *next;

	for (l = LIST_FIRST(&app->listenings); l; l = next) {
		next = LIST_NEXT(l, link);
		listening_free(l);
	}
}
