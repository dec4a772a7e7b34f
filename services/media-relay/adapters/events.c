/*
 * events.c - what a worker tells the main thread
 */
#include <stdlib.h>
#include <string.h>

#include "adapters/worker.h"

static void snapshot(struct plane_event *ev, const struct worker_leg *wl,
                     bool closed)
{
	struct plane_snapshot *to = &ev->snapshots[ev->n++];

	to->leg = wl->leg.id;
	to->closed = closed;
	leg_figures(&wl->leg, &to->figures);
	leg_remember(&wl->leg, &to->memory);
	if (wl->leg.heard_ms > ev->heard_ms)
		ev->heard_ms = wl->leg.heard_ms;
}

static struct plane_event *make(struct plane_session *s,
                                const struct plane_fact *fact, size_t n)
{
	struct plane_event *ev =
		calloc(1, sizeof(*ev) + n * sizeof(struct plane_snapshot));

	if (!ev)
		return NULL;
	ev->fact = *fact;
	ev->owner = s->owner;
	return ev;
}

/* The end of a leg or session must be told, or its ports were lost. */
static struct plane_event *make_surely(struct plane_session *s,
                                       const struct plane_fact *fact, size_t n)
{
	struct plane_event *ev;

	do {
		ev = make(s, fact, n);
	} while (!ev);
	return ev;
}

void events_tell(struct worker *w, struct plane_session *s,
                 const struct plane_fact *fact)
{
	bool last = fact->type == PLANE_RELEASED;
	struct plane_event *ev =
		last ? make_surely(s, fact, s->n) : make(s, fact, s->n);

	if (!ev)
		return;
	for (size_t i = 0; i < s->n; i++)
		snapshot(ev, s->legs[i], last);
	queue_put(w->out, &ev->message);
}

void events_tell_heard(struct worker *w, struct plane_session *s,
                       const struct plane_fact *fact, const int16_t *samples,
                       size_t n)
{
	size_t size = n * sizeof(*samples);
	struct plane_event *ev = calloc(1, sizeof(*ev) + size);

	if (!ev)
		return;
	ev->fact = *fact;
	ev->owner = s->owner;
	ev->n_samples = n;
	memcpy(ev->snapshots, samples, size);
	ev->samples = (const int16_t *)(const void *)ev->snapshots;
	queue_put(w->out, &ev->message);
}

void events_tell_closed(struct worker *w, struct plane_session *s,
                        struct worker_leg *wl)
{
	const struct plane_fact fact = {.type = PLANE_FIGURES};
	struct plane_event *ev = make_surely(s, &fact, 1);

	snapshot(ev, wl, true);
	queue_put(w->out, &ev->message);
}
