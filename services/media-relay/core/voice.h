/*
 * voice.h - is this 20 ms of speech, a pure tone, or neither?
 */
#ifndef MEDIA_CORE_VOICE_H
#define MEDIA_CORE_VOICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { VOICE_LEAST = 120 };     /* rms of the faintest speech: -45 dBm0 */
enum { VOICE_FLOOR_MAX = 400 }; /* rms: what is louder is no noise */
enum { VOICE_FRAMES = 25 };     /* in half a second */

/** Follows the noise of a line: what it was at the least for half a second to
 *  a second. Zero it, then voice_put(). */
struct voice {
	float rms;           /**< of the last samples */
	float least, before; /* in this half of a second, in the one before */
	unsigned frames;     /* of this one; 0: none yet */
};

/** @return is it louder than the noise of this line? */
bool voice_put(struct voice *v, const int16_t *samples, size_t n);

/**
 * Is it one pure tone? Then x[n] + x[n-2] = 2 cos(w) x[n-1].
 *
 * @param cosine cos(2 pi frequency / rate), set when it is
 */
bool voice_is_tone(const int16_t *samples, size_t n, float *cosine);

#endif
