/*
 * sound_file.h - a sound file that comes in pieces, as linear mono samples
 *
 * WAVE and AIFF by libsndfile, MP3 by libmpg123, and what has no header: GSM
 * 06.10, mu-law and 16-bit samples. Samples come as soon as they can. Belongs
 * to one thread.
 */
#ifndef MEDIA_ADAPTERS_SOUND_FILE_H
#define MEDIA_ADAPTERS_SOUND_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sound_file;

enum { SOUND_FILE_MAX = 64 * 1024 * 1024 }; /* bytes */
enum { SOUND_CHANNELS_MAX = 8 };
enum { SOUND_RATE_MIN = 4000, SOUND_RATE_MAX = 192000 }; /* Hz */

enum sound {
	SOUND_SAMPLES, /**< some came                         */
	SOUND_HUNGRY,  /**< sound_file_feed() first           */
	SOUND_END,     /**< that was all                      */
	SOUND_BAD      /**< it can not be decoded (any more)  */
};

/**
 * @param type content type, "audio/mpeg"; "" = samples as they are
 * @param rate of such samples [Hz]
 * @return 0, ENOTSUP (not a type that is played, or rate) or ENOMEM
 */
int sound_file_alloc(struct sound_file **fp, const char *type, uint32_t rate);
void sound_file_free(struct sound_file *f); /**< NULL is a no-op */

/** The next piece, copied. @param last nothing follows
 *  @return 0, EFBIG (over SOUND_FILE_MAX) or ENOMEM */
int sound_file_feed(struct sound_file *f, const uint8_t *p, size_t n,
                    bool last);

/** The next samples, at most @p max. @param n how many came */
enum sound sound_file_read(struct sound_file *f, int16_t *out, size_t max,
                           size_t *n);

/** Of the samples that came last [Hz]; it may change in an MP3 */
uint32_t sound_file_rate(const struct sound_file *f);

#endif
