/*
 * transcribe.h - a recording to text, by speech; the text into Redis
 */
#ifndef CC_ADAPTERS_TRANSCRIBE_H
#define CC_ADAPTERS_TRANSCRIBE_H

struct app;
struct command;
struct owned;

/** CMD_TRANSCRIBE: EV_TRANSCRIBED follows. */
void transcribe_ask(struct app *app, struct owned *o,
                    const struct command *cmd);

/** CMD_TRANSCRIPTION: `transcription:{TR…}` and its indexes. It stays until the
 *  API deletes it. */
void transcribe_keep(struct app *app, struct owned *o,
                     const struct command *cmd);

#endif
