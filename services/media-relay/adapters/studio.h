/*
 * studio.h - one thread that turns sound files into clips while they come
 *
 *   main thread --pieces--> studio: file, rate, frames, packets --> clip
 *               <--news-----
 *
 * Decoding a file takes milliseconds that neither the main loop nor a packet
 * may wait. Clips take turns, a second of audio each, so that a short sentence
 * is not behind a long song. The studio is the only writer of a clip from
 * studio_open() on.
 */
#ifndef MEDIA_ADAPTERS_STUDIO_H
#define MEDIA_ADAPTERS_STUDIO_H

#include "adapters/queue.h"
#include "core/clip.h"

struct loop;
struct studio;
struct studio_job;

enum { STUDIO_LENGTH_MAX_MS = 40 * 60 * 1000 }; /* contract 1.3 */
enum { STUDIO_AHEAD_MAX = 1024 * 1024 }; /* bytes that wait to be decoded */

/** How a clip is to be made */
struct studio_order {
	struct clip *clip; /**< borrowed until on_closed: it has a share */
	const char *type;  /**< content type; "" = 16-bit samples … */
	uint32_t rate;     /**< … of this rate [Hz] */
	void *arg;
};

struct studio_config {
	struct loop *loop;
	/** Called in the main thread. More pieces are welcome: fewer than
	 *  STUDIO_AHEAD_MAX bytes wait. */
	void (*on_hungry)(void *arg);
	/** The clip is broken: pieces are of no use, close it. */
	void (*on_failed)(void *arg);
	/** The last of a job, after studio_close(): the clip is ended. */
	void (*on_closed)(void *arg);
};

/** @return 0 or an errno */
int studio_alloc(struct studio **sp, const struct studio_config *cfg);
void studio_free(struct studio *s); /**< jobs end without a word */

/** @return NULL when memory ran out */
struct studio_job *studio_open(struct studio *s,
                               const struct studio_order *order);

/** The next bytes, copied. @return 0 or ENOMEM */
int studio_feed(struct studio_job *job, const uint8_t *p, size_t n);

/** Does so much wait that it should not get more before on_hungry? */
bool studio_full(const struct studio_job *job);

/**
 * Nothing follows. @p job must not be used any more.
 *
 * @param error 0: that was all. Else why it is broken off, with @p why
 */
void studio_close(struct studio_job *job, uint32_t error, const char *why);

#endif
