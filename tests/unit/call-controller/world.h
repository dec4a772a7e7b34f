/*
 * world.h - the phones, carriers, relays and applications around a call, and
 * the rules that its commands keep
 */
#ifndef TESTS_WORLD_H
#define TESTS_WORLD_H

#include "core/rng.h"
#include "script.h"

enum { WORLD_LEGS_MAX = 512 };

struct world_leg {
	bool used;
	bool provisional; /* from the peer */
	bool final;       /* the INVITE has its final response */
	bool confirmed;   /* a dialog */
	bool ack_due;     /* to our 2xx */
	bool acks_owed;   /* by us */
	bool canceled;    /* CANCEL was sent */
	bool bye;         /* BYE was sent */
	bool reoffer;     /* our re-INVITE is open */
	bool offered;     /* its offer waits for our answer */
	bool over;
};

struct world {
	struct script s;
	struct rng rng;
	struct world_leg legs[WORLD_LEGS_MAX];
	unsigned n_legs;
	bool placed; /* by the API: leg 1 is one of ours, too */
	bool fetching, media_put, ended;
	uint64_t resolving; /* bit set of children */
};

/** Let an event of script.h happen, and watch what the call does about it. */
void world_happen(struct world *w, const char *event);

#endif
