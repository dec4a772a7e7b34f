/*
 * encoder.h - linear samples to packets of a codec
 */
#ifndef MEDIA_ADAPTERS_ENCODER_H
#define MEDIA_ADAPTERS_ENCODER_H

#include <stddef.h>
#include <stdint.h>

#include "core/codec.h"

struct encoder;

enum { ENCODER_PACKET_MAX = 1000 }; /* bytes */

/** Sample rate that its input must have [Hz]; 0 = it makes no such codec */
uint32_t encoder_rate(enum codec codec);

int encoder_alloc(struct encoder **ep, enum codec codec); /**< 0 or ENOMEM */
void encoder_free(struct encoder *e);

/** @return bytes written; 0 when it failed */
size_t encoder_encode(struct encoder *e, const int16_t *samples, size_t n,
                      uint8_t out[ENCODER_PACKET_MAX]);

#endif
