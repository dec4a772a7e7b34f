/*
 * clips.h - the audio of sentences: in memory, on disk, or made now
 *
 * A clip is named by the key of its content (core/plan.h). Whoever asks for one
 * that is not there yet waits; two that ask for the same wait for one making.
 */
#ifndef SPEECH_CLIPS_H
#define SPEECH_CLIPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/plan.h"

struct clip;
struct clips;
struct disk;
struct log;
struct loop;
struct metrics;
struct pool;
struct voice_http;

struct clips_config {
	struct loop *loop;
	const struct log *log;
	struct disk *disk;
	struct pool *pool;
	struct voice_http *http; /**< NULL = there is none */
	struct metrics *metrics;
	size_t memory_max; /**< bytes of audio that nobody waits for */
};

/** Audio; borrowed until the handler that got it returns */
struct clip_audio {
	const uint8_t *v; /**< 16 bit, PLAN_RATE */
	size_t n;
	bool stand_in; /**< the HTTP engine failed: an embedded one spoke */
};

/** @return 0 or ENOMEM */
int clips_alloc(struct clips **cp, const struct clips_config *cfg);
void clips_free(struct clips *c); /**< handlers are not called; NULL: no-op */

/** Is it in memory? Then it counts as used. */
bool clips_find(struct clips *c, const char *key, struct clip_audio *out);

/** @p err: 0: it can be found now; or EIO, ENOBUFS, ENOMEM */
typedef void clip_h(void *arg, int err);

/**
 * Get it into memory. The handler is called once, possibly from inside; NULL:
 * nobody waits, it will be wanted soon.
 * @return 0, or ENOMEM: the handler is not called
 */
int clips_get(struct clips *c, const struct plan *plan,
              const struct plan_part *part, clip_h *handler, void *arg);

#endif
