/*
 * mono.h - the channels of a recording as one
 */
#ifndef SPEECH_CORE_MONO_H
#define SPEECH_CORE_MONO_H

#include <stddef.h>
#include <stdint.h>

#include "core/wav.h"

/** Mix by the mean. @p out has room for all frames. Pure. @return samples */
size_t mono_mix(const struct wav *wav, int16_t *out);

#endif
