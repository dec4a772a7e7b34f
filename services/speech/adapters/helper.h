/*
 * helper.h - a helper process (engine/engine.h) and the frames to and from it
 */
#ifndef SPEECH_ADAPTERS_HELPER_H
#define SPEECH_ADAPTERS_HELPER_H

#include <stddef.h>
#include <stdint.h>

#include "engine/frame.h"

struct helper;
struct loop;

enum { HELPER_PENDING_MAX = 8 * 1024 * 1024 }; /* bytes it has not read */

struct helper_config {
	struct loop *loop;
	const char *role;  /**< "speak" or "hear" */
	const char *model; /**< of "hear" */
	/** A frame came; @p body is aligned, borrowed until it returns. It may
	 *  free the helper. */
	void (*on_frame)(void *arg, const struct frame_head *head,
	                 const void *body);
	/** It died: free it. Not called from inside a function below. */
	void (*on_end)(void *arg);
	void *arg;
};

/** @return 0 or an errno */
int helper_start(struct helper **hp, const struct helper_config *cfg);

/**
 * Send a frame: a head of the type's and what follows it.
 * @return 0, ENOMEM, or ENOBUFS: it does not read what it has
 */
int helper_send(struct helper *h, enum frame_type type, const void *head,
                size_t n_head, const void *body, size_t n_body);

/** Kills it (SIGKILL), whatever it does. NULL is a no-op. */
void helper_free(struct helper *h);

#endif
