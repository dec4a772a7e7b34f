/*
 * ask.h - a question under way to the bus or to Redis, for one call
 *
 * It names its call by CallSid: when the answer comes the call may be gone.
 */
#ifndef CC_ADAPTERS_ASK_H
#define CC_ADAPTERS_ASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/sid.h"
#include "envelope.pb-c.h"

struct app;
struct timer;

/** First member of what is asked */
struct ask {
	struct ask *next, **prev;
	struct app *app;                /**< borrowed */
	char call_sid[SID_SIZE];        /**< of the parent */
	struct timer *timer;            /**< owned; NULL = none */
	void (*close)(struct ask *ask); /**< frees what else it owns, or NULL */
};

/** Allocate @p size bytes, a struct that begins with a struct ask, zeroed.
 *  @return NULL when memory ran out */
void *ask_alloc(struct app *app, size_t size, const char *call_sid);
void ask_free(struct ask *ask);
void ask_free_all(struct app *app);

bool ask_open(const struct app *app, const char *call_sid);

/** Did a registrar say that Redis does not answer it? */
bool ask_is_away(const Trestle__Envelope *reply);

#endif
