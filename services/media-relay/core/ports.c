/*
 * ports.c - pairs of an even RTP and an odd RTCP port, with quarantine
 *
 * Free pairs are a list without order, quarantined ones a ring in the order
 * of their release. Pure: no I/O, no clock; chance and time are arguments.
 */
#include "ports.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

enum state { FREE, TAKEN, QUARANTINED };

struct pair {
	enum state state;
	uint32_t at; /* index in `free` when FREE */
	uint64_t until_ms;
};

struct ports {
	uint16_t first; /* even port of pair 0 */
	uint32_t n;
	uint32_t n_free;
	uint32_t n_taken;
	uint32_t head; /* of the ring `waiting` */
	uint32_t n_waiting;
	struct pair *pairs;
	uint32_t *free;
	uint32_t *waiting;
};

int ports_alloc(struct ports **pp, uint16_t min, uint16_t max)
{
	struct ports *p = NULL;
	uint32_t first = (min + 1U) & ~1U;
	int err = EINVAL;

	if (first == 0)
		first = 2;
	if (first + 1 > max)
		goto out;
	err = ENOMEM;
	p = calloc(1, sizeof(*p));
	if (!p)
		goto out;
	p->first = (uint16_t)first;
	p->n = (max - first + 1U) / 2;
	p->pairs = calloc(p->n, sizeof(*p->pairs));
	p->free = calloc(p->n, sizeof(*p->free));
	p->waiting = calloc(p->n, sizeof(*p->waiting));
	if (!p->pairs || !p->free || !p->waiting)
		goto out;
	for (uint32_t i = 0; i < p->n; i++) {
		p->free[i] = i;
		p->pairs[i].at = i;
	}
	p->n_free = p->n;
	err = 0;
out:
	if (err)
		ports_free(p);
	else
		*pp = p;
	return err;
}

void ports_free(struct ports *p)
{
	if (!p)
		return;
	free(p->pairs);
	free(p->free);
	free(p->waiting);
	free(p);
}

static void make_free(struct ports *p, uint32_t i)
{
	p->pairs[i].state = FREE;
	p->pairs[i].at = p->n_free;
	p->free[p->n_free++] = i;
}

static void make_taken(struct ports *p, uint32_t i)
{
	if (p->pairs[i].state == FREE) {
		uint32_t last = p->free[--p->n_free];

		p->free[p->pairs[i].at] = last;
		p->pairs[last].at = p->pairs[i].at;
	}
	p->pairs[i].state = TAKEN;
	p->n_taken++;
}

static void end_quarantine(struct ports *p, uint64_t now_ms)
{
	while (p->n_waiting > 0) {
		uint32_t i = p->waiting[p->head];
		struct pair *pair = &p->pairs[i];

		if (pair->state == QUARANTINED && now_ms < pair->until_ms)
			return;
		p->head = (p->head + 1) % p->n;
		p->n_waiting--;
		if (pair->state == QUARANTINED)
			make_free(p, i);
	}
}

uint16_t ports_take(struct ports *p, uint64_t now_ms, uint32_t random)
{
	uint32_t i;

	end_quarantine(p, now_ms);
	if (p->n_free == 0)
		return 0;
	i = p->free[random % p->n_free];
	make_taken(p, i);
	return (uint16_t)(p->first + 2 * i);
}

static bool find(const struct ports *p, uint16_t port, uint32_t *i)
{
	if (port < p->first || (port & 1) || (port - p->first) / 2U >= p->n)
		return false;
	*i = (port - p->first) / 2U;
	return true;
}

/* A pair that is taken out of quarantine leaves the ring, so that it can
 * enter it again: the ring never holds more than each pair once. */
static void leave_ring(struct ports *p, uint32_t i)
{
	uint32_t kept = 0;

	for (uint32_t k = 0; k < p->n_waiting; k++) {
		uint32_t j = p->waiting[(p->head + k) % p->n];

		if (j != i)
			p->waiting[(p->head + kept++) % p->n] = j;
	}
	p->n_waiting = kept;
}

int ports_take_exact(struct ports *p, uint16_t port)
{
	uint32_t i;

	if (!find(p, port, &i))
		return EINVAL;
	if (p->pairs[i].state == TAKEN)
		return EBUSY;
	if (p->pairs[i].state == QUARANTINED)
		leave_ring(p, i);
	make_taken(p, i);
	return 0;
}

void ports_give(struct ports *p, uint16_t port, uint64_t now_ms)
{
	uint32_t i;

	if (!find(p, port, &i) || p->pairs[i].state != TAKEN)
		return;
	p->pairs[i].state = QUARANTINED;
	p->pairs[i].until_ms = now_ms + PORTS_QUARANTINE_MS;
	p->waiting[(p->head + p->n_waiting++) % p->n] = i;
	p->n_taken--;
}

size_t ports_total(const struct ports *p)
{
	return p->n;
}

size_t ports_taken(const struct ports *p)
{
	return p->n_taken;
}
