/*
 * held.h - requests that wait for a process of ours to be there again
 *
 * A registrar or call-controller that was killed is back within a second or two.
 * A phone that is told 503 meanwhile has lost its call, and over TCP and TLS
 * nothing is sent again: its request waits here, in the order of arrival.
 */
#ifndef EDGE_HELD_H
#define EDGE_HELD_H

#include <stdbool.h>

#include "core/token.h"

enum {
	HELD_MS = 3000,          /* a request waits, then `late`             */
	HELD_STEP_MS = 100,      /* from one try to the next                 */
	HELD_MAX = 1000,         /* requests                                 */
	HELD_BYTES_MAX = 4 << 20 /* of all of them                          */
};

struct held;
struct loop;

/** Try again. @p text is borrowed until it returns. It must not call held_put().
 *  @param late it waited for HELD_MS: do not keep it
 *  @return true: done with it */
typedef bool held_h(void *arg, const struct flow *from, struct slice text,
                    bool late);

/** @return 0 or ENOMEM; held_free() accepts NULL */
int held_alloc(struct held **hp, struct loop *loop, held_h *handler, void *arg);
void held_free(struct held *h);

/** Keep a copy of @p text. @return false: too many wait, or no memory */
bool held_put(struct held *h, const struct flow *from, struct slice text);

bool held_empty(const struct held *h);

#endif
