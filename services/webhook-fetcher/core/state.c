/*
 * state.c - where a job is on its way
 *
 * Pure: no I/O, no clock, no log.
 */
#include "core/state.h"

// clang-format off
static const bool may[JOB_STATES][JOB_STATES] = {
	[JOB_NEW]     = {[JOB_WAITING] = true, [JOB_RUNNING] = true},
	[JOB_WAITING] = {[JOB_READY] = true, [JOB_DONE] = true},
	[JOB_READY]   = {[JOB_RUNNING] = true},
	[JOB_RUNNING] = {[JOB_PARKED] = true, [JOB_DONE] = true},
	[JOB_PARKED]  = {[JOB_RUNNING] = true},
};
// clang-format on

bool state_may(enum job_state from, enum job_state to)
{
	return may[from][to];
}

enum job_due state_due(enum job_state state, bool timed)
{
	switch (state) {
	case JOB_PARKED: return JOB_AGAIN;
	case JOB_WAITING: return timed ? JOB_EXPIRE : JOB_LEAVE;
	case JOB_NEW:
	case JOB_READY:
	case JOB_RUNNING:
	case JOB_DONE:
	case JOB_STATES: break;
	}
	return JOB_LEAVE;
}
