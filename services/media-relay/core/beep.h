/*
 * beep.h - what is heard before a recording begins
 */
#ifndef MEDIA_CORE_BEEP_H
#define MEDIA_CORE_BEEP_H

#include <stddef.h>
#include <stdint.h>

enum { BEEP_HZ = 1000, BEEP_MS = 400, BEEP_LEVEL = 8000 };
enum { BEEP_EDGE_MS = 10 }; /* in and out, against clicks */

/** Samples @p at, @p at + 1 … of it, silence behind its end.
 *  @param rate 8000 or 16000 [Hz] */
void beep_render(uint32_t rate, size_t at, int16_t *out, size_t n);

#endif
