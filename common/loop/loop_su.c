/*
 * loop_su.c - the loop of a process that uses Sofia-SIP: its su_root runs, and
 * our epoll set and one timerfd are a descriptor in it
 *
 * Sofia's own timers go by the wall clock and its epoll port takes four events
 * a turn; ours go by the monotonic clock and take a batch.
 */
#include "loop/core.h"

#include <errno.h>
#include <stdlib.h>

#include <sys/timerfd.h>
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

static void arm(struct loop *l)
{
	uint64_t next = loop_core_next(l);
	struct itimerspec spec = {{0}, {0}};

	if (next == UINT64_MAX || (l->armed_at != 0 && l->armed_at <= next))
		return; /* it fires early enough; then this is asked again */
	next = next ? next : 1;
	spec.it_value.tv_sec = (time_t)(next / 1000);
	spec.it_value.tv_nsec = (long)(next % 1000) * 1000000;
	timerfd_settime(l->timer_fd, TFD_TIMER_ABSTIME, &spec, NULL);
	l->armed_at = next;
}

static void on_timer(struct loop *l)
{
	uint64_t fired;

	if (read(l->timer_fd, &fired, sizeof(fired)) > 0)
		l->armed_at = 0; /* and before_wait() does the rest */
}

/* Each turn, before the root waits: timers that are due go off here, so that a
 * timer of 0 ms ("when this turn is over") costs no call of the kernel. */
static void before_wait(su_prepoll_magic_t *magic, su_root_t *root)
{
	struct loop *l = (struct loop *)magic;

	(void)root;
	if (loop_core_next(l) <= loop_now_ms())
		loop_core_expire(l);
	arm(l);
}

static int on_set(su_root_magic_t *magic, su_wait_t *wait, void *arg)
{
	struct loop *l = arg;

	(void)magic;
	(void)wait;
	loop_core_poll(l, 0);
	if (l->armed_at != 0 && l->armed_at <= loop_now_ms())
		on_timer(l);
	return 0;
}

/* The timerfd is in the set only to make it readable: its event has no watch,
 * on_set() looks at the time. */
static int open_set(struct loop *l)
{
	struct epoll_event ev = {.events = EPOLLIN};
	su_wait_t wait[1];

	l->timer_fd =
		timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	if (l->timer_fd < 0)
		return errno;
	if (epoll_ctl(l->epoll_fd, EPOLL_CTL_ADD, l->timer_fd, &ev) != 0)
		return errno;
	if (su_wait_create(wait, l->epoll_fd, SU_WAIT_IN) != 0)
		return ENOMEM;
	l->root_index = su_root_register(l->root, wait, on_set, (void *)l, 0);
	if (l->root_index <= 0 ||
	    su_root_add_prepoll(l->root, before_wait,
	                        (su_prepoll_magic_t *)l) != 0)
		return ENOMEM;
	return 0;
}

int loop_alloc(struct loop **lp)
{
	struct loop *l = calloc(1, sizeof(*l));
	int err = ENOMEM;

	if (!l || su_init() != 0)
		goto out;
	sofia_clock = coarse_time;
	err = loop_core_init(l);
	if (err)
		goto out;
	l->root = su_root_create(NULL);
	err = l->root ? open_set(l) : ENOMEM;
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
	if (l->root_index > 0)
		su_root_deregister(l->root, l->root_index);
	if (l->root)
		su_root_destroy(l->root);
	if (l->timer_fd >= 0)
		close(l->timer_fd);
	loop_core_close(l);
	free(l);
	su_deinit();
}

void loop_run(struct loop *l)
{
	if (!l->stopped)
		su_root_run(l->root);
	l->stopped = false;
}

void loop_stop(struct loop *l)
{
	l->stopped = true;
	su_root_break(l->root);
}

void *loop_su_root(struct loop *l)
{
	return l->root;
}
