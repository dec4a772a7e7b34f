/*
 * http.h - requests to the HTTP engines of this installation, by libcurl
 *
 * The operator names these servers: no address policy applies. Redirects are
 * not followed, so that a key goes nowhere else.
 */
#ifndef SPEECH_ADAPTERS_HTTP_H
#define SPEECH_ADAPTERS_HTTP_H

#include <stddef.h>
#include <stdint.h>

struct http;
struct log;
struct loop;

enum { HTTP_BODY_MAX = 32 * 1024 * 1024 }; /* bytes of an answer */
enum { HTTP_OPEN_MAX = 200 };              /* requests at a time */

/** @return 0 or ENOMEM */
int http_alloc(struct http **hp, struct loop *loop, const struct log *log);
void http_free(struct http *h); /**< no handler is called; NULL: no-op */

/** Copied, but for `key` and `file` to the end of http_send() */
struct http_request_spec {
	const char *url;
	const char *key;      /**< secret, "" = none; sent as Bearer */
	const char *json;     /**< body; or NULL and a form: */
	const char *model;    /**< field "model" */
	const char *language; /**< field "language"; "" = none */
	const void *file;     /**< field "file", a WAVE */
	size_t n_file;
	uint32_t timeout_ms;
};

/** @p err: 0 and the body of a 200 (NUL behind it), or an errno; borrowed */
typedef void http_h(void *arg, int err, const void *body, size_t n);

/** The handler is called once, from the loop, never from here.
 *  @return 0, ENOBUFS or ENOMEM */
int http_send(struct http *h, const struct http_request_spec *spec,
              http_h *handler, void *arg);

#endif
