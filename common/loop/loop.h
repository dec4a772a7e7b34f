/*
 * loop.h - the event loop of a process: descriptors and timers
 *
 * Two implementations, a process links one: loop_epoll.c, and loop_su.c for
 * those that use Sofia-SIP, whose loop it is.
 */
#ifndef LOOP_H
#define LOOP_H

#include <stdint.h>

struct loop;
struct watch;
struct timer;

enum { LOOP_READ = 1, LOOP_WRITE = 2 };

typedef void watch_h(void *arg, int events); /**< LOOP_READ | LOOP_WRITE */
typedef void timer_h(void *arg);

int loop_alloc(struct loop **lp); /**< @return 0 or an errno */
void loop_free(struct loop *l);
void loop_run(struct loop *l);  /**< returns after loop_stop() */
void loop_stop(struct loop *l); /**< from a handler */

/** loop_su.c only: the su_root_t to give to Sofia; NULL elsewhere. */
void *loop_su_root(struct loop *l);

uint64_t loop_now_ms(void);  /**< monotonic [ms] */
uint64_t loop_now_us(void);  /**< the same clock [us] */
uint64_t loop_wall_ms(void); /**< since 1970, UTC [ms] */

/**
 * Watch a descriptor; starts with @p events (0: paused). Level-triggered. Any
 * handler may free any watch or timer, its own too.
 *
 * @return 0, ENOMEM, or the errno of epoll_ctl(): EPERM, a file is no descriptor
 *         to be waited for
 */
int watch_alloc(struct watch **wp, struct loop *l, int fd, int events,
                watch_h *handler, void *arg);
void watch_set(struct watch *w, int events);
void watch_free(struct watch *w); /**< NULL is a no-op; does not close fd */

/** A one-shot timer, not started. Starting a running one restarts it, which can
 *  not fail. @return 0 or ENOMEM */
int timer_alloc(struct timer **tp, struct loop *l, timer_h *handler, void *arg);
void timer_start(struct timer *t, uint32_t ms);
void timer_stop(struct timer *t);
void timer_free(struct timer *t);

#endif
