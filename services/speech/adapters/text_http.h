/*
 * text_http.h - an HTTP engine that listens: POST …/v1/audio/transcriptions
 */
#ifndef SPEECH_ADAPTERS_TEXT_HTTP_H
#define SPEECH_ADAPTERS_TEXT_HTTP_H

#include <stddef.h>
#include <stdint.h>

struct http;
struct text_http;

struct text_http_config {
	struct http *http;
	const char *url; /**< of the server, without /v1/… */
	const char *key; /**< secret; "" = none */
	const char *model;
	uint32_t timeout_ms;
};

/** @return 0 or ENOMEM */
int text_http_alloc(struct text_http **tp, const struct text_http_config *cfg);
void text_http_free(struct text_http *t); /**< NULL is a no-op */

/** @p err: 0 and the text (borrowed), or an errno and "" */
typedef void text_http_h(void *arg, int err, const char *text);

/** 16-bit mono audio; all borrowed until text_http_ask() returns */
struct text_http_audio {
	const char *language;
	uint32_t rate; /**< [Hz] */
	const void *pcm;
	size_t n; /**< bytes */
};

/**
 * Ask what is said.
 * @return 0, ENOMEM or ENOBUFS: the handler is not called
 */
int text_http_ask(struct text_http *t, const struct text_http_audio *audio,
                  text_http_h *handler, void *arg);

#endif
