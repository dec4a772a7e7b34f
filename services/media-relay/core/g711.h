/*
 * g711.h - G.711: linear samples to and from A-law and mu-law (ITU-T G.711)
 */
#ifndef MEDIA_CORE_G711_H
#define MEDIA_CORE_G711_H

#include <stdint.h>

uint8_t g711_to_ulaw(int16_t sample);
uint8_t g711_to_alaw(int16_t sample);
int16_t g711_from_ulaw(uint8_t code);
int16_t g711_from_alaw(uint8_t code);

#endif
