/*
 * transcription.h - a recording that has ended becomes text
 *
 * Pure.
 */
#ifndef CC_CORE_TRANSCRIPTION_H
#define CC_CORE_TRANSCRIPTION_H

struct call;
struct recording;
struct step;

/** It has ended, and shall be text: RECORDING_TRANSCRIBED, or an alert when it is
 *  too short or too long. */
void transcription_begin(struct call *call, struct recording *rec,
                         struct step *st);

/** Ask speech, again after an adoption. */
void transcription_ask(const struct recording *rec, struct step *st);

/** EV_TRANSCRIBED: write the Transcription, tell its URL. */
void transcription_done(struct call *call, struct recording *rec,
                        struct step *st);

#endif
