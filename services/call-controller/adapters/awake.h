/*
 * awake.h - did this process sleep, so that others took its calls?
 *
 * Stopped, swapped out or on a frozen machine: for others it was dead. When it
 * goes on, it writes all its calls to Redis, which refuses those that have
 * another owner by now. Until that is known it does nothing on its own, or two
 * processes would speak in one dialog.
 */
#ifndef CC_ADAPTERS_AWAKE_H
#define CC_ADAPTERS_AWAKE_H

#include <stdbool.h>

struct app;
struct awake;

int awake_alloc(struct awake **ap, struct app *app); /**< 0 or an errno */
void awake_free(struct awake *a);

/** May a call do something only because time went by? */
bool awake_sure(const struct awake *a);

#endif
