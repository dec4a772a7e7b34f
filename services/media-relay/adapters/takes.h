/*
 * takes.h - what is played from elsewhere: fetched, decoded, kept
 *
 * A take is one content in one codec: a URL that a webhook-fetcher gets, or a
 * sentence that speech speaks. It is asked for piece by piece and played while
 * it grows; then it is kept, until the room is needed by others. A URL's is
 * played again without asking as long as HTTP allows; later the fetcher is
 * asked whether it is still so.
 */
#ifndef MEDIA_ADAPTERS_TAKES_H
#define MEDIA_ADAPTERS_TAKES_H

#include "core/clip.h"

struct log;
struct loop;
struct service;
struct takes;

enum { TAKES_LOADING_MAX = 512 };  /* at a time; more are refused */
enum { TAKES_TIMEOUT_MS = 20000 }; /* of a piece */
enum { TAKES_PAUSE_MS = 250 };     /* before a piece is asked for again */
enum { TAKES_TRIES = 3 };          /* that fail one after another */

struct takes_config {
	struct loop *loop;
	struct service *service;
	const struct log *log;
	size_t size_max; /**< bytes of clips kept when nobody plays them */
};

struct take_order {
	bool speech;             /**< else a URL */
	const char *account_sid; /**< of a URL: who asks */
	const char *call_sid;    /**< for the request inspector and logs */
	const char *what;        /**< URL or SSML */
	const char *voice, *language;
	enum codec codec;
	uint32_t ptime_ms;
};

struct takes_figures {
	size_t n, loading, bytes;
	uint64_t hits, misses, evicted;
};

/** @return 0 or an errno */
int takes_alloc(struct takes **tp, const struct takes_config *cfg);

/** After the plane: nobody plays any more. NULL is a no-op. */
void takes_free(struct takes *t);

/**
 * The clip of a content; it may have to be fetched yet, and breaks when that
 * fails.
 *
 * @return borrowed: take a share before the loop goes on; NULL when memory ran
 *         out
 */
struct clip *takes_get(struct takes *t, const struct take_order *order);

/** A broken clip that tells why something can not be played. As above. */
struct clip *takes_broken(struct takes *t, uint32_t error, const char *why);

/** Free what nobody plays any more and there is no room for: now and then. */
void takes_sweep(struct takes *t);

void takes_figures(const struct takes *t, struct takes_figures *out);

#endif
