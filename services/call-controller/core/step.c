/*
 * step.c - what the parts of a call work with during one step
 *
 * Pure.
 */
#include "step.h"

void step_timer_start(struct step *st, enum timer_id timer, unsigned leg,
                      uint64_t ms, uint64_t *at)
{
	struct command *cmd = commands_add(st->out, CMD_TIMER_START, leg);

	cmd->timer.timer = timer;
	cmd->timer.ms = ms;
	*at = st->now + ms;
}

void step_timer_stop(struct step *st, enum timer_id timer, unsigned leg,
                     uint64_t *at)
{
	if (*at == NEVER)
		return;
	commands_add(st->out, CMD_TIMER_STOP, leg)->timer.timer = timer;
	*at = NEVER;
}

void step_timer_resume(struct step *st, enum timer_id timer, unsigned leg,
                       uint64_t at)
{
	uint64_t unused;

	if (at != NEVER)
		step_timer_start(st, timer, leg,
		                 at > st->now ? at - st->now : 0, &unused);
}
