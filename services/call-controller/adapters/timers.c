/*
 * timers.c - timers of a call: (timer, leg) to a timer of the loop
 */
#include "timers.h"

#include <stdint.h>
#include <stdlib.h>

#include "app.h"
#include "awake.h"
#include "loop/loop.h"

enum { AGAIN_MS = 200 }; /* a timer that must not go off now */

struct owned_timer {
	struct owned_timer *next;
	struct owned *owned; /* borrowed: it frees its timers first */
	struct timer *timer;
	enum timer_id id;
	unsigned leg;
	uint64_t rest_ms; /* beyond what the loop's timer can count */
};

static struct owned_timer *find(const struct owned *o, enum timer_id id,
                                unsigned leg)
{
	struct owned_timer *t = o->timers;

	while (t && (t->id != id || t->leg != leg))
		t = t->next;
	return t;
}

static void start(struct owned_timer *t, uint64_t ms)
{
	const uint64_t most = INT32_MAX / 2;
	uint64_t now = ms < most ? ms : most;

	t->rest_ms = ms - now;
	timer_start(t->timer, (uint32_t)now);
}

static void fired(void *arg)
{
	struct owned_timer *t = arg;
	struct event ev = app_event(EV_TIMER, t->leg);

	ev.timer = t->id;
	if (t->rest_ms)
		start(t, t->rest_ms);
	else if (!awake_sure(t->owned->app->awake))
		timer_start(t->timer, AGAIN_MS);
	else
		app_step(t->owned->app, t->owned->sid, &ev);
}

void timers_start(struct app *app, struct owned *o, const struct command *cmd)
{
	struct owned_timer *t = find(o, cmd->timer.timer, cmd->leg);

	if (!t) {
		t = calloc(1, sizeof(*t));
		if (!t || timer_alloc(&t->timer, app->loop, fired, t)) {
			log_error(&o->log, "out of memory: no timer %d",
			          (int)cmd->timer.timer);
			free(t);
			return;
		}
		t->owned = o;
		t->id = cmd->timer.timer;
		t->leg = cmd->leg;
		t->next = o->timers;
		o->timers = t;
	}
	start(t, cmd->timer.ms);
}

void timers_stop(struct app *app, struct owned *o, const struct command *cmd)
{
	struct owned_timer *t = find(o, cmd->timer.timer, cmd->leg);

	(void)app;
	if (t)
		timer_stop(t->timer);
}

void timers_move(struct owned *from, struct owned *to, unsigned leg)
{
	struct owned_timer **tp = &from->timers;

	while (*tp) {
		struct owned_timer *t = *tp;

		if (t->leg != leg) {
			tp = &t->next;
			continue;
		}
		*tp = t->next;
		t->owned = to;
		t->next = to->timers;
		to->timers = t;
	}
}

void timers_forget(struct owned *o)
{
	while (o->timers) {
		struct owned_timer *next = o->timers->next;

		timer_free(o->timers->timer);
		free(o->timers);
		o->timers = next;
	}
}
