/*
 * recognisers.h - helper processes that listen, each to one utterance at a time
 *
 * They are started when they are wanted, one more than are in use: a model
 * takes half a second to load and 110 MB.
 */
#ifndef SPEECH_ADAPTERS_RECOGNISERS_H
#define SPEECH_ADAPTERS_RECOGNISERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/frame.h"

struct log;
struct loop;
struct metric;
struct recogniser;
struct recognisers;

enum { RECOGNISER_SECONDS = 20 };       /* for one piece, or the end */
enum { RECOGNISER_LOAD_SECONDS = 120 }; /* for the model */

struct recognisers_config {
	struct loop *loop;
	const struct log *log;
	uint32_t max;      /**< utterances at a time; 0 = none */
	const char *model; /**< folder */
	struct metric *deaths;
};

/** @return 0 or ENOMEM */
int recognisers_alloc(struct recognisers **rp,
                      const struct recognisers_config *cfg);
void recognisers_free(struct recognisers *all); /**< NULL is a no-op */

/** Called once for each recogniser_put() and _end(), in their order; or once
 *  with EIO: it died, and is not to be used any more. After the answer to
 *  recogniser_end() neither. @p text is borrowed. */
typedef void recogniser_h(void *arg, int err, const struct frame_text *head,
                          const char *text);

/**
 * Begin an utterance.
 * @param hints each with \n
 * @return NULL: all are in use, or none can be started
 */
struct recogniser *recogniser_take(struct recognisers *all,
                                   const struct frame_hear *hear,
                                   const char *hints, recogniser_h *handler,
                                   void *arg);

/** Some audio. @return 0, ENOBUFS or ENOMEM: it can not follow */
int recogniser_put(struct recogniser *r, const void *pcm, size_t n);

/** No more comes. @return as above */
int recogniser_end(struct recogniser *r);

/** Nobody listens any more: the handler is not called. */
void recogniser_drop(struct recogniser *r);

/** Has the first model been loaded, or was it found that it can not be? */
bool recognisers_ready(const struct recognisers *all);

size_t recognisers_in_use(const struct recognisers *all);

#endif
