/*
 * transcribe.h - a recording to text, by speech
 */
#ifndef CC_ADAPTERS_TRANSCRIBE_H
#define CC_ADAPTERS_TRANSCRIBE_H

struct app;
struct command;
struct owned;

/** CMD_TRANSCRIBE: EV_TRANSCRIBED follows. */
void transcribe_ask(struct app *app, struct owned *o,
                    const struct command *cmd);

#endif
