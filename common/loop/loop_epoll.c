/*
 * loop_epoll.c - the loop of a process without Sofia-SIP
 */
#include "loop/core.h"

#include <errno.h>
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

void loop_run(struct loop *l)
{
	while (!l->stopped) {
		loop_core_wait(l, loop_core_next(l));
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
