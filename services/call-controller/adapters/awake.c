/*
 * awake.c - did this process sleep, so that others took its calls?
 */
#include "awake.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#include "app.h"
#include "loop/loop.h"
#include "snapshot.h"
#include "store.h"

enum { LOOK_MS = 500 };
enum { ASLEEP_MS = 1400 }; /* before others take a process for dead */
enum { UNSURE_MS = 500 };  /* Redis answers well within */

struct awake {
	struct app *app; /* borrowed */
	struct timer *timer;
	uint64_t seen_ms;   /* monotonic: when this was last looked at */
	uint64_t unsure_ms; /* until then */
};

static void look(void *arg)
{
	struct awake *a = arg;
	uint64_t now = loop_now_ms();

	if (now > a->seen_ms + ASLEEP_MS) {
		log_warn(&a->app->log, "asleep for %llu ms",
		         (unsigned long long)(now - a->seen_ms));
		a->unsure_ms = now + UNSURE_MS;
		snapshot_save_all(a->app);
		snapshot_flush(a->app);
	}
	a->seen_ms = now;
	timer_start(a->timer, LOOK_MS);
}

bool awake_sure(const struct awake *a)
{
	uint64_t now = loop_now_ms();

	return !a || (now >= a->unsure_ms && now <= a->seen_ms + ASLEEP_MS);
}

int awake_alloc(struct awake **ap, struct app *app)
{
	struct awake *a = calloc(1, sizeof(*a));
	int err = ENOMEM;

	if (!a)
		goto out;
	a->app = app;
	a->seen_ms = loop_now_ms();
	err = timer_alloc(&a->timer, app->loop, look, a);
	if (!err)
		timer_start(a->timer, LOOK_MS);
out:
	if (err)
		awake_free(a);
	else
		*ap = a;
	return err;
}

void awake_free(struct awake *a)
{
	if (!a)
		return;
	timer_free(a->timer);
	free(a);
}
