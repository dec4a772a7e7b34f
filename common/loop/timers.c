/*
 * timers.c - timers of a loop: a binary heap, the earliest at its root
 */
#include "loop/core.h"

#include <errno.h>
#include <stdlib.h>

struct timer {
	struct loop *loop; /* borrowed: outlives the timer */
	timer_h *handler;
	void *arg;
	uint64_t at; /* monotonic [ms] */
	uint64_t sequence;
	size_t place; /* in the heap, from 1; 0 = does not run */
};

static bool before(const struct timer *a, const struct timer *b)
{
	if (a->at != b->at)
		return a->at < b->at;
	return a->sequence < b->sequence;
}

static void put(struct loop *l, size_t place, struct timer *t)
{
	l->heap[place - 1] = t;
	t->place = place;
}

static void rise(struct loop *l, struct timer *t)
{
	size_t place = t->place;

	while (place > 1 && before(t, l->heap[place / 2 - 1])) {
		put(l, place, l->heap[place / 2 - 1]);
		place /= 2;
	}
	put(l, place, t);
}

static void sink(struct loop *l, struct timer *t)
{
	size_t place = t->place;

	while (place * 2 <= l->n_running) {
		size_t child = place * 2;

		if (child < l->n_running &&
		    before(l->heap[child], l->heap[child - 1]))
			child++;
		if (!before(l->heap[child - 1], t))
			break;
		put(l, place, l->heap[child - 1]);
		place = child;
	}
	put(l, place, t);
}

int timer_alloc(struct timer **tp, struct loop *l, timer_h *handler, void *arg)
{
	struct timer *t = calloc(1, sizeof(*t));

	if (!t)
		return ENOMEM;
	if (l->n_timers == l->capacity) {
		size_t capacity = l->capacity ? 2 * l->capacity : 16;
		struct timer **heap =
			realloc(l->heap, capacity * sizeof(struct timer *));

		if (!heap) {
			free(t);
			return ENOMEM;
		}
		l->heap = heap;
		l->capacity = capacity;
	}
	l->n_timers++;
	t->loop = l;
	t->handler = handler;
	t->arg = arg;
	*tp = t;
	return 0;
}

void timer_start(struct timer *t, uint32_t ms)
{
	struct loop *l = t->loop;

	timer_stop(t);
	t->at = loop_now_ms() + ms;
	t->sequence = l->sequence++;
	l->n_running++;
	put(l, l->n_running, t);
	rise(l, t);
}

void timer_stop(struct timer *t)
{
	struct loop *l = t->loop;
	size_t place = t->place;
	struct timer *last;

	if (place == 0)
		return;
	last = l->heap[l->n_running - 1];
	l->n_running--;
	t->place = 0;
	if (last == t)
		return;
	put(l, place, last);
	rise(l, last);
	sink(l, last);
}

void timer_free(struct timer *t)
{
	if (!t)
		return;
	timer_stop(t);
	t->loop->n_timers--;
	free(t);
}

uint64_t loop_core_next(const struct loop *l)
{
	return l->n_running > 0 ? l->heap[0]->at : UINT64_MAX;
}

/* Only timers that were started before this call: one that restarts itself
 * with 0 ms waits for the next turn, after the descriptors. */
void loop_core_expire(struct loop *l)
{
	uint64_t now = loop_now_ms();
	uint64_t fresh = l->sequence;

	while (l->n_running > 0 && l->heap[0]->at <= now &&
	       l->heap[0]->sequence < fresh) {
		struct timer *t = l->heap[0];

		timer_stop(t);
		t->handler(t->arg);
	}
}
