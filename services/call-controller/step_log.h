/*
 * step_log.h - one log line for each step: the trace of a call
 *
 * `CONFIRMED + LEG_HUNGUP leg 1 -> ENDING: BYE(2) STATUS SAVE`: state before,
 * event, state after, commands with their legs.
 */
#ifndef CC_STEP_LOG_H
#define CC_STEP_LOG_H

struct commands;
struct event;
struct owned;

void step_log(const struct owned *o, const char *before, const struct event *ev,
              const struct commands *out);

#endif
