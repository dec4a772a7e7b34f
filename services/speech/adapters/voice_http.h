/*
 * voice_http.h - an HTTP engine that speaks: POST …/v1/audio/speech
 */
#ifndef SPEECH_ADAPTERS_VOICE_HTTP_H
#define SPEECH_ADAPTERS_VOICE_HTTP_H

#include <stddef.h>
#include <stdint.h>

#include "core/plan.h"

struct http;
struct voice_http;

struct voice_http_config {
	struct http *http;
	struct loop *loop;
	const struct log *log;
	const char *url; /**< of the server, without /v1/… */
	const char *key; /**< secret; "" = none */
	const char *model;
	uint32_t timeout_ms;
};

/** Pause after a failure: callers wait for no server that is down */
enum { VOICE_HTTP_REST_MS = 30 * 1000 };

/** @return 0 or ENOMEM */
int voice_http_alloc(struct voice_http **vp,
                     const struct voice_http_config *cfg);
void voice_http_free(struct voice_http *v); /**< NULL is a no-op */

/** @p err: 0 and audio of PLAN_RATE (borrowed), or an errno */
typedef void voice_http_h(void *arg, int err, const void *pcm, size_t n);

/** @return 0, or ENOMEM, ENOBUFS, EHOSTDOWN (it rests): no handler is called */
int voice_http_speak(struct voice_http *v, const char *voice,
                     const struct plan_part *part, voice_http_h *handler,
                     void *arg);

#endif
