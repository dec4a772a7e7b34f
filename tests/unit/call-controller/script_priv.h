/*
 * script_priv.h - what the files script_*.c share
 */
#ifndef TESTS_SCRIPT_PRIV_H
#define TESTS_SCRIPT_PRIV_H

#include "script.h"

/** Append a command to s->text. */
void script_tell(struct script *s, const struct command *cmd);

/** Make the event of a row. @return false when only the clock went on */
bool script_event(struct script *s, const char *text, struct event *ev);

const char *script_param_of(const struct cmd_fetch *fetch, const char *name);

#endif
