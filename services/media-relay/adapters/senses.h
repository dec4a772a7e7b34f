/*
 * senses.h - what is understood of a leg's audio: keys heard as tones, who
 * answered, speech
 *
 * Taps of the leg (audio.h); all of it in its worker thread.
 */
#ifndef MEDIA_ADAPTERS_SENSES_H
#define MEDIA_ADAPTERS_SENSES_H

struct worker;
struct worker_leg;

enum { SENSES_CHUNK_MS = 200 };    /* of speech, to the main thread */
enum { SENSES_KEY_WAIT_MS = 500 }; /* for a telephone-event of the same key */

/** Make it as the leg's spec says. Without memory a sense is missing. */
void senses_apply(struct worker *w, struct worker_leg *wl);

/** The leg ends. */
void senses_close(struct worker_leg *wl);

#endif
