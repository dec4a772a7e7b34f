/*
 * lanes.h - how many requests of one account run at a time; the rest queue
 *
 * A lane is an account's share, so that one account's slow application does
 * not take the place of another's.
 */
#ifndef FETCHER_CORE_LANES_H
#define FETCHER_CORE_LANES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sys/queue.h>

struct lane;
struct lanes;

enum { LANES_NAME_MAX = 48 };

enum lanes_verdict {
	LANES_RUN,  /**< start it now                             */
	LANES_WAIT, /**< lanes_leave() of another will hand it out */
	LANES_FULL  /**< too many wait already; it is not in       */
};

/** Embedded in what wants to run; zero-initialise it */
struct lane_item {
	struct lane *lane; /**< NULL = in no lane */
	TAILQ_ENTRY(lane_item) link;
	bool waiting; /**< it queues            */
};

/** @return 0 or ENOMEM */
int lanes_alloc(struct lanes **lp, uint32_t running_max, uint32_t waiting_max);
void lanes_free(struct lanes *l); /**< items are the caller's; NULL: no-op */

/** @return also LANES_FULL when memory ran out */
enum lanes_verdict lanes_enter(struct lanes *l, const char *name,
                               struct lane_item *item);

/**
 * It ended, or does not want to wait any longer.
 * @return the next of its lane, which is to be started now, or NULL
 */
struct lane_item *lanes_leave(struct lanes *l, struct lane_item *item);

size_t lanes_n_waiting(const struct lanes *l);

#endif
