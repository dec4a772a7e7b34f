/*
 * pool.h - helper processes that speak, and the sentences that wait for one
 */
#ifndef SPEECH_ADAPTERS_POOL_H
#define SPEECH_ADAPTERS_POOL_H

#include <stddef.h>
#include <stdint.h>

#include "core/plan.h"

struct log;
struct loop;
struct metric;
struct pool;

enum { POOL_SECONDS = 20 }; /* that a sentence may take */
enum { POOL_TRIES = 2 };    /* when a helper dies of it */

struct pool_config {
	struct loop *loop;
	const struct log *log;
	uint32_t n;            /**< helpers */
	uint32_t queue_max;    /**< sentences that wait */
	struct metric *deaths; /**< counts helpers that died or were killed */
};

/** @return 0, or an errno when not one could be started */
int pool_alloc(struct pool **pp, const struct pool_config *cfg);
void pool_free(struct pool *p); /**< handlers are not called; NULL: no-op */

/** @p err: 0 and the audio (borrowed), or EIO: the engine fails on it */
typedef void pool_h(void *arg, int err, const void *pcm, size_t n);

/**
 * Speak one part, which is copied. The handler is called once, from the loop.
 * @return 0, ENOBUFS (queue_max wait already) or ENOMEM
 */
int pool_speak(struct pool *p, const struct plan_part *part, pool_h *handler,
               void *arg);

size_t pool_n_waiting(const struct pool *p);

#endif
