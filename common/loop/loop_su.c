/*
 * loop_su.c - the loop of a process that uses Sofia-SIP: the epoll set of its
 * su_root is a descriptor in ours, and a turn of ours is one step of the root
 *
 * Sofia's own timers go by the wall clock and its epoll port takes four events
 * a turn; ours go by the monotonic clock and take a batch.
 */
#include "loop/core.h"

#include <errno.h>
#include <stdlib.h>

#include <unistd.h>

#include <sofia-sip/su_wait.h>

/* Sofia's hook for another clock, which its headers do not declare */
extern void (*sofia_clock)(su_time_t *tv) __asm__("_su_time");

/* Sofia waits in whole milliseconds, rounded down: with a finer clock it would
 * spin through the last part of a millisecond before each of its timers. This
 * one goes in whole ones, and does not jump with the wall clock. */
static void coarse_time(su_time_t *tv)
{
	static uint64_t offset_ms;
	uint64_t now;

	if (offset_ms == 0)
		offset_ms = (uint64_t)(tv->tv_sec - SU_TIME_EPOCH) * 1000 -
		            loop_now_ms();
	now = loop_now_ms() + offset_ms;
	tv->tv_sec = (unsigned long)(now / 1000 + SU_TIME_EPOCH);
	tv->tv_usec = (unsigned long)(now % 1000 * 1000);
}

/* Sofia does not tell its epoll set: it is the first descriptor that the root
 * opens, and takes the lowest number that is free. */
static int create_root(struct loop *l)
{
	struct epoll_event ev = {.events = EPOLLIN};
	int set = dup(l->epoll_fd);

	if (set < 0)
		return errno;
	close(set);
	l->root = su_root_create(NULL);
	if (!l->root)
		return ENOMEM;
	/* EINVAL: it is not an epoll set, but Sofia was told to use poll(). */
	if (epoll_ctl(set, EPOLL_CTL_DEL, l->timer_fd, NULL) == 0 ||
	    errno != ENOENT)
		return ENOTSUP;
	return epoll_ctl(l->epoll_fd, EPOLL_CTL_ADD, set, &ev) ? errno : 0;
}

int loop_alloc(struct loop **lp)
{
	struct loop *l = calloc(1, sizeof(*l));
	int err = ENOMEM;

	if (!l || su_init() != 0)
		goto out;
	sofia_clock = coarse_time;
	err = loop_core_init(l);
	if (!err)
		err = create_root(l);
out:
	if (err)
		loop_free(l);
	else
		*lp = l;
	return err;
}

void loop_free(struct loop *l)
{
	if (!l)
		return;
	if (l->root)
		su_root_destroy(l->root);
	loop_core_close(l);
	free(l);
	su_deinit();
}

/* One step of the root without waiting. @return when it wants the next [ms] */
static uint64_t step(struct loop *l)
{
	su_duration_t ms = su_root_step(l->root, 0);

	return ms < 0 || ms >= SU_WAIT_MAX ? UINT64_MAX
	                                   : loop_now_ms() + (uint64_t)ms;
}

void loop_run(struct loop *l)
{
	while (!l->stopped) {
		uint64_t root_at = step(l);
		uint64_t at = loop_core_next(l);

		loop_core_wait(l, at < root_at ? at : root_at);
		loop_core_expire(l);
	}
	l->stopped = false;
}

void loop_stop(struct loop *l)
{
	l->stopped = true;
}

void *loop_su_root(struct loop *l)
{
	return l->root;
}
