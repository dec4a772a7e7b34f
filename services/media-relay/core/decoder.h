/*
 * decoder.h - packets of a codec to linear samples
 */
#ifndef MEDIA_CORE_DECODER_H
#define MEDIA_CORE_DECODER_H

#include <stddef.h>
#include <stdint.h>

#include "codec.h"

struct decoder;

enum { DECODER_PACKET_MS = 120 }; /* longest packet, of Opus (RFC 6716 2.1.4) */
/** Samples that one packet may give at 48 kHz, and the resampler's odd one */
enum { DECODER_SAMPLES_MAX = DECODER_PACKET_MS * 48 + 8 };

/** Sample rate at which nothing of the codec is lost that a telephone call
 *  could use: 8000 or 16000 [Hz]; 0 = it is not decoded here */
uint32_t decoder_rate(enum codec codec);

/**
 * Everything that decoding one stream needs is allocated here.
 *
 * @param rate of the samples: 8000, 16000 or 48000 [Hz], whatever the codec
 * @return 0, EINVAL (no such codec or rate) or ENOMEM
 */
int decoder_alloc(struct decoder **dp, enum codec codec, uint32_t rate);
void decoder_free(struct decoder *d);

/**
 * Decode a packet, the one after the last in its stream. Any bytes may come.
 *
 * @param max room in @p out: DECODER_SAMPLES_MAX is always enough; what does
 *            not fit is lost
 * @return samples written, mono; 0 when it is no payload of the codec
 */
size_t decoder_decode(struct decoder *d, const uint8_t *payload, size_t len,
                      int16_t *out, size_t max);

/**
 * Stand in for a packet that was lost: the voice is drawn out, and fades.
 *
 * @param n       samples that are wanted
 * @param payload of the packet after the lost one, NULL = it is not there:
 *                Opus may carry a copy of the lost one in it (RFC 6716 2.1.7)
 * @param max     room in @p out
 * @return samples written: @p n, or up to 2.5 ms more
 */
size_t decoder_conceal(struct decoder *d, size_t n, const uint8_t *payload,
                       size_t len, int16_t *out, size_t max);

#endif
