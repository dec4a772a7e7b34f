/*
 * script_priv.h - what the files script_*.c share
 */
#ifndef TESTS_SCRIPT_PRIV_H
#define TESTS_SCRIPT_PRIV_H

#include "script.h"

/** A row's event, cut at its spaces */
struct script_words {
	char text[SCRIPT_TEXT_MAX];
	size_t n;
	char *v[16];
};

const char *script_word(const struct script_words *w, size_t i); /**< "" */
int script_number(const char *s);
/** What stands behind so many words */
const char *script_after(const char *text, size_t words);

/* script_told.c: what speech and recordings tell, what the API does.
 * @return false when it is another event */
bool script_voice(struct script *s, struct event *ev, const char *text,
                  const struct script_words *w);
bool script_control(struct script *s, struct event *ev, const char *text,
                    const struct script_words *w);

/** Append a command to s->text. */
void script_tell(struct script *s, const struct command *cmd);

/** Make the event of a row. @return false when only the clock went on */
bool script_event(struct script *s, const char *text, struct event *ev);

const char *script_param_of(const struct cmd_fetch *fetch, const char *name);

#endif
