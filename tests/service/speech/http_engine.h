/*
 * http_engine.h - a server with the interface of the HTTP engines
 *
 * POST /v1/audio/speech is answered with a WAVE of 24 kHz, a tone as long as
 * the text has letters, 50 ms each; POST /v1/audio/transcriptions with JSON.
 */
#ifndef HTTP_ENGINE_H
#define HTTP_ENGINE_H

#include <stddef.h>
#include <stdint.h>

enum http_engine_mode {
	ENGINE_WELL,
	ENGINE_FAILS,   /**< status 500 */
	ENGINE_HANGS,   /**< no answer */
	ENGINE_NONSENSE /**< status 200, and what nobody can use */
};

enum { ENGINE_REQUEST_MAX = 256 * 1024 };

/** Serve on 127.0.0.1 from a thread until the program ends. @return the port */
uint16_t http_engine_start(void);

void http_engine_set(enum http_engine_mode mode);
unsigned http_engine_requests(void); /**< since the start */

/** The last request, headers and body; NUL behind it. @return bytes */
size_t http_engine_last(char out[ENGINE_REQUEST_MAX]);

#endif
