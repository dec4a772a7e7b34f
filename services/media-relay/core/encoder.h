/*
 * encoder.h - linear samples to packets of a codec
 */
#ifndef MEDIA_CORE_ENCODER_H
#define MEDIA_CORE_ENCODER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "codec.h"

struct encoder;

enum { ENCODER_PACKET_MAX = 1000 }; /* bytes */

/** Sample rate that serves the codec best for a tone or prompt [Hz]; 0 = it is
 *  not made here */
uint32_t encoder_rate(enum codec codec);

/** May its input have that rate? G.711: 8000; G.722 and Opus: 8000 or 16000
 *  (of 8000 the upper half of the band is empty). */
bool encoder_takes(enum codec codec, uint32_t rate);

/** @param rate one that encoder_takes(). @return 0 or ENOMEM */
int encoder_alloc(struct encoder **ep, enum codec codec, uint32_t rate);
void encoder_free(struct encoder *e);

/**
 * Encode one packet. Allocates nothing.
 *
 * @param n samples: 10 to 60 ms, of Opus 10, 20, 40 or 60 ms
 * @return bytes written; 0 when it failed
 */
size_t encoder_encode(struct encoder *e, const int16_t *samples, size_t n,
                      uint8_t out[ENCODER_PACKET_MAX]);

#endif
