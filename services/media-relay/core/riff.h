/*
 * riff.h - the header of a WAVE file that is written: 16-bit linear
 */
#ifndef MEDIA_CORE_RIFF_H
#define MEDIA_CORE_RIFF_H

#include <stdint.h>

enum { RIFF_SIZE = 44 };  /* bytes before the samples */
enum { RIFF_SAMPLE = 2 }; /* bytes */
enum { RIFF_CHANNELS_MAX = 2 };

/** @param bytes of samples; those of more than 4 GiB are said to be so many */
void riff_write(uint8_t out[RIFF_SIZE], uint32_t rate, unsigned channels,
                uint64_t bytes);

/** Channels of a file that was begun by riff_write(); 0 = it was not */
unsigned riff_channels(const uint8_t head[RIFF_SIZE]);

#endif
