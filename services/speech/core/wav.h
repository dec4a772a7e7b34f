/*
 * wav.h - linear 16-bit audio in RIFF WAVE, to and from memory
 *
 * Pure: no I/O, no clock, no log.
 */
#ifndef SPEECH_CORE_WAV_H
#define SPEECH_CORE_WAV_H

#include <stddef.h>
#include <stdint.h>

enum { WAV_HEADER_SIZE = 44 };
enum { WAV_RATE_MIN = 4000, WAV_RATE_MAX = 192000 }; /* [Hz] */

struct wav {
	const uint8_t *data; /**< little endian, borrowed from what was read */
	size_t n;            /**< bytes, whole frames */
	uint32_t rate;       /**< [Hz] */
	unsigned channels;   /**< 1 to 8 */
};

/**
 * Find the audio in a file. A data chunk that claims more than there is (a
 * stream, a file being written) ends with the file.
 * @return 0 or EINVAL: not 16-bit linear WAVE
 */
int wav_read(const void *file, size_t size, struct wav *out);

/** Header of a mono file with @p n bytes of audio */
void wav_header(uint8_t out[WAV_HEADER_SIZE], uint32_t rate, size_t n);

#endif
