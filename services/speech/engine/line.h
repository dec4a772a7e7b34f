/*
 * line.h - what a telephone line does to all speech on it: its mean spectrum
 *
 * PocketSphinx takes the mean of the cepstra away, as its model was trained;
 * while audio comes, it takes one that it was told before. That of the model
 * is of a microphone: over a telephone half of the words are wrong with it.
 * So an utterance's first second of speech tells what its line is like.
 */
#ifndef SPEECH_ENGINE_LINE_H
#define SPEECH_ENGINE_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pocketsphinx.h>

enum { LINE_FRAMES = 100 }; /* of 10 ms of speech: then it is known */

struct line;

/** For the audio that @p ps is given. @return 0 or ENOMEM */
int line_alloc(struct line **lp, ps_decoder_t *ps);

/** Of another utterance */
void line_begin(struct line *l);

/** The next samples, at the rate of the model. @return is it speech? */
bool line_put(struct line *l, const int16_t *samples, size_t n);

/** Were there LINE_FRAMES of speech? */
bool line_known(const struct line *l);

/** Tell the decoder what was learned, if anything was; before it is given the
 *  first audio of the utterance. */
void line_use(const struct line *l);

#endif
