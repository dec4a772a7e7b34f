/*
 * clip.h - audio made ready to be sent: encoded packets of one codec
 */
#ifndef MEDIA_CORE_CLIP_H
#define MEDIA_CORE_CLIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "codec.h"

/** Never changes once made, so that all threads read it */
struct clip {
	enum codec codec;
	uint32_t frame_ms;    /**< audio in a packet                     */
	uint32_t frame_ticks; /**< the same in the codec's RTP clock     */
	bool loop;            /**< a tone: starts again at its end       */
	size_t n_frames;
	const uint8_t *bytes;   /**< all payloads, one after another       */
	const uint32_t *starts; /**< n_frames + 1 offsets in bytes         */
};

#endif
