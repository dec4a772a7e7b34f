/*
 * state.h - where a job is on its way
 *
 *     NEW ─┬──────────────────────► RUNNING ─┬─► DONE
 *          └► WAITING ─┬► READY ───►   │  ▲  │
 *                      │               ▼  │  │
 *                      │             PARKED  │
 *                      └─────────────────────┘
 *
 * WAITING: its lane is full. READY: the lane has a place, it is started in this
 * turn of the loop. RUNNING: a request is out. PARKED: nobody serves its URL at
 * the moment. DONE: it is being told and freed. Pure.
 */
#ifndef FETCHER_CORE_STATE_H
#define FETCHER_CORE_STATE_H

#include <stdbool.h>

enum job_state {
	JOB_NEW,
	JOB_WAITING,
	JOB_READY,
	JOB_RUNNING,
	JOB_PARKED,
	JOB_DONE,
	JOB_STATES
};

/** What the sweep does with a job that it meets */
enum job_due {
	JOB_LEAVE, /**< nothing: somebody else has it in hand */
	JOB_AGAIN, /**< ask once more                         */
	JOB_EXPIRE /**< its time is over                      */
};

bool state_may(enum job_state from, enum job_state to);

/** @param timed it has waited as long as its asker does. The time of a callback
 *               begins with its turn, so it is never that. */
enum job_due state_due(enum job_state state, bool timed);

#endif
