/*
 * key_tone.h - keys as they sound: two tones at once (ITU-T Q.23)
 */
#ifndef MEDIA_CORE_KEY_TONE_H
#define MEDIA_CORE_KEY_TONE_H

#include <stddef.h>
#include <stdint.h>

/** Write @p n samples of the key 0-9 * # A-D; silence for another. */
void key_tone(char key, uint32_t rate, size_t n, int16_t *out);

#endif
