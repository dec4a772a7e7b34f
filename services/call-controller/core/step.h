/*
 * step.h - what the parts of a call work with during one step
 */
#ifndef CC_CORE_STEP_H
#define CC_CORE_STEP_H

#include <stdbool.h>
#include <stdint.h>

#include "io.h"

struct leg;
struct program;
struct rng;

/** What an event meant to the leg that it names */
enum leg_outcome {
	LEG_NOTHING,
	LEG_PROGRESS, /**< UAC: a provisional response came          */
	LEG_ANSWERED, /**< UAC: confirmed and acknowledged           */
	LEG_REFUSED,  /**< UAC: never confirmed; see its `status`    */
	LEG_SILENT,   /**< UAC: given up before any response, see leg_doubt() */
	LEG_GONE,     /**< the other side ended it, or it broke      */
	LEG_MEDIA     /**< what the peer said about media changed    */
};

struct step {
	const struct event *ev; /**< borrowed until the step ends */
	uint64_t now;           /**< of the event [ms] */
	struct commands *out;
	struct rng *rng;         /**< of the call */
	struct leg *leg;         /**< that the event names; NULL = none */
	struct program *program; /**< whose verb is stepped */
	bool quiet; /**< no warnings: they were given, or will be */
	bool moved; /**< a verb is stopped for another document: no action */
	enum leg_outcome outcome;
};

/** An instant that is not set */
enum { NEVER = 0 };

/** Start a timer and note in @p at when it is due; @p ms from now. */
void step_timer_start(struct step *st, enum timer_id timer, unsigned leg,
                      uint64_t ms, uint64_t *at);

/** Stop a timer when it runs. */
void step_timer_stop(struct step *st, enum timer_id timer, unsigned leg,
                     uint64_t *at);

/** Start it again after an adoption, with what is left of it. */
void step_timer_resume(struct step *st, enum timer_id timer, unsigned leg,
                       uint64_t at);

#endif
