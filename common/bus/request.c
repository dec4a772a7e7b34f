/*
 * request.c - the places of open requests
 */
#include "bus/request.h"

#include <errno.h>
#include <stdlib.h>

enum { PLACE_BITS = 16, GROW = 64 };

_Static_assert(BUS_IN_FLIGHT_MAX < 1 << PLACE_BITS, "an id holds the place");

void request_leave(struct request *r)
{
	if (r->node)
		r->node->in_flight--;
	r->node = NULL;
}

void request_release(struct request *r)
{
	struct requests *all = &r->bus->requests;

	request_leave(r);
	timer_stop(r->timer);
	r->id = 0;
	r->handler = NULL;
	r->next_unused = all->unused;
	all->unused = r;
	all->n_open--;
}

static int add_place(struct requests *all, struct bus *bus, timer_h *handler)
{
	struct request *r;

	if (all->n == 1U << PLACE_BITS)
		return ENOMEM;
	if (all->n % GROW == 0) {
		struct request **v = realloc(
			all->v, (all->n + GROW) * sizeof(struct request *));

		if (!v)
			return ENOMEM;
		all->v = v;
	}
	r = calloc(1, sizeof(*r));
	if (!r)
		return ENOMEM;
	if (timer_alloc(&r->timer, bus->cfg.loop, handler, r) != 0) {
		free(r);
		return ENOMEM;
	}
	r->bus = bus;
	r->place = all->n;
	r->next_unused = all->unused;
	all->unused = r;
	all->v[all->n++] = r;
	return 0;
}

struct request *request_take(struct bus *bus, timer_h *handler)
{
	struct requests *all = &bus->requests;
	struct request *r;

	if (!all->unused && add_place(all, bus, handler) != 0)
		return NULL;
	r = all->unused;
	all->unused = r->next_unused;
	all->n_open++;
	r->id = ++all->sequence << PLACE_BITS | r->place;
	r->started_us = loop_now_us();
	return r;
}

struct request *request_find(const struct bus *bus, uint64_t id)
{
	const struct requests *all = &bus->requests;
	size_t place = id & ((1U << PLACE_BITS) - 1);

	if (id == 0 || place >= all->n || all->v[place]->id != id)
		return NULL;
	return all->v[place];
}

void requests_close(struct bus *bus)
{
	struct requests *all = &bus->requests;

	for (size_t i = 0; i < all->n; i++) {
		timer_free(all->v[i]->timer);
		free(all->v[i]->packed);
		free(all->v[i]);
	}
	free(all->v);
	*all = (struct requests){0};
}
