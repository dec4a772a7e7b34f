/*
 * lanes.c - how many requests of one account run at a time; the rest queue
 *
 * Pure: no I/O, no clock, no log.
 */
#include "lanes.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"

struct lane {
	struct hash_entry entry;
	char name[LANES_NAME_MAX];
	uint32_t running;
	uint32_t waiting;
	TAILQ_HEAD(, lane_item) queue;
};

struct lanes {
	struct hash table;
	uint32_t running_max, waiting_max; /* of each lane */
	size_t n_waiting;                  /* in all lanes */
};

int lanes_alloc(struct lanes **lp, uint32_t running_max, uint32_t waiting_max)
{
	struct lanes *l = calloc(1, sizeof(*l));

	if (!l)
		return ENOMEM;
	l->running_max = running_max;
	l->waiting_max = waiting_max;
	if (hash_init(&l->table)) {
		free(l);
		return ENOMEM;
	}
	*lp = l;
	return 0;
}

void lanes_free(struct lanes *l)
{
	struct hash_iter it;
	struct hash_entry *e;

	if (!l)
		return;
	it = hash_iter(&l->table);
	while ((e = hash_next(&it))) {
		struct lane *lane = hash_object(e, struct lane, entry);

		hash_remove(&l->table, e);
		free(lane);
	}
	hash_close(&l->table);
	free(l);
}

static struct lane *find_or_make(struct lanes *l, const char *name)
{
	struct hash_entry *e = hash_find(&l->table, name);
	struct lane *lane;

	if (e)
		return hash_object(e, struct lane, entry);
	lane = calloc(1, sizeof(*lane));
	if (!lane)
		return NULL;
	(void)snprintf(lane->name, sizeof(lane->name), "%s", name);
	TAILQ_INIT(&lane->queue);
	hash_add(&l->table, &lane->entry, lane->name);
	return lane;
}

enum lanes_verdict lanes_enter(struct lanes *l, const char *name,
                               struct lane_item *item)
{
	struct lane *lane = find_or_make(l, name);

	if (!lane)
		return LANES_FULL;
	if (lane->running < l->running_max) {
		lane->running++;
		item->lane = lane;
		item->waiting = false;
		return LANES_RUN;
	}
	if (lane->waiting >= l->waiting_max)
		return LANES_FULL;
	lane->waiting++;
	l->n_waiting++;
	item->lane = lane;
	item->waiting = true;
	TAILQ_INSERT_TAIL(&lane->queue, item, link);
	return LANES_WAIT;
}

static void stop_waiting(struct lanes *l, struct lane *lane,
                         struct lane_item *item)
{
	TAILQ_REMOVE(&lane->queue, item, link);
	lane->waiting--;
	l->n_waiting--;
	item->waiting = false;
}

struct lane_item *lanes_leave(struct lanes *l, struct lane_item *item)
{
	struct lane *lane = item->lane;
	struct lane_item *next = NULL;

	if (!lane)
		return NULL;
	item->lane = NULL;
	if (item->waiting) {
		stop_waiting(l, lane, item);
		return NULL;
	}
	next = TAILQ_FIRST(&lane->queue);
	if (next) /* takes the place of the one that leaves */
		stop_waiting(l, lane, next);
	else
		lane->running--;
	if (lane->running == 0) {
		hash_remove(&l->table, &lane->entry);
		free(lane);
	}
	return next;
}

size_t lanes_n_waiting(const struct lanes *l)
{
	return l->n_waiting;
}
