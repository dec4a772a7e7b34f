/*
 * request.h - an open request and its place; private to requests.c
 *
 * Places are used again; an id is the place and a number that grows, so that a
 * late reply finds nothing.
 */
#ifndef BUS_REQUEST_H
#define BUS_REQUEST_H

#include "bus/bus_impl.h"

struct request {
	struct bus *bus;
	struct request *next_unused;
	struct timer *timer;
	uint64_t id; /* 0 = unused */
	size_t place;
	bus_reply_h *handler; /* NULL: cancelled */
	void *arg;
	struct peer_node *node; /* that has it; NULL: parked or failed */
	int err;                /* to end with when the timer fires */
	uint64_t started_us;
	uint64_t deadline; /* monotonic [ms] */
	bool retry;
	bool keyed;
	unsigned tries;
	char service[PEER_NAME_MAX];
	char instance[PEER_NAME_MAX]; /* "" = any */
	char key[PEER_ADDRESS_MAX];
	uint8_t *packed; /* owned, kept for the next user of the place */
	size_t packed_len;
	size_t packed_size;
};

/** Take a place; `handler` is that of its timer. NULL: out of memory. */
struct request *request_take(struct bus *bus, timer_h *handler);
void request_release(struct request *r);

/** The instance that had it has it no more. */
void request_leave(struct request *r);

/** NULL when it ended. */
struct request *request_find(const struct bus *bus, uint64_t id);

#endif
