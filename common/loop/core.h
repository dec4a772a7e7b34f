/*
 * core.h - what both loops are made of: one epoll set and a heap of timers
 *
 * Both wait on the set without a timeout, with a timerfd in it: to arm a timer
 * for each wait costs several microseconds on a virtual machine, more than the
 * wait. Private to common/loop/.
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
	int timer_fd;
	uint64_t armed_at; /* when timer_fd fires [ms]; 0 = never */
	void *root;        /* loop_su.c: su_root_t */
};

int loop_core_init(struct loop *l); /**< @return 0 or an errno */
void loop_core_close(struct loop *l);

/** Wait until a descriptor is ready or it is @p at [ms], UINT64_MAX = never,
 *  and call the handlers of descriptors. May return early. */
void loop_core_wait(struct loop *l, uint64_t at);

/** Call the handlers of timers that are due. */
void loop_core_expire(struct loop *l);

/** When the earliest timer is due [ms], UINT64_MAX = none runs. */
uint64_t loop_core_next(const struct loop *l);

#endif
