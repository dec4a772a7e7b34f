/*
 * recording_wish.h - what the API wants to be recorded
 */
#ifndef CC_ADAPTERS_RECORDING_WISH_H
#define CC_ADAPTERS_RECORDING_WISH_H

#include "core/recording.h"
#include "envelope.pb-c.h"

/** Strings are borrowed from @p wish; @p source "OutboundAPI" … is static. */
void recording_wish(struct recording_spec *out, const char *source,
                    const Trestle__CallRecording *wish);

#endif
