/*
 * inband.h - keys pressed on a phone, heard as tones (DTMF, ITU-T Q.24)
 *
 * One report for each press, when it is over. A tone that is broken off for
 * less than a pause between two keys can be, by lost packets, is one press.
 */
#ifndef MEDIA_CORE_INBAND_H
#define MEDIA_CORE_INBAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "telephone_event.h"

enum { INBAND_RATE = 8000 }; /* of the samples [Hz] */
enum { INBAND_GAP_MS = 30 }; /* shorter breaks are no pause: Q.24 has 40 ms */
enum { INBAND_QUEUE = 4 };   /* presses in 20 ms are fewer */

struct inband;

/** @return 0 or ENOMEM */
int inband_alloc(struct inband **ip);
void inband_free(struct inband *i);

/** Samples of INBAND_RATE; after it take what is over. Allocates nothing. */
void inband_put(struct inband *i, const int16_t *samples, size_t n);

/** Is a key down? It will be told by inband_take(). */
bool inband_pressed(const struct inband *i);

/** A press that is over; digit '\0' = none. Call it until there is none. */
struct key_press inband_take(struct inband *i);

#endif
