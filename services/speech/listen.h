/*
 * listen.h - audio that is whole, to text: by the HTTP engine, or else a helper
 */
#ifndef SPEECH_LISTEN_H
#define SPEECH_LISTEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct app;
struct listening;

/** What is to be understood; borrowed until listen_begin() returns */
struct listen_job {
	const void *pcm; /**< 16 bit, mono */
	size_t n;        /**< bytes */
	uint32_t rate;   /**< [Hz] 8000 or 16000 */
	const char *language;
	const char *hints; /**< each with \n */
};

/** @p code: 0, or an error with its text; @p text is borrowed */
typedef void listen_h(void *arg, unsigned code, const char *text,
                      uint32_t confidence_x1000);

/** The handler is called once, possibly from inside. @return 0 or ENOMEM */
int listen_begin(struct app *app, const struct listen_job *job,
                 listen_h *handler, void *arg);

/** No handler is called any more. */
void listen_close(struct app *app);

/** Can an embedded engine understand this language? */
bool listen_speaks(const char *language);

#endif
