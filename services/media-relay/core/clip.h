/*
 * clip.h - audio made ready to be sent: encoded packets of one codec
 *
 * One thread writes a clip, others play it while it grows: it is a list of
 * chunks that never change once they are in the list. Who holds a share may
 * read it; the main thread keeps one until nobody else has any, and is the
 * only one that frees.
 */
#ifndef MEDIA_CORE_CLIP_H
#define MEDIA_CORE_CLIP_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "codec.h"

enum { CLIP_WHY_SIZE = 200 };

enum clip_state {
	CLIP_GROWS,
	CLIP_WHOLE, /**< nothing follows                           */
	CLIP_BROKEN /**< nothing follows, though more was expected */
};

struct clip_chunk {
	_Atomic(struct clip_chunk *) next;
	size_t n;             /**< frames, at least one */
	const uint8_t *bytes; /**< all payloads; in the same block */
	uint32_t starts[];    /**< n + 1 offsets in bytes */
};

struct clip {
	enum codec codec;
	uint32_t frame_ms;    /**< audio in a packet                     */
	uint32_t frame_ticks; /**< the same in the codec's RTP clock     */
	atomic_uint shares;   /**< the main thread's, lists', the writer's */
	_Atomic(struct clip_chunk *) first;
	atomic_int state;        /**< enum clip_state                */
	uint32_t error;          /**< of a broken one: contract 7.2  */
	char why[CLIP_WHY_SIZE]; /**< a sentence for a person        */
	uint32_t warning;        /**< not quite what was asked for; 0 = it is */
	char warns[CLIP_WHY_SIZE];
	struct clip_chunk *last;  /**< the writer's                   */
	atomic_size_t size;       /**< bytes of its chunks            */
	atomic_uint_least32_t ms; /**< audio in it so far             */
};

/** An empty one that grows; the caller has the only share.
 *  @return NULL when memory ran out */
struct clip *clip_alloc(enum codec codec, uint32_t frame_ms);

/** Frees it; nobody else may have a share. NULL is a no-op. */
void clip_free(struct clip *c);

void clip_share(struct clip *c);
void clip_drop(struct clip *c); /**< not the last share: see clip_free() */

/** Has only the caller a share? Nobody gets one but from the main thread. */
bool clip_unshared(const struct clip *c);

/* --- the writer ------------------------------------------------------------ */

/**
 * Add frames; others see them at once.
 *
 * @param starts n + 1 offsets in @p bytes, the first is 0
 * @return 0 or ENOMEM
 */
int clip_append(struct clip *c, const uint8_t *bytes, const uint32_t *starts,
                size_t n);
/** Add all that there is in @p from. @return 0 or ENOMEM */
int clip_copy(struct clip *c, const struct clip *from);
/** Before its first frame: whoever plays it is told this, too. */
void clip_warn(struct clip *c, uint32_t warning, const char *why);
void clip_end(struct clip *c);
/** It ends here, for the reason that is told by PLAY_FAILED. */
void clip_break(struct clip *c, uint32_t error, const char *why);

/* --- readers --------------------------------------------------------------- */

struct clip_reader {
	const struct clip *clip; /**< borrowed: a share is held elsewhere */
	const struct clip_chunk *chunk;
	size_t at; /**< frame of the chunk that comes next */
};

enum clip_read {
	CLIP_FRAME, /**< a frame came                   */
	CLIP_LATER, /**< the next one is not made yet   */
	CLIP_OVER,  /**< that was all                   */
	CLIP_FAILED /**< that was all, and too early    */
};

void clip_rewind(struct clip_reader *r, const struct clip *c);
enum clip_read clip_next(struct clip_reader *r, const uint8_t **payload,
                         size_t *len);

#endif
