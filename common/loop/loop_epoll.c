/*
 * loop_epoll.c - the loop of a process without Sofia-SIP
 */
#include "loop/core.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>

int loop_alloc(struct loop **lp)
{
	struct loop *l = calloc(1, sizeof(*l));
	int err;

	if (!l)
		return ENOMEM;
	err = loop_core_init(l);
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
	loop_core_close(l);
	free(l);
}

static int wait_ms(const struct loop *l)
{
	uint64_t next = loop_core_next(l), now;

	if (next == UINT64_MAX)
		return -1;
	now = loop_now_ms();
	if (next <= now)
		return 0;
	return next - now > INT_MAX ? INT_MAX : (int)(next - now);
}

void loop_run(struct loop *l)
{
	while (!l->stopped) {
		loop_core_poll(l, wait_ms(l));
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
	(void)l;
	return NULL;
}
