/*
 * watch.c - descriptors of a loop: one epoll set, level-triggered
 */
#include "loop/core.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

struct watch {
	struct loop *loop; /* borrowed: outlives the watch */
	int fd;
	int events; /* asked for; 0: not in the epoll set */
	watch_h *handler;
	void *arg;
};

static uint64_t clock_us(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return (uint64_t)ts.tv_sec * 1000000 + (uint64_t)ts.tv_nsec / 1000;
}

uint64_t loop_now_ms(void)
{
	return loop_now_us() / 1000;
}

uint64_t loop_now_us(void)
{
	return clock_us(CLOCK_MONOTONIC);
}

uint64_t loop_wall_ms(void)
{
	return clock_us(CLOCK_REALTIME) / 1000;
}

/* What is in the set without a watch only ends the wait. */
int loop_core_init(struct loop *l)
{
	struct epoll_event ev = {.events = EPOLLIN};

	l->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	l->timer_fd =
		timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	if (l->epoll_fd < 0 || l->timer_fd < 0 ||
	    epoll_ctl(l->epoll_fd, EPOLL_CTL_ADD, l->timer_fd, &ev) != 0)
		return errno;
	return 0;
}

void loop_core_close(struct loop *l)
{
	if (l->epoll_fd >= 0)
		close(l->epoll_fd);
	if (l->timer_fd >= 0)
		close(l->timer_fd);
	free(l->heap);
}

static uint32_t mask(int events)
{
	return (events & LOOP_READ ? (uint32_t)EPOLLIN : 0) |
	       (events & LOOP_WRITE ? (uint32_t)EPOLLOUT : 0);
}

/* A hang-up or an error is told as whatever the handler waits for: the read or
 * the write that it does then finds out. */
static int came(const struct watch *w, uint32_t events)
{
	int e = (events & EPOLLIN ? LOOP_READ : 0) |
	        (events & EPOLLOUT ? LOOP_WRITE : 0);

	if (events & (EPOLLERR | EPOLLHUP))
		e |= LOOP_READ | LOOP_WRITE;
	return e & w->events;
}

/* One that fires early enough is left alone; then this is asked again. */
static void arm(struct loop *l, uint64_t at)
{
	struct itimerspec spec = {{0}, {0}};

	if (at == UINT64_MAX || (l->armed_at != 0 && l->armed_at <= at))
		return;
	spec.it_value.tv_sec = (time_t)(at / 1000);
	spec.it_value.tv_nsec = (long)(at % 1000) * 1000000;
	timerfd_settime(l->timer_fd, TFD_TIMER_ABSTIME, &spec, NULL);
	l->armed_at = at;
}

static void disarm(struct loop *l)
{
	uint64_t fired;

	if (read(l->timer_fd, &fired, sizeof(fired)) > 0)
		l->armed_at = 0;
}

void loop_core_wait(struct loop *l, uint64_t at)
{
	bool due = at <= loop_now_ms();

	if (!due)
		arm(l, at);
	l->n_events =
		epoll_wait(l->epoll_fd, l->events, LOOP_BATCH, due ? 0 : -1);
	for (l->at_event = 0; l->at_event < l->n_events; l->at_event++) {
		struct epoll_event *ev = &l->events[l->at_event];
		struct watch *w = ev->data.ptr;
		int events = w ? came(w, ev->events) : 0;

		if (events)
			w->handler(w->arg, events);
	}
	l->n_events = 0;
	if (l->armed_at != 0 && l->armed_at <= loop_now_ms())
		disarm(l);
}

static int change(struct watch *w, int events)
{
	struct epoll_event ev = {.events = mask(events), .data.ptr = w};
	int op = EPOLL_CTL_MOD;

	if (events == w->events)
		return 0;
	if (w->events == 0)
		op = EPOLL_CTL_ADD;
	else if (events == 0)
		op = EPOLL_CTL_DEL;
	w->events = events;
	return epoll_ctl(w->loop->epoll_fd, op, w->fd, &ev) == 0 ? 0 : errno;
}

int watch_alloc(struct watch **wp, struct loop *l, int fd, int events,
                watch_h *handler, void *arg)
{
	struct watch *w = calloc(1, sizeof(*w));
	int err;

	if (!w)
		return ENOMEM;
	w->loop = l;
	w->fd = fd;
	w->handler = handler;
	w->arg = arg;
	err = change(w, events);
	if (err)
		free(w);
	else
		*wp = w;
	return err;
}

void watch_set(struct watch *w, int events)
{
	(void)change(w, events);
}

void watch_free(struct watch *w)
{
	struct loop *l;

	if (!w)
		return;
	l = w->loop;
	(void)change(w, 0);
	for (int i = l->at_event; i < l->n_events; i++) {
		if (l->events[i].data.ptr == w)
			l->events[i].data.ptr = NULL;
	}
	free(w);
}
