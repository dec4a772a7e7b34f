/*
 * replay.c - which nonce counts were used (RFC 7616 3.4 and 5.12)
 *
 * A ring of nonces in order of their first use, and an index of chains over
 * it. Pure: no I/O, no clock, no log.
 */
#include "replay.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include "nonce.h"

struct used {
	uint64_t id;        /* of the nonce */
	uint64_t issued_ms; /* wall clock [ms] */
	uint64_t window;    /* bit k: highest - k was used */
	uint64_t response;  /* of the latest request */
	uint64_t at_ms;     /* when that came, monotonic [ms] */
	uint32_t highest;   /* nonce count */
	uint32_t next;      /* of its chain: index + 1; 0 = end */
};

struct replay {
	struct used *ring;
	uint32_t *slots;       /* index + 1; 0 = empty */
	size_t max;            /* of both, a power of two */
	size_t n;              /* entries in use */
	size_t oldest;         /* the one to overwrite, when all are in use */
	uint64_t forgotten_ms; /* unknown nonces up to here are refused */
};

int replay_alloc(struct replay **rp, size_t max)
{
	struct replay *r = calloc(1, sizeof(*r));
	int err = ENOMEM;

	assert(max > 0 && (max & (max - 1)) == 0 && max < UINT32_MAX);
	if (!r)
		goto out;
	r->max = max;
	r->ring = calloc(max, sizeof(*r->ring));
	r->slots = calloc(max, sizeof(*r->slots));
	if (r->ring && r->slots)
		err = 0;
out:
	if (err)
		replay_free(r);
	else
		*rp = r;
	return err;
}

void replay_free(struct replay *r)
{
	if (!r)
		return;
	free(r->ring);
	free(r->slots);
	free(r);
}

static uint32_t *slot_of(struct replay *r, uint64_t id)
{
	/* the id is part of a MAC: uniformly distributed */
	return &r->slots[id & (r->max - 1)];
}

static struct used *find(struct replay *r, uint64_t id)
{
	for (uint32_t i = *slot_of(r, id); i; i = r->ring[i - 1].next)
		if (r->ring[i - 1].id == id)
			return &r->ring[i - 1];
	return NULL;
}

static void unlink_used(struct replay *r, size_t index)
{
	uint32_t *link = slot_of(r, r->ring[index].id);

	while (*link != index + 1)
		link = &r->ring[*link - 1].next;
	*link = r->ring[index].next;
}

static struct used *add(struct replay *r, const struct nonce *nonce)
{
	uint32_t *slot = slot_of(r, nonce->id);
	size_t index = r->n;
	struct used *u;

	if (r->n < r->max) {
		r->n++;
	} else {
		index = r->oldest;
		r->oldest = (r->oldest + 1) & (r->max - 1);
		unlink_used(r, index);
		if (r->ring[index].issued_ms > r->forgotten_ms)
			r->forgotten_ms = r->ring[index].issued_ms;
	}
	u = &r->ring[index];
	*u = (struct used){.id = nonce->id, .issued_ms = nonce->issued_ms};
	u->next = *slot;
	*slot = (uint32_t)index + 1;
	return u;
}

/* Mark @p nc as used; false when it was, or is below the window. */
static bool use(struct used *u, uint32_t nc)
{
	uint32_t ahead;

	if (nc > u->highest) {
		ahead = nc - u->highest;
		u->window = ahead < REPLAY_WINDOW ? u->window << ahead : 0;
		u->window |= 1;
		u->highest = nc;
		return true;
	}
	ahead = u->highest - nc;
	if (ahead >= REPLAY_WINDOW || u->window >> ahead & 1)
		return false;
	u->window |= UINT64_C(1) << ahead;
	return true;
}

enum replay_verdict replay_check(struct replay *r, const struct nonce *nonce,
                                 uint32_t nc, uint64_t response,
                                 uint64_t now_ms)
{
	struct used *u = find(r, nonce->id);

	if (!u) {
		if (nonce->issued_ms <= r->forgotten_ms)
			return REPLAY_TOO_OLD;
		u = add(r, nonce);
	} else if (u->response == response &&
	           now_ms - u->at_ms < REPLAY_RESEND_MS) {
		return REPLAY_RESENT;
	}
	if (!use(u, nc))
		return REPLAY_USED;
	u->response = response;
	u->at_ms = now_ms;
	return REPLAY_NEW;
}
