/*
 * held.c - requests that wait for a process of ours to be there again
 */
#include "held.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "loop/loop.h"

struct request {
	struct request *next;
	uint64_t due; /* [ms] */
	struct flow from;
	size_t n;
	char text[];
};

struct held {
	struct timer *timer;
	held_h *handler;
	void *arg;
	struct request *first, **last;
	size_t count, bytes;
};

static void on_timer(void *arg)
{
	struct held *h = arg;
	uint64_t now = loop_now_ms();
	struct request **at = &h->first;

	while (*at) {
		struct request *r = *at;

		if (!h->handler(h->arg, &r->from, (struct slice){r->text, r->n},
		                now >= r->due)) {
			at = &r->next;
			continue;
		}
		*at = r->next;
		h->count--;
		h->bytes -= r->n;
		free(r);
	}
	h->last = at;
	if (h->first)
		timer_start(h->timer, HELD_STEP_MS);
}

int held_alloc(struct held **hp, struct loop *loop, held_h *handler, void *arg)
{
	struct held *h = calloc(1, sizeof(*h));

	*hp = NULL;
	if (!h || timer_alloc(&h->timer, loop, on_timer, h)) {
		free(h);
		return ENOMEM;
	}
	h->handler = handler;
	h->arg = arg;
	h->last = &h->first;
	*hp = h;
	return 0;
}

void held_free(struct held *h)
{
	if (!h)
		return;
	while (h->first) {
		struct request *r = h->first;

		h->first = r->next;
		free(r);
	}
	timer_free(h->timer);
	free(h);
}

bool held_put(struct held *h, const struct flow *from, struct slice text)
{
	struct request *r;

	if (h->count == HELD_MAX || h->bytes + text.n > HELD_BYTES_MAX)
		return false;
	r = malloc(sizeof(*r) + text.n);
	if (!r)
		return false;
	*r = (struct request){
		.due = loop_now_ms() + HELD_MS, .from = *from, .n = text.n};
	memcpy(r->text, text.p, text.n);
	if (!h->first)
		timer_start(h->timer, HELD_STEP_MS);
	*h->last = r;
	h->last = &r->next;
	h->count++;
	h->bytes += text.n;
	return true;
}

bool held_empty(const struct held *h)
{
	return !h->first;
}
