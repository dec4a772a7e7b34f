/*
 * frame.h - what the service and its helper processes say to each other
 *
 * A stream of frames: a head, then `n` bytes. Both ends are the same program of
 * the same machine, so structures are sent as they are.
 */
#ifndef SPEECH_ENGINE_FRAME_H
#define SPEECH_ENGINE_FRAME_H

#include <stdint.h>

enum { FRAME_FD = 3 };                 /* of the helper's end */
enum { FRAME_MAX = 16 * 1024 * 1024 }; /* bytes behind a head */
enum { FRAME_VOICE_SIZE = 64 };

enum frame_type {
	FRAME_SPEAK = 1, /**< frame_speak and text; answered by PCM or FAILED */
	FRAME_PCM,       /**< 16 bit, mono, PLAN_RATE */
	FRAME_FAILED,
	FRAME_HEAR,  /**< frame_hear and hints, each with \n; no answer */
	FRAME_AUDIO, /**< 16 bit, mono; answered by TEXT */
	FRAME_END,   /**< of the utterance; answered by TEXT */
	FRAME_TEXT,  /**< frame_text and all that was heard so far */
	FRAME_READY  /**< empty; once, when a model to hear with is loaded */
};

struct frame_head {
	uint32_t type;
	uint32_t n;
};

struct frame_speak {
	uint32_t engine; /**< enum engine */
	uint32_t rate;   /**< percent */
	uint32_t pitch;  /**< percent */
	int32_t volume;  /**< [dB] */
	char voice[FRAME_VOICE_SIZE];
};

struct frame_hear {
	uint32_t rate;    /**< [Hz] of the audio that follows */
	uint32_t partial; /**< 1: tell what was heard so far */
};

enum { FRAME_GOING, FRAME_SILENT, FRAME_LAST }; /* of `ended` */

struct frame_text {
	uint32_t confidence_x1000; /**< 0 = unknown */
	uint32_t ended; /**< SILENT: after speech; LAST: FRAME_END's answer */
};

#endif
