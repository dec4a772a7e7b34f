/*
 * listen.h - speech that is to be understood: what is asked, and when it ends
 */
#ifndef MEDIA_CORE_LISTEN_H
#define MEDIA_CORE_LISTEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "voice.h"

enum { LISTEN_ID_SIZE = 36 };
enum { LISTEN_LANGUAGE_SIZE = 36 };   /* BCP 47 */
enum { LISTEN_HINTS_MAX = 500 };      /* contract 1.4 */
enum { LISTEN_HINT_MAX = 400 };       /* bytes: 100 characters */
enum { LISTEN_UTTERANCE_MS = 60000 }; /* the longest, contract 1.4 */
enum { LISTEN_SILENT_MS = 30000 }; /* … without a voice: half is left for one */
enum { LISTEN_WORD_MS = 80 };      /* shorter sounds are no speech */

/** What the plane has to know */
struct listen_spec {
	char id[LISTEN_ID_SIZE]; /**< "" = nobody listens */
	uint32_t silence_ms; /**< that ends an utterance; 0 = the engine does */
	uint32_t max_ms; /**< from the first voice; 0 = LISTEN_UTTERANCE_MS */
};

/** What the engine has to know; one block of memory */
struct listen_order {
	char language[LISTEN_LANGUAGE_SIZE];
	bool partial;
	size_t n_hints;
	char **hints;
};

/** A copy to be freed by free(); NULL when memory ran out or a limit above is
 *  passed. */
struct listen_order *listen_order_copy(const char *language, bool partial,
                                       char *const *hints, size_t n);

/** One utterance, as it is heard */
struct utterance {
	struct listen_spec spec;
	struct voice voice;
	uint32_t now_ms, spoke_ms; /* spoke_ms: end of the last voice */
	uint32_t began_ms;         /* of the first one */
	uint32_t loud_ms;
	bool spoke, over;
};

void utterance_init(struct utterance *u, const struct listen_spec *spec);

/** The next @p ms of it, 20 at a time. @return is it over? */
bool utterance_put(struct utterance *u, const int16_t *samples, size_t n,
                   uint32_t ms);

/** Was there voice in the last of these? */
bool utterance_spoken(const struct utterance *u);

#endif
