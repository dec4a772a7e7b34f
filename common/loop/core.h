/*
 * core.h - what both loops are made of: one epoll set and a heap of timers
 *
 * loop_epoll.c waits on the set itself; loop_su.c gives the set to Sofia's
 * su_root as one descriptor. Private to common/loop/.
 */
#ifndef LOOP_CORE_H
#define LOOP_CORE_H

#include "loop/loop.h"

#include <stdbool.h>
#include <stddef.h>

#include <sys/epoll.h>

enum { LOOP_BATCH = 64 }; /* events taken from the kernel at once */

struct loop {
	int epoll_fd;
	int n_events; /* of the batch under way */
	int at_event;
	struct epoll_event events[LOOP_BATCH];
	struct timer **heap; /* running timers, the earliest first */
	size_t n_running;
	size_t n_timers; /* that exist: the heap has room for all */
	size_t capacity;
	uint64_t sequence; /* keeps timers of the same time in order */
	bool stopped;
	void (*on_earlier)(struct loop *l); /* a timer became the earliest */

	void *root;        /* loop_su.c: su_root_t */
	int timer_fd;      /* loop_su.c */
	int root_index;    /* loop_su.c: registration of the set */
	uint64_t armed_at; /* loop_su.c: when timer_fd fires [ms]; 0 = not */
};

int loop_core_init(struct loop *l); /**< @return 0 or an errno */
void loop_core_close(struct loop *l);

/** Wait at most @p ms (-1: as long as it takes) and call the handlers. */
void loop_core_poll(struct loop *l, int ms);

/** Call the handlers of timers that are due. */
void loop_core_expire(struct loop *l);

/** When the earliest timer is due [ms], UINT64_MAX = none runs. */
uint64_t loop_core_next(const struct loop *l);

#endif
