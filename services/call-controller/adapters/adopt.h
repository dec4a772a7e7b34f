/*
 * adopt.h - calls of a controller that died: taken over, and gone on with
 *
 *   on start ───────────────► own calls of before
 *   every second ───────────► calls of instances that are dead
 *   a request in a dialog
 *   that we do not have ────► that call, at once
 *
 * Who takes a call raises its epoch in Redis, if the owner is still the dead
 * one; so one process wins, and the old owner is refused wherever it writes.
 */
#ifndef CC_ADAPTERS_ADOPT_H
#define CC_ADAPTERS_ADOPT_H

#include <stdbool.h>

struct adopt;
struct app;
struct owned;

enum { ADOPT_AT_ONCE_MAX = 500 }; /* adoptions under way */

int adopt_alloc(struct adopt **ap, struct app *app); /**< 0 or an errno */
void adopt_free(struct adopt *a);

/** Adopt one call; sip_resume() is called when that is decided. */
void adopt_call(struct adopt *a, const char *call_sid);

/** Is there another controller that could adopt? */
bool adopt_others_alive(const struct adopt *a);

/** Leave a call to the others, while we go away. */
void adopt_release(struct adopt *a, struct owned *o);

#endif
