/*
 * engine.h - a helper process: the engines that may be slow, or crash
 *
 * trestle-speech starts itself anew as `trestle-speech --engine speak` and
 * `--engine hear MODEL`. A helper has one job at a time, knows no secret and
 * keeps nothing; when it dies another is started.
 */
#ifndef SPEECH_ENGINE_ENGINE_H
#define SPEECH_ENGINE_ENGINE_H

#include <stddef.h>
#include <stdint.h>

#include "engine/frame.h"

/** Is @p argv that of a helper? Then this runs it.
 *  @return its exit status, -1 = it is not one */
int engine_main(int argc, char **argv);

/** Samples that were made; zero-initialise it */
struct audio {
	int16_t *v; /**< owned */
	size_t n;
};

/** @return 0 or an errno; what is wrong is in the text for the service */
int flite_speak(const struct frame_speak *order, const char *text,
                struct audio *out);
int espeak_speak(const struct frame_speak *order, const char *text,
                 struct audio *out);

/** Replace by the same at another rate. @return 0 or ENOMEM */
int audio_resample(struct audio *a, uint32_t from, uint32_t to);
void audio_gain(struct audio *a, int db);

/** Cut the silence before the first sound, which a caller would wait for. */
void audio_trim_start(struct audio *a);

struct sphinx;

/** Load the model in a directory. @return 0 or EINVAL, ENOMEM */
int sphinx_alloc(struct sphinx **sp, const char *model);

/** Once for each sphinx: see engine.c. */
void sphinx_begin(struct sphinx *s, const struct frame_hear *hear,
                  const char *hints);
void sphinx_put(struct sphinx *s, const int16_t *samples, size_t n);

/** What was heard so far; the text is borrowed until the next call. */
const char *sphinx_so_far(struct sphinx *s, struct frame_text *out);
/** The end: what was heard. */
const char *sphinx_end(struct sphinx *s, struct frame_text *out);

#endif
